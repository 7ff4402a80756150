import { MINUTE_MS, utcMonth } from '../../core/calendar';
import { attempting } from '../../core/enforcement';
import { GuardError } from '../../core/errors';
import {
  afterAction,
  type AccountItems,
  type AccountStand,
  BRAKE_KEY,
  type BrakeDecision,
  type BrakeOrder,
  type BrakeRecord,
  decideBrake,
  freshBrake,
  standOf,
  takeOrder,
} from '../../core/organization';
import type { OrganizationBrakeDeps } from './deps';
import type { OrganizationBrakeEnv } from './env';

/** Longer than what is done for one account can take, its mails included. */
export const CLAIM_MS = MINUTE_MS;

/** An order is a person's, and what was attached must be known: others may be faster, and yet it is taken. */
export const MOST_TRIES = 5;

export type Converged =
  | {
      readonly kind: 'done';
      readonly record: BrakeRecord;
      /** Somebody else has attached the policy. */
      readonly isForeign: boolean;
      readonly troubles: readonly string[];
    }
  | { readonly kind: 'refused'; readonly why: string }
  /** Another run acts on the account, or was faster; it does what this one would have done. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'unreadable'; readonly why: string };

export interface Asked {
  /** Where the policy is attached; undefined: nobody knows, and nothing is attached or detached. */
  readonly targets: ReadonlySet<string> | undefined;
  readonly order?: BrakeOrder;
}

/**
 * One account, from what was heard and ordered to what is attached. What is meant is written before it is done, so that whoever
 * comes after a crash goes on from there; no step hurts when it is repeated.
 * @throws GuardError STATE_CONFLICT where the order was overtaken; ServiceError
 */
export async function converge(
  deps: OrganizationBrakeDeps,
  env: OrganizationBrakeEnv,
  items: AccountItems,
  { targets, order }: Asked,
): Promise<Converged> {
  const { account } = items;
  const now = deps.now();
  if (items.unread.includes(BRAKE_KEY)) {
    return { kind: 'unreadable', why: `item ACCOUNT#${account}/${BRAKE_KEY} of ${env.HUB_TABLE_NAME} cannot be read` };
  }
  const before = items.brake ?? freshBrake(account);
  if (order === undefined && isClaimed(before, now)) return { kind: 'busy' };
  const stand = standOf(env.ORGANIZATION, items, utcMonth(now), now);
  const ordered = order && takeOrder(before, order, stand, now);
  if (ordered?.kind === 'refused') return ordered;
  const decision = decisionOf(ordered?.record ?? before, stand, targets, now);
  const isNothingToDo = decision.action === 'none' && decision.record.outbox.length === 0;
  const { isForeign } = decision;
  if (decision.record === before && isNothingToDo) return { kind: 'done', record: before, isForeign, troubles: [] };

  const meant: BrakeRecord = {
    ...decision.record,
    revision: before.revision + 1,
    claimedUntil: isNothingToDo ? 0 : now + CLAIM_MS,
  };
  try {
    await deps.state.saveBrake(meant, before.revision);
  } catch (error) {
    if (order === undefined && isConflict(error)) return { kind: 'busy' };
    throw error;
  }
  if (isNothingToDo) return { kind: 'done', record: meant, isForeign, troubles: [] };
  return { kind: 'done', isForeign, ...(await act(deps, stand, decision.action, meant, now)) };
}

async function act(
  deps: OrganizationBrakeDeps,
  stand: AccountStand,
  action: BrakeDecision['action'],
  meant: BrakeRecord,
  now: number,
): Promise<{ readonly record: BrakeRecord; readonly troubles: readonly string[] }> {
  const troubles: string[] = [];
  const attempt = attempting(troubles);
  const after =
    action === 'none' ? meant : afterAction(meant, stand, action, await deps.policy[action](stand.account), now);
  let { outbox } = after;
  for (const mail of outbox) {
    if (!(await attempt(`mail '${mail.subject}'`, () => deps.mail.send(mail)))) break;
    outbox = outbox.slice(1);
  }
  const done: BrakeRecord = { ...after, outbox, revision: meant.revision + 1, claimedUntil: 0 };
  try {
    await deps.state.saveBrake(done, meant.revision);
  } catch (error) {
    if (!isConflict(error)) throw error;
    if (action === 'attach' && done.failure === undefined) await rememberAttached(deps, stand.account, now);
  }
  const { failure } = done;
  if (failure !== undefined) troubles.push(`${failure.did}: ${failure.why}`);
  return { record: done, troubles };
}

/**
 * An order came meanwhile, whose run may have found nothing attached yet, and forgotten it. Nothing is confirmed by this: the next run
 * detaches what is not wanted.
 * @throws GuardError STATE_CONFLICT where others were faster each time; ServiceError
 */
async function rememberAttached({ state }: OrganizationBrakeDeps, account: string, now: number): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { brake } = await state.account(account);
    if (brake === undefined || brake.ours !== undefined) return;
    try {
      await state.saveBrake({ ...brake, revision: brake.revision + 1, ours: { since: now } }, brake.revision);
      return;
    } catch (error) {
      if (!isConflict(error) || tries >= MOST_TRIES) throw error;
    }
  }
}

function decisionOf(
  record: BrakeRecord,
  stand: AccountStand,
  targets: ReadonlySet<string> | undefined,
  now: number,
): BrakeDecision {
  if (targets === undefined) return { action: 'none', record, isForeign: false };
  return decideBrake(record, stand, targets.has(stand.account), now);
}

/** A claim that ends later than any run could was made by a clock that ran ahead: it does not count. */
function isClaimed({ claimedUntil }: BrakeRecord, now: number): boolean {
  return claimedUntil > now && claimedUntil <= now + CLAIM_MS;
}

export function isConflict(error: unknown): boolean {
  return error instanceof GuardError && error.code === 'STATE_CONFLICT';
}
