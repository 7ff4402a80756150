import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { usd } from '../../../core/money';
import { CliWorld } from '../world';

const HEADER = 'time,model,inputTokens,outputTokens';
const NOVA = 'amazon.nova-lite-v1:0';
const folder = mkdtempSync(path.join(tmpdir(), 'usage-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function saved(content: string, extension = 'csv'): string {
  files += 1;
  const file = path.join(folder, `usage-${files}.${extension}`);
  writeFileSync(file, content);
  return file;
}

const simulate = (content: string, ...args: string[]) =>
  new CliWorld().run('simulate', '--usage', saved(content), '--env', 'dev', ...args);

/** Nova Lite: $0.06 a million input tokens. */
const dollars = (amount: number) => Math.round((amount / 0.06) * 1_000_000);

describe('simulate --usage', () => {
  test('days and calls are told apart by what stands in their time, and priced by the catalogue', async () => {
    const rows = [
      `2026-11-02T10:00:00Z,${NOVA},${dollars(1)},0`,
      `2026-11-03,us.${NOVA},${dollars(2)},0`,
      `2026-11-04T10:11:12.5+01:00,${NOVA},${dollars(0.5)},0`,
    ];
    const { exitCode, json } = await simulate([HEADER, ...rows, ''].join('\n'), '--json');
    expect(exitCode).toBe(0);
    const [dev] = json().environments;
    expect(Math.abs(dev.spent - usd(3.5))).toBeLessThan(400);
    expect(dev.byDay.map(({ day }: { day: string }) => day)).toEqual(['2026-11-02', '2026-11-03', '2026-11-04']);
  });

  test('an overrun is announced, stopped, and what is denied is counted', async () => {
    const rows = Array.from(
      { length: 20 },
      (_, day) => `2026-11-${String(day + 1).padStart(2, '0')},${NOVA},${dollars(5)},0`,
    );
    const { stdout } = await simulate([HEADER, ...rows].join('\n'));
    expect(stdout).toMatch(/mail: 50% of \$50\.00 reached/);
    expect(stdout).toMatch(/-> stopped: spend 95\.\d% >= 95\.0%/);
    expect(stdout).toMatch(/2026-11 {2}spent \$47\.\d\d, denied \$52\.\d\d/);
  });

  test.each([
    ['time,model,inputTokens\n', /line 1: column 'outputTokens' is missing/],
    [`time,model,costUsd\n2026-11-02,${NOVA},5\n`, /the table holds cost only: a usage is in tokens/],
    [`${HEADER},prompt_tokens\n2026-11-02,${NOVA},1,1,1\n`, /"inputTokens" and "prompt_tokens" both mean inputTokens/],
    [
      `${HEADER}\n2026-11-02,${NOVA},-1,1\n`,
      /line 2: inputTokens must be a whole number of tokens, 0 or more, got "-1"/,
    ],
    [`${HEADER}\n2026-11-02,${NOVA},1.5,1\n`, /line 2: inputTokens .* got "1\.5"/],
    [`${HEADER}\n2026-11-02,${NOVA},,1\n`, /line 2: inputTokens .* got ""/],
    [`${HEADER}\n\n2026-11-02,unheard.of,1,1\n`, /unknown model "unheard\.of"; known: .*nova-lite/],
    [`${HEADER}\nyesterday,${NOVA},1,1\n`, /line 2: time must be ISO with its zone/],
    [`${HEADER}\n2026-11-02T10:00:00,${NOVA},1,1\n`, /line 2: time must be ISO with its zone/],
    [`${HEADER}\n2026-11-02,${NOVA},1,1,9\n`, /line 2: 5 cells where the rows before it have 4/],
    [`${HEADER}\n`, /no row/],
    ['[{"time":"2026-11-02"}]', /\[0\]: column 'model' is missing/],
    ['[1]', /\[0\]: must be an object/],
    ['{"a":1}', /no known format has the names a; known are .*GetMetricData/],
    ['[{]', /no JSON/],
  ])('%j is refused by name and place, and nothing is guessed', async (content, expected) => {
    const { exitCode, stderr } = await simulate(content);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(expected);
  });

  test('every bad row is named, the first twenty in full', async () => {
    const rows = Array.from({ length: 25 }, () => `2026-11-02,${NOVA},x,1`);
    const { stderr } = await simulate([HEADER, ...rows].join('\n'));
    expect(stderr).toContain('25 wrong');
    expect(stderr).toContain('line 21: inputTokens');
    expect(stderr).toContain('and 5 more');
  });

  test('a file that is not there', async () => {
    const { exitCode, stderr } = await new CliWorld().run('simulate', '--usage', path.join(folder, 'none.csv'));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('no such file')]);
  });

  describe("CloudWatch's own answer", () => {
    const result = (over: object = {}) => ({
      Id: 'a',
      Label: `${NOVA} InputTokenCount`,
      Timestamps: ['2026-11-02T10:00:00Z', '2026-11-02T11:00:00Z'],
      Values: [dollars(1), dollars(2)],
      StatusCode: 'Complete',
      ...over,
    });

    test('is read by its labels', async () => {
      const { json } = await simulate(JSON.stringify({ MetricDataResults: [result()] }), '--period', '1h', '--json');
      expect(json().environments[0].spent).toBeGreaterThanOrEqual(usd(3));
    });

    test.each([
      [{ StatusCode: 'PartialData' }, /StatusCode is PartialData, not Complete/],
      [{ Label: 'InputTokenCount' }, /names no model/],
      [{ Label: NOVA }, /names no token metric/],
      [{ Values: [1] }, /2 timestamps and 1 values/],
      [{ Values: [1, -1] }, /Values\[1\] must be a whole number/],
      [{ Timestamps: ['x', '2026-11-02T11:00:00Z'] }, /Timestamps\[0\] must be ISO/],
    ])('%j is refused', async (over, expected) => {
      const { exitCode, stderr } = await simulate(
        JSON.stringify({ MetricDataResults: [result(over)] }),
        '--period',
        '1h',
      );
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(expected);
    });

    test('a further page is asked for', async () => {
      const answer = JSON.stringify({ MetricDataResults: [result()], NextToken: 'x' });
      const { stderr } = await simulate(answer, '--period', '1h');
      expect(stderr).toContain('further pages');
    });
  });
});

describe('backtest', () => {
  const usage = saved(
    [
      HEADER,
      ...Array.from({ length: 20 }, (_, day) => `2026-11-${String(day + 1).padStart(2, '0')},${NOVA},${dollars(5)},0`),
    ].join('\n'),
  );
  const shipped = path.resolve(__dirname, '../../../config/budget-tiers.ts');

  test('the shipped configuration against one with twice the limit: what is saved, and what is denied', async () => {
    const other = path.join(folder, 'other.ts');
    writeFileSync(
      other,
      `import shipped from ${JSON.stringify(shipped)};
       const { dev } = shipped.environments;
       export default { ...shipped, environments: { dev: { ...dev, monthlyLimitUsd: 200 } } };`,
    );
    const { exitCode, stdout, stderr } = await new CliWorld().run(
      'backtest',
      shipped,
      other,
      '--env',
      'dev',
      '--usage',
      usage,
    );
    expect(stderr).not.toContain('rror');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/spent {3}\$47\.\d\d -> \$100\.\d\d \(\$52\.\d\d more\)/);
    expect(stdout).toMatch(/stops 1 -> 0/);
    expect(stdout).toContain('never stops');
  });

  test('a git ref is read with the code of this version', async () => {
    const { exitCode, stdout } = await new CliWorld().run(
      'backtest',
      'HEAD',
      shipped,
      '--env',
      'dev',
      '--usage',
      usage,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('HEAD:');
  });

  test.each([
    [['nowhere', shipped, '--env', 'dev', '--usage', usage], 'nowhere: neither a config file nor a git ref'],
    [[shipped, shipped, '--env', 'dev'], '--usage: needed'],
    [[shipped, shipped, '--usage', usage], 'acts on one environment'],
  ])('%j is refused', async (args, expected) => {
    const { exitCode, stderr } = await new CliWorld().run('backtest', ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(expected);
  });
});
