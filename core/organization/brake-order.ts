import { utcMonth } from '../calendar';
import type { AccountStand } from './account';
import { isToBeAttached } from './brake-decide';
import { decisionName, renewHold } from './brake-hold';
import { type BrakeRecord, withHistory } from './brake-record';

/** What a person tells the hub of one account. */
export type BrakeOrder =
  | { readonly kind: 'approve'; readonly decision: string; readonly by: string }
  | { readonly kind: 'stop'; readonly by: string; readonly reason: string }
  /** @param until in ms; absent: the end of the UTC month */
  | { readonly kind: 'lift'; readonly by: string; readonly reason: string; readonly until?: number | undefined };

export type Ordered =
  { readonly kind: 'taken'; readonly record: BrakeRecord } | { readonly kind: 'refused'; readonly why: string };

/** The record as the order leaves it, before anything is done. An order that is given twice is taken twice, and changes nothing. */
export function takeOrder(before: BrakeRecord, order: BrakeOrder, stand: AccountStand, now: number): Ordered {
  const why = refusalOf(before, order, stand, now);
  if (why !== undefined) return { kind: 'refused', why };
  const record = renewHold(before, stand, now);
  switch (order.kind) {
    case 'approve':
      return approve(record, order, stand, now);
    case 'stop':
      return { kind: 'taken', record: stop(record, order, stand, now) };
    case 'lift':
      return { kind: 'taken', record: lift(record, order, now) };
  }
}

function refusalOf(
  { revision, hold }: BrakeRecord,
  order: BrakeOrder,
  stand: AccountStand,
  now: number,
): string | undefined {
  if (order.by.trim() === '') return 'by: must name who orders';
  if (order.kind !== 'approve' && order.reason.trim() === '') return 'reason: must not be empty';
  const isNobodys = !stand.isListed && stand.heard === 'unheard';
  if (order.kind === 'lift') {
    if (order.until !== undefined && order.until <= now) return 'until: must be in the future';
    if (order.until !== undefined && hold?.cause === 'ordered') {
      return `until: ${hold.by ?? 'somebody'} has ordered this stop, and a lift ends it for good: leave until out, and order it again when it is wanted`;
    }
    return isNobodys && revision === 0 ? unknownAccount(stand.account) : undefined;
  }
  if (stand.isManagement) {
    return `${stand.account} is the management account, which no service control policy reaches: stop its environments themselves`;
  }
  if (stand.brake === 'never') {
    return `the limits file says brake: 'never' of ${stand.account}: change it there and deploy the hub first`;
  }
  return isNobodys ? unknownAccount(stand.account) : undefined;
}

function unknownAccount(account: string): string {
  return `${account} is neither in the limits file nor ever heard of: check the number`;
}

function approve(
  record: BrakeRecord,
  { decision, by }: Extract<BrakeOrder, { readonly kind: 'approve' }>,
  stand: AccountStand,
  now: number,
): Ordered {
  const { hold } = record;
  if (hold === undefined) {
    return { kind: 'refused', why: `no decision waits for ${stand.account}: ${decision} has ended, or never was` };
  }
  if (hold.decision !== decision) {
    return { kind: 'refused', why: `decision ${decision} has ended; ${hold.decision} waits: ${hold.reason}` };
  }
  if (isToBeAttached(record, stand)) return { kind: 'taken', record };
  const approved: BrakeRecord = { ...record, approval: { decision, by, at: now } };
  return { kind: 'taken', record: withHistory(approved, { at: now, by, text: `decision ${decision} approved` }) };
}

/** Whatever was decided before, and an override, give way to it. */
function stop(
  record: BrakeRecord,
  { by, reason }: Extract<BrakeOrder, { readonly kind: 'stop' }>,
  { line }: AccountStand,
  now: number,
): BrakeRecord {
  const { hold, override: _override, approval: _approval, ...others } = record;
  if (hold?.cause === 'ordered' && hold.by === by && hold.reason === reason) return record;
  const month = utcMonth(now);
  const decision = decisionName(month, record);
  const next: BrakeRecord = {
    ...others,
    decisions: record.decisions + 1,
    hold: { cause: 'ordered', decision, month, since: now, reason, line, by },
  };
  return withHistory(next, { at: now, by, text: `decision ${decision}, ordered: ${reason}` });
}

function lift(
  record: BrakeRecord,
  { by, reason, until }: Extract<BrakeOrder, { readonly kind: 'lift' }>,
  now: number,
): BrakeRecord {
  const { hold: _hold, approval: _approval, override, ...others } = record;
  const isSame = override?.by === by && override.reason === reason && override.until === until;
  if (isSame) return { ...others, override };
  const next = { since: now, by, reason, ...(until !== undefined && { until }) };
  return withHistory({ ...others, override: next }, { at: now, by, text: `override: ${reason}` });
}
