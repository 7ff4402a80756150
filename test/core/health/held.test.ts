import { SWITCH_STATES, type SwitchVersion } from '../../../core/enforcement/switch-document';
import type { Answer } from '../../../core/health/finding';
import { assessPermissionSet, isOfPermissionSet } from '../../../core/health/permission-sets';
import { assessPolicyRoom } from '../../../core/health/policy-room';
import { assessSwitch } from '../../../core/health/switch';
import type { Refusal } from '../../../core/errors';
import type { DesiredState } from '../../../core/stop-lines/triggers';

const known = <T>(value: T): Answer<T> => ({ kind: 'known', value, latencyMs: 1 });
const refused = (refusal: Refusal): Answer<never> => ({
  kind: 'unavailable',
  problem: { refusal, errorName: 'SomeException', text: 'no' },
  latencyMs: 1,
});

describe('room for the guard’s two policies', () => {
  const arns = { switch: 'arn:switch', bill: 'arn:bill' };
  const quotas = known({ role: 10, user: 10, group: 10 });
  const others = (count: number) => Array.from({ length: count }, (_, at) => `arn:other-${at}`);
  const batch = { kind: 'role', name: 'batch' } as const;
  const room = (attached: readonly string[], more: Partial<Parameters<typeof assessPolicyRoom>[3]> = {}) =>
    assessPolicyRoom(batch, known(attached), quotas, { billAction: true, mustHold: more.arns !== undefined, ...more });

  it.each([
    [8, true, 'ok'],
    [9, true, 'warning'],
    [10, true, 'failed'],
    [11, true, 'failed'],
    [9, false, 'ok'],
    [10, false, 'failed'],
  ])('trap 35: before the first deploy, %d of 10 attached, budgets action %s: %s', (count, billAction, status) => {
    expect(room(others(count), { billAction }).status).toBe(status);
  });

  it.each([
    ['the switch alone, and a place for deny-bill', [...others(8), arns.switch], true, 'ok'],
    ['the switch alone, and no place for deny-bill', [...others(9), arns.switch], true, 'warning'],
    ['the switch alone, full, with no budgets action', [...others(9), arns.switch], false, 'ok'],
    ['both, and full', [...others(8), arns.switch, arns.bill], true, 'ok'],
  ])('deployed, who has %s: %s', (_, attached, billAction, status) => {
    const finding = room(attached, { arns, billAction });
    expect(finding).toMatchObject({ status, detail: expect.stringContaining('has the switch') });
  });

  it.each([
    ['with room', others(9), /^deploy the stack again, which attaches it$/],
    ['without', others(10), /^merge or detach .*; then deploy the stack again$/],
    ['with deny-bill, and room', [arns.bill], /^deploy the stack again, which attaches it$/],
  ])('deployed, who has no switch is out of a stop’s reach: %s', (_, attached, fix) => {
    expect(room(attached, { arns })).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/^has no switch: a stop does not reach it; /),
      fix: expect.stringMatching(fix),
    });
  });

  it.each([
    [8, 'ok'],
    [9, 'warning'],
    [10, 'failed'],
  ])('before a deployment that attaches it, the switch need only fit: %d of 10 attached: %s', (count, status) => {
    expect(room(others(count), { arns, mustHold: false }).status).toBe(status);
  });

  it('the account’s own quota counts, and the default where it cannot be read', () => {
    const of = (count: number, applied: Parameters<typeof assessPolicyRoom>[2]) =>
      assessPolicyRoom(batch, known(others(count)), applied, { billAction: true, mustHold: false });
    expect(of(10, known({ role: 12, user: 10, group: 10 })).status).toBe('ok');
    expect(of(9, refused('accessDenied'))).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/AWS's default/),
    });
  });

  it('a principal that is gone is a failure, one that cannot be read is unknown', () => {
    const assess = (refusal: Refusal) =>
      assessPolicyRoom({ kind: 'group', name: 'g' }, refused(refusal), quotas, {
        arns,
        billAction: true,
        mustHold: true,
      });
    expect(assess('notFound')).toMatchObject({ status: 'failed', detail: expect.stringMatching(/does not exist/) });
    expect(assess('throttled').status).toBe('unknown');
  });
});

describe('the switch', () => {
  const all = (inEffect: DesiredState | undefined): SwitchVersion[] => [
    ...SWITCH_STATES.map((state, at) => ({ id: `v${at}`, createdAt: at, state, isDefault: state === inEffect })),
    ...(inEffect === undefined ? [{ id: 'v9', createdAt: 9, state: undefined, isDefault: true }] : []),
  ];
  const assess = (versions: Answer<readonly SwitchVersion[]>, wanted?: DesiredState) =>
    assessSwitch('arn:aws:iam::1:policy/spend-guard/spend-guard-switch-dev', versions, wanted);

  it.each([
    [all('open'), 'open', 'ok', /^says open$/],
    [all('stopped'), 'stopped', 'ok', /^says stopped$/],
    [all('degraded'), undefined, 'ok', /^says degraded$/],
    [all('open'), 'stopped', 'warning', /^says open although the meter's state is stopped$/],
    [all('stopped'), 'open', 'warning', /^says stopped although/],
    [all(undefined), 'stopped', 'failed', /has not written the version in effect/],
    [all('open').filter(({ state }) => state !== 'stopped'), 'open', 'failed', /no version for stopped$/],
    [[], 'open', 'failed', /does not exist/],
  ] as const)('case %#', (versions, wanted, status, detail) => {
    expect(assess(known(versions), wanted)).toMatchObject({
      ...{ check: 'switch', subject: 'spend-guard-switch-dev', status },
      detail: expect.stringMatching(detail),
    });
  });

  it('a version too many is no trouble: the deploy’s function takes it away', () => {
    const extra = { id: 'v8', createdAt: 8, state: undefined, isDefault: false };
    expect(assess(known([...all('open'), extra]), 'open').status).toBe('ok');
  });

  it('unread is unknown', () => {
    expect(assess(refused('accessDenied'), 'open').status).toBe('unknown');
  });
});

describe('permission sets of IAM Identity Center', () => {
  const role = (set: string, hash = '0123456789abcdef') => `AWSReservedSSO_${set}_${hash}`;
  const assess = (roles: Answer<readonly string[]>, rolesWith: Answer<readonly string[]>) =>
    assessPermissionSet('dev', 'Dev', { roles, rolesWith });

  it.each([
    ['has the switch', [role('Dev')], [role('Dev')], 'ok', /^has the switch, by AWSReservedSSO_Dev_0123456789abcdef$/],
    ['has none', [role('Dev')], [], 'failed', /^no switch on AWSReservedSSO_Dev_/],
    [
      'has it on one of two',
      [role('Dev'), role('Dev', 'f'.repeat(16))],
      [role('Dev')],
      'failed',
      /on AWSReservedSSO_Dev_f+:/,
    ],
    ['is not in the account', [], [], 'ok', /^not provisioned in this account/],
    [
      'is not there, but one that begins with its name',
      [role('Dev_Ops'), role('Developer')],
      [],
      'ok',
      /^not provisioned/,
    ],
    ['has it, and one that begins with its name has not', [role('Dev'), role('Dev_Ops')], [role('Dev')], 'ok', /^has/],
    [
      'has none, and one that begins with its name has',
      [role('Dev'), role('Dev_Ops')],
      [role('Dev_Ops')],
      'failed',
      /^no/,
    ],
    ['is written in another case', [role('dev')], [], 'failed', /^no switch on AWSReservedSSO_dev_/],
  ])('one that %s', (_, roles, rolesWith, status, detail) => {
    expect(assess(known(roles), known(rolesWith))).toMatchObject({
      ...{ check: 'permission-set', subject: 'Dev', status },
      detail: expect.stringMatching(detail),
    });
  });

  it('the fix is the one command of an administrator, with the switch’s name and path', () => {
    expect(assess(known([role('Dev')]), known([])).fix).toMatch(
      /^in the management account run once: aws sso-admin attach-customer-managed-policy-reference-to-permission-set .*Name=spend-guard-switch-dev,Path=\/spend-guard\/ && aws sso-admin provision-permission-set /,
    );
  });

  it('what cannot be read is unknown; who is not there needs no second answer', () => {
    expect(assess(refused('accessDenied'), known([])).status).toBe('unknown');
    expect(assess(known([role('Dev')]), refused('throttled')).status).toBe('unknown');
    expect(assess(known([]), refused('throttled')).status).toBe('ok');
  });

  it.each([
    [role('Dev'), true],
    [role('dev').toLowerCase(), true],
    [role('Dev_Ops'), false],
    ['AWSReservedSSO_Dev', false],
    ['Dev', false],
  ])('%s is of Dev: %s', (name, expected) => {
    expect(isOfPermissionSet(name, 'Dev')).toBe(expected);
  });
});
