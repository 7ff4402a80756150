import { utcMonth } from '../../../core/calendar';
import {
  contradictionKey,
  enforcementWording,
  openNames,
  type EnforcementAlert,
} from '../../../core/enforcement/alerts';
import type { Drift } from '../../../core/enforcement/plan';
import type { ModelSpend } from '../../../core/meter';
import { usd } from '../../../core/money';
import { mailLines } from '../../../core/notice';

/** As the mail has it. */
const mailed = (alert: EnforcementAlert) => {
  const said = enforcementWording(alert);
  return { title: said.title, lines: mailLines(said) };
};
const wording = (alert: EnforcementAlert) => {
  const { title, lines } = mailed(alert);
  return [title, ...lines].join('\n');
};
const drifted = (...drift: readonly Drift[]) => wording({ kind: 'drift', drift, enforced: 'stopped' });

test.each<[Drift, string]>([
  [
    { kind: 'flipped', found: 'open', expected: 'stopped' },
    'the version for open had been put in effect in place of the one for stopped.',
  ],
  [
    { kind: 'flipped', expected: 'stopped' },
    "a version that is not the guard's had been put in effect in place of the one for stopped.",
  ],
  [{ kind: 'edited', ids: ['v6'] }, "v6 of the switch is not the guard's text: taken away."],
  [{ kind: 'edited', ids: ['v6', 'v7'] }, "v6, v7 of the switch are not the guard's text: taken away."],
  [{ kind: 'deleted', state: 'stopped' }, 'The version for stopped had been deleted: it is written again.'],
  [
    { kind: 'detached', principal: { kind: 'role', name: 'app' } },
    'The switch had been detached from role app: it is attached again.',
  ],
])('what somebody did is told, and what the state is: %j', (drift, line) => {
  expect(drifted(drift).split('\n')).toContain(line);
  expect(drifted(drift)).toContain('The state is stopped.');
});

test.each([
  ['open', 'Nothing must be stopped now.'],
  ['stopped', 'The state is stopped, but not for everybody:'],
] as const)('who has no switch is told with IAM’s reason, also while %s', (enforced, line) => {
  const open = [{ principal: { kind: 'user', name: 'ann' }, why: 'LimitExceededException' }] as const;
  const text = wording({ kind: 'partial', open, enforced });
  expect(text).toContain('no switch, no stop: user ann');
  expect(text).toContain(line);
  expect(text).toContain('user ann: the switch could not be attached (LimitExceededException).');
});

test.each([true, false])(
  'what Budgets has left is told with the command that takes it off each; lifted: %s',
  (lift) => {
    const holders = (['role', 'user', 'group'] as const).map((kind) => ({ kind, name: 'x' }));
    const text = wording({ kind: 'billLeftover', policyArn: 'arn:bill', holders, lift });
    for (const kind of ['role', 'user', 'group']) {
      expect(text).toContain(`aws iam detach-${kind}-policy --${kind}-name x --policy-arn arn:bill`);
    }
    expect(text).toContain('deny-bill is left on role x, user x, group x');
    expect(text).toContain('none of its actions is executed any more');
    expect(text.includes('it is detached now')).toBe(lift);
  },
);

test.each([
  ['drift', { kind: 'drift', drift: [], enforced: 'stopped' }, ['npx spend-guard resume']],
  ['partial', { kind: 'partial', open: [], enforced: 'stopped' }, ['spend-meter-partial']],
  ['complete', { kind: 'complete', enforced: 'stopped' }, ['everybody has the switch', 'The state is stopped.']],
  ['leak', { kind: 'leak', leaks: [] }, ['CRITICAL', 'Every guarded principal is denied', 'spend-meter-leak']],
  ['batch', { kind: 'batch', stopped: [], failed: [] }, ['submit it again after the resume']],
] as const)('%s tells what follows from it, or where to read on', (_kind, alert, told) => {
  for (const part of told) expect(wording(alert)).toContain(part);
});

test('who has no switch is named once and in order, however often IAM has refused: the same names are paged once', () => {
  const open = (['user ann', 'role zoe', 'role app', 'user ann'] as const).map((text) => {
    const [kind, name] = text.split(' ') as ['user' | 'role', string];
    return { principal: { kind, name }, why: 'x' };
  });
  expect(openNames(open)).toEqual(['role app', 'role zoe', 'user ann']);
  expect(mailed({ kind: 'partial', open, enforced: 'stopped' }).title).toContain('role app, role zoe, user ann');
});

test('a leak is told by model, metric and Region, each with what it has cost since', () => {
  const leak = (modelId: string, region: string, dollars: number) => ({
    model: { modelId, metricId: `us.${modelId}`, region } as ModelSpend,
    amount: usd(dollars),
  });
  const { title, lines } = mailed({
    kind: 'leak',
    leaks: [leak('nova', 'us-east-1', 3), leak('opus', 'eu-west-1', 0.5)],
  });
  expect(title).toContain('nova, opus');
  expect(lines).toContain('nova (us.nova) in us-east-1: $3.00 since the stop.');
  expect(lines).toContain('opus (us.opus) in eu-west-1: $0.50 since the stop.');
});

test.each([
  [1, [], 'batch jobs stopped: 1'],
  [2, ['batch job x (ThrottlingException)'], 'batch jobs stopped: 2, failed: 1'],
  [0, ['the batch jobs in us-east-1 (Throttling)', 'batch job x (y)'], 'batch jobs stopped: 0, failed: 2'],
])('%i batch jobs are stopped, and not %j: each is told', (count, failed, title) => {
  const stopped = Array.from({ length: count }, (_, at) => ({ name: `job${at}`, modelId: 'm', arn: '', roleArn: '' }));
  const told = mailed({ kind: 'batch', stopped, failed });
  expect(told.title).toBe(title);
  for (const { name } of stopped) expect(told.lines).toContain(`${name} (m): stopped. What it has done is paid for.`);
  for (const what of failed) {
    expect(told.lines).toContain(`${what}: could not be stopped. It is tried again every minute.`);
  }
  expect(told.lines).toHaveLength(count + failed.length + 1);
});

test.each([
  ['reverse', 'the budgets action is reversed', 'the budgets action could not be reversed', true],
  ['reset', 'the budgets action is armed again', 'the budgets action could not be armed again', false],
] as const)('what was done to the budgets action is told with its reason: %s', (did, done, not, isOff) => {
  const told = mailed({ kind: 'billAction', did, why: 'a new month has begun' });
  expect(told.title).toBe(done);
  expect(told.lines[0]).toBe('Because a new month has begun.');
  // Until it is armed again nothing of AWS Budgets stops anybody.
  expect(told.lines.slice(1)).toEqual(isOff ? [expect.stringContaining('it does not act')] : []);
  const failed = mailed({ kind: 'billActionFailed', did, why: 'AccessDeniedException' });
  expect(failed.title).toBe(not);
  expect(failed.lines.join()).toContain('AccessDeniedException');
});

test.each([
  ['PENDING', true, 'pending'],
  ['EXECUTION_IN_PROGRESS', false, 'applied'],
  ['EXECUTION_SUCCESS', false, 'applied'],
] as const)('trap 19: a bill that the meter contradicts is told once a month and kind: %s', (status, waits, kind) => {
  const text = wording({
    kind: 'contradiction',
    ...{ environment: 'dev', status, line: usd(95), meter: usd(20) },
  });
  expect(text).toContain('the bill says stop, the meter has seen $20.00');
  expect(text).toContain(`AWS Budgets' action is ${status}: by the bill, $95.00 is reached.`);
  expect(text).toContain('npx spend-guard resume --env dev');
  expect(text.includes('do not approve it')).toBe(waits);
  expect(text.split('\n')).toHaveLength(waits ? 6 : 5);
  const month = utcMonth(Date.parse('2026-11-20T00:00:00Z'));
  expect(contradictionKey(month, status)).toBe(`${month}|contradiction|${kind}`);
});
