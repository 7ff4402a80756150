import { permissionSetOf, RESERVED_PREFIX, principalText, tenAtATime, type Principal } from '../../core/enforcement';
import { principalsOf } from '../principals';
import type { SwitchDeps } from './deps';
import type { SwitchEnv } from './env';

type PrincipalDeps = Pick<SwitchDeps, 'attachments' | 'log'>;

/** Budgets may attach again while its action is being deleted: look again, but not for ever. */
const ROUNDS = 3;

/** As `role app (LimitExceededException)`. */
export interface Held {
  /** Of the configuration, and has no switch in the end. */
  readonly without: readonly string[];
  /** Not of the configuration any more, and could not be let go. */
  readonly still: readonly string[];
}

/**
 * Gives the switch to everybody of the configuration, and lets go whom it does not name: one that is missing or full is named,
 * and the rest goes on. Roles of permission sets are IAM Identity Center's.
 * @throws ServiceError where it cannot be looked up who has it
 */
export async function holdPrincipals({ attachments, log }: PrincipalDeps, env: SwitchEnv): Promise<Held> {
  const has = await attachments.attachedTo(env.SWITCH_ARN);
  const wanted = principalsOf(env);
  const names = new Set(wanted.map(principalText));
  const had = new Set(has.map(principalText));
  const without = await tenAtATime(
    wanted.filter((one) => !had.has(principalText(one))),
    async (principal) => {
      const change = await attachments.attach(env.SWITCH_ARN, principal);
      log({ event: 'switch.attached', ...principal, outcome: change.kind });
      return change.kind === 'failed' ? [`${principalText(principal)} (${change.why})`] : [];
    },
  );
  const still = await tenAtATime(
    has.filter((one) => !names.has(principalText(one)) && !isReserved(one)),
    async (principal) => {
      const change = await attachments.detach(env.SWITCH_ARN, principal);
      log({ event: 'switch.detached', ...principal, outcome: change.kind });
      return change.kind === 'failed' ? [`${principalText(principal)} (${change.why})`] : [];
    },
  );
  return { without: without.flat(), still: still.flat() };
}

/** Takes policies off whoever has them. @returns who still has one, in words, or `undefined` */
export async function letGo(
  { attachments, log }: PrincipalDeps,
  policyArns: readonly string[],
): Promise<readonly string[]> {
  const listAll = async () =>
    (
      await Promise.all(
        policyArns.map(async (policyArn) =>
          (await attachments.attachedTo(policyArn)).map((principal) => ({ policyArn, principal })),
        ),
      )
    ).flat();
  let refused: readonly string[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const attached = await listAll();
    if (attached.length === 0) return [];
    const failed = await tenAtATime(attached, async ({ policyArn, principal }) => {
      const change = await attachments.detach(policyArn, principal);
      log({ event: 'deny.lifted', round, policyArn, ...principal, outcome: change.kind });
      return change.kind === 'failed' ? [`${principalText(principal)} (${change.why})`] : [];
    });
    refused = failed.flat();
  }
  const left = (await listAll()).map(({ principal }) => principalText(principal));
  return left.length === 0 ? [] : [...new Set(refused.length > 0 ? refused : left)];
}

/** Permission sets among those that {@link letGo} has named. */
export function permissionSetsIn(names: readonly string[]): readonly string[] {
  const sets = names.flatMap((name) => permissionSetOf(/^role (\S+)/.exec(name)?.[1] ?? '') ?? []);
  return [...new Set(sets)];
}

function isReserved({ kind, name }: Principal): boolean {
  return kind === 'role' && name.startsWith(RESERVED_PREFIX);
}
