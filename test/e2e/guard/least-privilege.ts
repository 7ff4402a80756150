import type { Use } from '../../../local/control';
import { IamActions } from '../../helpers/iam-actions';
import { GUARD_SERVICES } from '../../helpers/iam-stack';
import type { GrantedRole } from '../support/granted';
import type { LocalGuard } from '../support/local-guard';
import { RoleUses } from '../support/uses';

/** What the templates grant and no test of the run has used, with the event that needs it: five a stack at the most. */
const UNEXERCISED: Readonly<Record<string, string>> = {
  'health-check: dynamodb:PutItem on :table/SpendGuard-<environment>-TablesState, for lifecycle':
    'the emulator gives no model a date of extended access',
  'schedules: sqs:SendMessage on :SpendGuard-<environment>-SchedulesDeadLetters':
    'Lambda refuses a scheduled call until it is too old',
};
const MOST_UNEXERCISED = 5;

/** What was refused because a test had made it so: a caller who is stopped, or who tries another environment's profile. */
const CALLERS = /:assumed-role\/SpendGuard-\w+-InvokerRole-/;

/** After all that the run has done, the destruction of stacks included. */
export function leastPrivilege(guard: LocalGuard): void {
  let uses: readonly Use[];
  let roles: readonly RoleUses[];
  beforeAll(async () => {
    uses = await guard.aws.control.uses();
    const iam = await IamActions.load(GUARD_SERVICES);
    const versions = new Map<string, GrantedRole[]>();
    for (const role of guard.granted) versions.set(role.roleName, [...(versions.get(role.roleName) ?? []), role]);
    roles = [...versions.values()].map((one) => new RoleUses(iam, one, uses));
  });

  test("everything that a role of the guard has done is granted by its stack's template", () => {
    const features = guard.granted.map(({ feature }) => feature);
    const active = new Set(features.filter((_, at) => (roles[at]?.uses.length ?? 0) > 0));
    expect([...active].sort()).toEqual([...new Set(features)].sort());
    expect(roles.flatMap((role) => role.ungranted())).toEqual([]);
  });

  test('nothing that a role of the guard has asked for was refused, but calls of models that a test has denied', () => {
    const refused = roles.flatMap((role) => role.uses.filter(({ allowed }) => !allowed));
    const byOthers = refused.filter(
      ({ principal, action }) => !(CALLERS.test(principal) && action.startsWith('bedrock:InvokeModel')),
    );
    expect(byOthers).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
  });

  test('everything that a template grants was used, but for at most five, whose events no test can bring about', () => {
    const used = new Map<string, 'used' | 'unused'>();
    for (const role of roles)
      for (const [grant, how] of role.grants()) if (used.get(grant) !== 'used') used.set(grant, how);
    const unused = [...used].filter(([, how]) => how === 'unused').map(([grant]) => grant);
    expect(unused.sort()).toEqual(Object.keys(UNEXERCISED).sort());
    expect(unused.length).toBeLessThanOrEqual(MOST_UNEXERCISED);
  });
}
