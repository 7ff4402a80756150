import { enforcementWording, type EnforcementAlert } from '../../../core/enforcement/alerts';
import type { Drift } from '../../../core/enforcement/plan';

const wording = (alert: EnforcementAlert) => {
  const { title, lines } = enforcementWording(alert);
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
    expect(text.includes('it is detached now')).toBe(lift);
  },
);
