import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BudgetsClient } from '@aws-sdk/client-budgets';
import { IAMClient } from '@aws-sdk/client-iam';
import { DAY_MS } from '../../core/calendar';
import { BILLING_TAG } from '../../core/tags';
import type { PolicyDocument } from '../../core/enforcement/switch-document';
import { NAME_PREFIX } from '../../core/verify/names';
import { isSealed } from '../../core/verify/record';
import { temporaryProfiles } from '../../lambda/adapters/bedrock/temporary-profiles';
import { temporaryBudgets } from '../../lambda/adapters/budgets/temporary-budgets';
import { temporaryRoles } from '../../lambda/adapters/iam/temporary-roles';
import { sha256 } from '../../lambda/digest';
import { ACCOUNT, REGION } from '../../local/emulator';
import { ROOT } from '../../local/python';
import { IamActions } from '../helpers/iam-actions';
import { GUARD_SERVICES } from '../helpers/iam-stack';
import { roleWith } from './emulator/support';
import { LocalGuard } from './support/local-guard';
import { CONFIG } from './support/tiers';
import { Verifier } from './support/verifier';

/**
 * `spend-guard verify` as people run it, under exactly the policy that it prints. The tests follow one another: budgets that one has begun
 * are read by a later one, and the last is about what all of them have used.
 */
const guard = new LocalGuard();
const LEGACY = 'meta.llama3-1-8b-instruct-v1:0';
const ACTIVE = { TagKey: BILLING_TAG, Type: 'UserDefined', Status: 'Active' };
const STEPS = ['--legacy-model', LEGACY];
let policy: PolicyDocument;
let person: Verifier;

beforeAll(async () => {
  await guard.start();
  await guard.deploy('dev');
  const { control } = guard.aws;
  await control.setMetrics({ delaySeconds: 2, listDelaySeconds: 5 });
  await control.streams(0.5);
  await control.legacyModels({ [LEGACY]: { profiles: false } });
  await control.costExplorer({ results: [], tags: [ACTIVE] });
  const printed = await new Verifier(guard.aws, CONFIG).run('--policy', '--json', ...STEPS);
  policy = (JSON.parse(printed.stdout) as { policy: PolicyDocument }).policy;
  const roleArn = await roleWith(guard.aws, policy.Statement as never, 'verifier');
  person = new Verifier(guard.aws, CONFIG, await guard.aws.credentialsFor(roleArn));
});
afterAll(() => guard.stop());

/** Names of all that there is of any run. */
async function left(): Promise<readonly string[]> {
  const iam = temporaryRoles(guard.aws.client(IAMClient));
  const budgets = temporaryBudgets({ account: ACCOUNT, partition: 'aws' }, guard.aws.client(BudgetsClient));
  const profiles = temporaryProfiles(() => guard.aws.client(BedrockClient));
  const all = [
    await iam.roles(),
    await iam.policies(),
    await profiles.list(REGION, NAME_PREFIX),
    await budgets.list(NAME_PREFIX),
  ];
  return all.flat().map(({ name }) => name);
}

test('all steps are settled or begun, in numbers, and all that was made for them is gone', async () => {
  const { exitCode, output } = await person.run('--yes', 'all', '--page', person.page, ...STEPS);
  const { record } = person;
  expect({ exitCode, failed: record.steps.filter(({ outcome }) => outcome === 'failed') }).toEqual({
    exitCode: 0,
    failed: [],
  });
  const verdicts = record.steps.flatMap(({ findings }) => findings.map(({ row, verdict }) => [row, verdict] as const));
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
  expect(isSealed(record, sha256)).toBe(true);
  expect(readFileSync(person.out, 'utf8')).not.toContain(ACCOUNT);
  for (const { worstCost, reckonedCost } of record.steps) expect(reckonedCost).toBeLessThanOrEqual(worstCost);
  const delay = record.steps.find(({ step }) => step === 'metric-delay')!.numbers;
  expect(delay['counted']).toBe(20);
  expect(delay['delayP50Ms']).toBeGreaterThanOrEqual(2_000);
  const budgets = (await left()).toSorted();
  expect(budgets.map((name) => name.replace(/^.*-budget/, 'budget'))).toEqual([
    'budget-tag-plain',
    'budget-tag-prefixed',
  ]);
  expect(output).toContain(`${budgets[0]}: waits for the next run of its step`);
});

test('what stands in for AWS shows nothing of an account: the page is not changed by it', () => {
  expect(person.record.endpoint).toBe(guard.aws.endpoint);
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', 'scripts/verified.ts', person.out], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('which is not AWS')]);
  expect(readFileSync(person.page, 'utf8')).toContain('which is not AWS');
});

test('later runs read the budgets, and the one that settles them removes them', async () => {
  const [plain] = (await left()).toSorted();
  const day = new Date().toISOString().slice(0, 10);
  const line = { day, tag: 'dev', service: 'Amazon Bedrock', usageType: 'tokens', usd: 3 };
  await guard.aws.control.costExplorer({ rows: [line], tags: [ACTIVE] });
  person.aged(1.5 * DAY_MS);
  await person.run('--yes', 'budget-tag');
  expect(person.record.steps).toMatchObject([
    {
      outcome: 'begun',
      findings: [{ verdict: 'unsettled', text: expect.stringContaining('Cost Explorer has $3.00') }],
    },
  ]);
  await guard.aws.control.spend(plain!, 2);
  const { exitCode } = await person.run('--yes', 'budget-tag');
  expect(exitCode).toBe(0);
  expect(person.record.steps).toMatchObject([
    { step: 'budget-tag', outcome: 'done', findings: [{ row: 'tag-key', verdict: 'shown' }] },
  ]);
  expect(await left()).toEqual([]);
  expect(person.journal).toBeUndefined();
});

test.each([
  ['role', 'deny-latency'],
  ['policy', 'deny-latency'],
  ['budget', 'budget-tag'],
])('a process killed once it plans a %s leaves nothing after --clean', async (kind, step) => {
  await person.killedWhen(({ resources }) => resources.some((one) => one.kind === kind), '--yes', step);
  const { exitCode, output } = await person.run('--clean', '--yes', 'all');
  expect([exitCode, output]).toEqual([0, expect.stringContaining(`removed ${kind} ${NAME_PREFIX}`)]);
  expect(await left()).toEqual([]);
  expect(person.journal).toBeUndefined();
});

test('what is left is found by its tag where the journal is lost', async () => {
  await person.killedWhen(
    ({ resources }) => resources.some(({ arn, kind }) => kind === 'policy' && arn),
    '--yes',
    'deny-latency',
  );
  expect(await left()).toHaveLength(3);
  person.loseJournal();
  await person.run('--yes', 'budget-tag');
  expect((await left()).length).toBe(5);
  person.loseJournal();
  expect((await person.run('--clean', '--yes', 'all')).exitCode).toBe(0);
  expect(await left()).toEqual([]);
});

test('the policy grants all that was done and nothing that was not used; only denies were meant to refuse', async () => {
  const uses = (await guard.aws.control.uses()).filter(({ principal }) =>
    principal.includes(':assumed-role/verifier/'),
  );
  expect(uses.filter(({ allowed }) => !allowed)).toEqual([]);
  const iam = await IamActions.load([...GUARD_SERVICES, 'ce']);
  const used = new Set(uses.map(({ action }) => action));
  const granted = policy.Statement.flatMap(({ Action }) => Action as string | readonly string[]);
  expect([...new Set(granted)].filter((action) => !used.has(action))).toEqual([]);
  expect([...used].filter((action) => !granted.includes(action) && action !== 'sts:GetCallerIdentity')).toEqual([]);
  for (const action of granted) expect(iam.matching(action)).toHaveLength(1);
});
