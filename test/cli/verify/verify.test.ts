import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ServiceError } from '../../../core/errors';
import { isSealed } from '../../../core/verify/record';
import { STEP_IDS } from '../../../core/verify/steps';
import { sha256 } from '../../../lambda/digest';
import { ACCOUNT } from '../../helpers/health-world';
import { NOTHING_LEFT, removeFolders, VerifyWorld } from './verify-world';

afterEach(removeFolders);

const LEGACY = 'meta.llama3-1-8b-instruct-v1:0';
const WORDS =
  'This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days';
const refusal = (text: string) =>
  new ServiceError('notFound', 'ResourceNotFoundException', text, 404, { reason: { kind: 'legacy' } });

describe('consent', () => {
  test('without a terminal and without --yes nothing is done', async () => {
    const world = new VerifyWorld();
    const { exitCode, stderr } = await world.verified();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/no terminal.*name steps with --yes all or --yes ID,ID/);
    expect(world.verify.calls).toBe(0);
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
    expect(() => world.record).toThrow('ENOENT');
    expect(world.journal).toBeUndefined();
  });

  test('each step is asked for, after what it makes, calls and costs was said', async () => {
    const world = new VerifyWorld();
    world.answers = ['n', 'n', 'n', 'n', 'n', 'n'];
    const { exitCode, stdout } = await world.verified();
    expect(exitCode).toBe(3);
    expect(world.asked).toHaveLength(STEP_IDS.length);
    for (const [at, id] of STEP_IDS.entries()) {
      expect(world.asked[at]).toMatch(new RegExp(`^Run ${id}, for .*\\$\\d.* at worst\\? \\[y/N\\] $`));
      expect(stdout).toContain(`${id}: `);
    }
    expect(stdout).toMatch(/All of them cost \$0\.\d\d at worst/);
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });

  test('a step that is declined is left out, and the others run', async () => {
    const world = new VerifyWorld();
    world.answers = ['n', 'y'];
    await world.verified('--step', 'metric-names,listing-delay');
    expect(world.record.steps.map(({ step }) => step)).toEqual(['listing-delay']);
  });

  test('--yes with steps runs these and asks for no others', async () => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'listing-delay');
    expect(world.asked).toEqual([]);
    expect(world.record.steps.map(({ step }) => step)).toEqual(['listing-delay']);
  });

  test('--plan says it all, and asks neither a person nor AWS', async () => {
    const world = new VerifyWorld();
    world.refusal = new ServiceError('accessDenied', 'AccessDenied', 'no');
    const { exitCode, stdout } = await world.verified('--plan');
    expect(exitCode).toBe(0);
    for (const id of STEP_IDS) expect(stdout).toContain(`${id}: `);
    expect(world.asked).toEqual([]);
  });

  test('--policy prints what the steps need, and makes nothing', async () => {
    const world = new VerifyWorld();
    const { exitCode, stdout, stderr } = await world.verified('--policy', '--step', 'metric-delay');
    expect([exitCode, stderr]).toEqual([0, '']);
    const { Statement } = JSON.parse(stdout) as { Statement: readonly { Action: string | string[] }[] };
    expect(Statement.flatMap(({ Action }) => Action).toSorted()).toEqual([
      ...['bedrock:CreateInferenceProfile', 'bedrock:CreateInferenceProfile', 'bedrock:DeleteInferenceProfile'],
      ...['bedrock:InvokeModel', 'bedrock:InvokeModel', 'bedrock:ListInferenceProfiles', 'bedrock:ListTagsForResource'],
      ...['bedrock:TagResource', 'cloudwatch:GetMetricData'],
    ]);
    expect(stdout).toContain(ACCOUNT);
    expect(world.asked).toEqual([]);
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });

  test('--policy says where whoever has it may do more', async () => {
    const { stderr } = await new VerifyWorld().verified('--policy');
    expect(stderr).toMatch(
      /deny-latency: whoever has this may make a role, and give it any permission; give it to administrators/,
    );
  });

  test.each([
    [['--step', 'metric-name'], /--step metric-name: no step 'metric-name'; allowed: metric-names, .*or all/],
    [['--yes', 'everything'], /--yes everything: no step 'everything'; allowed: metric-names/],
    [['--at-most', 'much'], /--at-most much: not an amount; allowed: dollars up to 9999, such as 1 or 0.25/],
    [['--at-most', '-1'], /--at-most/],
    [['--legacy-model', 'a b'], /--legacy-model a b: not the id of a model/],
    [['--out', '/nowhere/at/all.json'], /--out \/nowhere\/at\/all.json: there is no folder/],
    [['--page', '/nowhere/page.md', '--yes', 'all'], /--page \/nowhere\/page.md: there is no folder/],
  ])('%j is refused', async (args, why) => {
    const world = new VerifyWorld();
    const { exitCode, stderr } = await world.verified(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(why);
    expect(world.verify.calls).toBe(0);
  });

  test('a step that would pass --at-most is refused, one that fits beside it is not', async () => {
    const world = new VerifyWorld();
    const { stdout } = await world.verified('--at-most', '0.015', '--yes', 'all', '--step', 'metric-names,budget-tag');
    expect(stdout).toMatch(/refused: with what comes before it, it could cost more than \$0\.02 \(--at-most\)/);
    expect(world.record.steps.map(({ step }) => step)).toEqual(['budget-tag']);
  });

  test('where none is left nothing is done', async () => {
    const world = new VerifyWorld();
    const { exitCode, stderr } = await world.verified('--at-most', '0', '--yes', 'all');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/raise --at-most/);
  });
});

describe('a run', () => {
  test('settles its steps, removes what it made, and seals the record', async () => {
    const world = new VerifyWorld();
    world.verify.refusals.set(LEGACY, refusal(WORDS));
    world.verify.profiles.refusalOf = (source) => (source.endsWith(LEGACY) ? refusal(WORDS) : undefined);
    const page = path.join(world.folder, 'page.md');
    const { stdout } = await world.verified(
      '--yes',
      'all',
      '--legacy-model',
      LEGACY,
      '--page',
      page,
      '--signed-by',
      'Ana',
    );
    const { record } = world;
    expect(isSealed(record, sha256)).toBe(true);
    expect(record).toMatchObject({
      schemaVersion: 1,
      signedBy: 'Ana',
      region: 'us-east-1',
      environment: 'dev',
      endpoint: 'aws',
    });
    const verdicts = record.steps.flatMap(({ findings }) => findings.map(({ row, verdict }) => [row, verdict]));
    expect(Object.fromEntries(verdicts)).toEqual({
      'metric-names': 'shown',
      'own-series': 'shown',
      'listing-delay': 'shown',
      'metric-delay': 'shown',
      'deny-latency': 'shown',
      stream: 'shown',
      'tag-key': 'unsettled',
      'legacy-words': 'shown',
      'legacy-profile': 'shown',
    });
    expect(world.verify.left()).toEqual({ ...NOTHING_LEFT, budget: 2 });
    for (const name of ['profile', 'role', 'policy', 'budget'])
      expect(stdout).toContain(`  ${name} spend-guard-verify-`);
    expect(stdout).toContain('budget-tag-plain: waits for the next run of its step');
    expect(readFileSync(page, 'utf8')).toContain(
      'trap 46: how late ListMetrics shows a new series | **shown in an account on',
    );
  });

  test('numbers are those of the account, a twentieth too long at the most', async () => {
    const world = new VerifyWorld();
    // The last one, after the one of listing-delay.
    world.verify.metricDelayMs = (call) => (call === 20 ? 110_000 : 60_000);
    await world.verified('--yes', 'metric-delay,deny-latency,listing-delay');
    const close = (value: number, true_: number) => {
      expect(value).toBeGreaterThanOrEqual(true_);
      expect(value).toBeLessThanOrEqual(true_ * 1.06 + 500);
    };
    const { numbers } = world.step('deny-latency');
    close(numbers['refusedP95Ms']!, 4_000);
    close(numbers['answeredAgainMaxMs']!, 6_000);
    close(world.step('listing-delay').numbers['listedAfterMs']!, 180_000);
    close(world.step('metric-delay').numbers['delayP50Ms']!, 60_000);
    close(world.step('metric-delay').numbers['delayMaxMs']!, 110_000);
  });

  test('a deny is in effect once calls in a row say so, and not when the first one does', async () => {
    const world = new VerifyWorld();
    world.verify.flickers = [600, 8_000];
    await world.verified('--yes', 'deny-latency');
    const { numbers } = world.step('deny-latency');
    expect(numbers['refusedP50Ms']).toBeGreaterThanOrEqual(12_000);
    expect(numbers['refusedMaxMs']).toBeLessThan(14_000);
  });

  test("what others have used of the model before is not taken for the run's", async () => {
    const world = new VerifyWorld();
    for (const ModelId of ['amazon.nova-lite-v1:0', 'amazon.nova-micro-v1:0']) {
      const id = { namespace: 'AWS/Bedrock', region: 'us-east-1', metric: 'InputTokenCount', dimensions: { ModelId } };
      world.verify.usage.record(id, world.now, 1_000);
    }
    await world.verified('--yes', 'metric-names');
    expect(world.step('metric-names').findings[1]).toMatchObject({ row: 'own-series', verdict: 'shown' });
  });

  test("the account's number is in full only where it is wanted, and the session's name nowhere", async () => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'metric-names');
    const text = readFileSync(world.out, 'utf8');
    expect(text).not.toContain(ACCOUNT);
    expect(world.record.account).toBe(ACCOUNT.slice(-4));
    expect(world.record.caller).toBe(`arn:aws:sts::********${ACCOUNT.slice(-4)}:assumed-role/health-check`);
    await world.verified('--yes', 'metric-names', '--with-account');
    expect(world.record.account).toBe(ACCOUNT);
    expect(isSealed(world.record, sha256)).toBe(true);
  });

  test('an edit of the record shows', async () => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'metric-names');
    const edited = { ...world.record, signedBy: 'somebody else' };
    expect(isSealed(edited, sha256)).toBe(false);
  });

  test('what stands in for AWS is told', async () => {
    const world = new VerifyWorld();
    world.verify.endpoint = 'http://localhost:4599';
    const { stdout } = await world.verified('--yes', 'metric-names');
    expect(world.record.endpoint).toBe('http://localhost:4599');
    expect(stdout).toContain('it shows nothing of an account of AWS');
    expect(stdout).not.toContain('npm run verified');
  });

  test('a step that fails says what is missing, and the next one runs', async () => {
    const world = new VerifyWorld();
    const denied = new ServiceError('accessDenied', 'AccessDenied', 'not authorized to perform: iam:CreateRole', 403);
    world.verify.roles.createRole = async () => Promise.reject(denied);
    world.verify.refusals.set(LEGACY, refusal(WORDS));
    const { exitCode, stdout } = await world.verified('--yes', 'deny-latency,legacy-refusal', '--legacy-model', LEGACY);
    expect(exitCode).toBe(4);
    expect(world.step('deny-latency')).toMatchObject({ outcome: 'failed', findings: [] });
    expect(stdout).toMatch(
      /AccessDenied: not authorized to perform: iam:CreateRole; spend-guard verify --policy --step deny-latency/,
    );
    expect(world.step('legacy-refusal').outcome).toBe('done');
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });

  test('what cannot be removed is named, and stays in the journal', async () => {
    const world = new VerifyWorld();
    world.verify.profiles.remove = async () =>
      Promise.reject(new ServiceError('accessDenied', 'AccessDenied', 'no DeleteInferenceProfile', 403));
    const { exitCode, stdout } = await world.verified('--yes', 'metric-names');
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(
      /profile spend-guard-verify-\S+-metric-names: could not be removed \(AccessDenied: no DeleteInferenceProfile\)/,
    );
    expect(world.journal?.resources).toHaveLength(1);
  });

  test('somebody who ends it gets the record of what was done, and nothing is left', async () => {
    const world = new VerifyWorld();
    let end = () => {};
    world.stopAsked = () => new Promise((resolve) => (end = () => resolve()));
    world.whileSleeping = () => void (world.verify.left().role > 0 && end());
    // A signal comes between two turns of the process, of which virtual time has none.
    world.around = (services) => ({
      ...services,
      sleep: async (ms) => {
        await services.sleep(ms);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    const { exitCode } = await world.verified('--yes', 'metric-names,deny-latency,legacy-refusal');
    expect(exitCode).toBe(4);
    expect(world.record.steps.map(({ step, outcome }) => [step, outcome])).toEqual([
      ['metric-names', 'done'],
      ['deny-latency', 'failed'],
    ]);
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
    expect(world.journal).toBeUndefined();
  });

  test('credentials of another account than the config names are refused before anything is made', async () => {
    const world = new VerifyWorld();
    const config = path.join(world.folder, 'tiers.ts');
    writeFileSync(
      config,
      `import shipped from '${path.resolve('config/budget-tiers')}';
       export default { ...shipped, environments: { dev: { ...shipped.environments.dev, account: '999999999999' } } };`,
    );
    const { exitCode, stderr } = await world.verified('--yes', 'metric-names', '--config', config);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/dev is in account 999999999999, and these credentials are of 111122223333/);
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });
});
