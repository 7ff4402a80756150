import { DAY_MS, HOUR_MS } from '../../../core/calendar';
import {
  begin,
  EMPTY_JOURNAL,
  ended,
  isEmpty,
  planned,
  removed,
  type Kind,
  type Planned,
} from '../../../core/verify/journal';
import { type FoundResource, leftovers } from '../../../core/verify/leftovers';
import { resourceName, runBegan, runIdAt } from '../../../core/verify/names';
import { STEP_IDS } from '../../../core/verify/steps';

const NOW = Date.parse('2026-11-29T13:45:00Z');
const RUN = runIdAt(NOW, 'ab12cd');
const resource = (kind: Kind, more: Partial<Planned> = {}): Planned => ({
  runId: RUN,
  step: 'deny-latency',
  kind,
  name: resourceName(RUN, 'deny-latency'),
  region: 'us-east-1',
  account: '9012',
  ...more,
});
const found = (kind: Kind, more: Partial<FoundResource> = {}): FoundResource => ({
  kind,
  name: resourceName(RUN, 'deny-latency'),
  region: 'us-east-1',
  arn: `arn:${kind}`,
  runId: RUN,
  ...more,
});
const judge = (journal = EMPTY_JOURNAL, all: readonly FoundResource[] = [], mode: 'run' | 'clean' = 'run', now = NOW) =>
  leftovers(journal, all, { account: '9012', now, mode });

test('names say when and what, and fit IAM (64), Budgets (100) and Bedrock (64, no two separators in a row)', () => {
  expect(RUN).toBe('20261129T134500-ab12cd');
  expect(runBegan(RUN)).toBe(NOW);
  for (const name of [...STEP_IDS.map((id) => resourceName(RUN, id)), resourceName(RUN, 'budget-tag', 'prefixed')]) {
    expect(name.length).toBeLessThanOrEqual(64);
    expect(name).toMatch(/^([0-9a-zA-Z][ _-]?)+$/);
  }
  for (const wrong of ['', 'somebody', '20261329T134500-ab', '20261129T134500'])
    expect(runBegan(wrong)).toBeUndefined();
});

test('a role goes before the policy that it has, and that before the profile that it names', () => {
  const journal = (['budget', 'profile', 'policy', 'role'] as const).reduce(
    (all, kind) => planned(all, resource(kind)),
    EMPTY_JOURNAL,
  );
  expect(judge(journal).remove.map(({ kind }) => kind)).toEqual(['role', 'policy', 'profile', 'budget']);
});

test('what the journal names goes at once, with the ARN that was found where it has none', () => {
  const journal = planned(EMPTY_JOURNAL, resource('profile'));
  expect(judge(journal, [found('profile')]).remove).toMatchObject([
    { kind: 'profile', arn: 'arn:profile', planned: {} },
  ]);
});

test.each([
  ['role', 3 * HOUR_MS - 1, 0],
  ['role', 3 * HOUR_MS, 1],
  ['budget', 7 * DAY_MS - 1, 0],
  ['budget', 7 * DAY_MS, 1],
] as const)('a %s of a run that this journal does not know, %d ms later: %d go', (kind, later, count) => {
  const { remove, kept } = judge(EMPTY_JOURNAL, [found(kind)], 'run', NOW + later);
  expect([remove.length, kept.length]).toEqual([count, 1 - count]);
  expect(judge(EMPTY_JOURNAL, [found(kind)], 'clean', NOW).remove).toHaveLength(1);
});

test.each([undefined, 'not a run'])('with the tag %p it is somebody else’s, also for --clean', (runId) => {
  const { runId: _own, ...without } = found('role');
  const one = runId === undefined ? without : { ...without, runId };
  expect(judge(EMPTY_JOURNAL, [one], 'clean')).toMatchObject({
    remove: [],
    kept: [expect.stringContaining('by hand')],
  });
});

test('a name that only looks like one is not looked at', () => {
  expect(judge(EMPTY_JOURNAL, [found('role', { name: 'my-spend-guard-verify-x' })], 'clean')).toEqual({
    remove: [],
    kept: [],
  });
});

test('budgets wait for a step that has begun to the end, and not for one that was cut off', () => {
  const journal = planned(EMPTY_JOURNAL, resource('budget', { waits: true }));
  const begun = { step: 'budget-tag', runId: RUN, environment: 'dev', account: '9012', at: NOW } as const;
  expect(judge(journal).remove).toHaveLength(1);
  expect(judge(begin(journal, begun))).toMatchObject({ remove: [], kept: [expect.stringContaining('a later run')] });
  expect(judge(begin(journal, begun), [], 'clean').remove).toHaveLength(1);
});

test('the same profile name in another Region is another one; a role is of none', () => {
  const journal = planned(EMPTY_JOURNAL, resource('profile'));
  expect(judge(journal, [found('profile', { region: 'eu-west-1' })], 'clean').remove).toHaveLength(2);
  const roles = planned(EMPTY_JOURNAL, resource('role', { region: 'eu-west-1' }));
  expect(judge(roles, [found('role')], 'clean').remove).toHaveLength(1);
});

test('the journal keeps one entry for each, and is empty in the end', () => {
  const one = resource('role');
  const begun = { step: 'budget-tag', runId: RUN, environment: 'dev', account: '9012', at: NOW } as const;
  let journal = planned(planned(EMPTY_JOURNAL, one), { ...one, arn: 'arn' });
  expect(journal.resources).toEqual([{ ...one, arn: 'arn' }]);
  journal = begin(begin(journal, begun), { ...begun, at: NOW + 1 });
  expect(journal.begun).toEqual([{ ...begun, at: NOW + 1 }]);
  expect(isEmpty(journal)).toBe(false);
  expect(isEmpty(ended(removed(journal, one), begun))).toBe(true);
});
