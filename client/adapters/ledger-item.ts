import type { BudgetState, ChargedHour, BudgetRecord, ReleaseNote, Hold } from '../../core/ledger';
import { nanoUsd, ZERO } from '../../core/money';
import { text, unreadable, wholeNumber } from './dynamodb-documents';

/**
 * A month's budget and its holds are one item, so that one plain write changes both: `h<id>` is a hold, as short as it can
 * be since every write pays for the whole item by the KB; `k<hour>` and `u<hour>` are what was charged in an hour with
 * usage that was known, and without.
 */
export type Item = Record<string, unknown>;

const HOLD = /^h[0-9a-z]+$/;
const HOUR = /^[ku]\d+$/;
/** Amounts and times in base 36. */
const VALUE = /^([ac])\.([0-9a-z]+)\.([0-9a-z]+)\.([0-9a-z]+)$/;

export const holdAttribute = (id: string): string => `h${id}`;
export const knownAttribute = (hour: number): string => `k${hour}`;
export const unsettledAttribute = (hour: number): string => `u${hour}`;

/** The same text for the same hold: writes name by it what they replace. */
export function holdValue({ claim, writtenBy, amount, expiresAtMs }: Hold): string {
  return [claim === 'active' ? 'a' : 'c', writtenBy, amount.toString(36), expiresAtMs.toString(36)].join('.');
}

export function noteAttributes({ by, reason, at, amount }: ReleaseNote): Record<string, string | number> {
  return { releasedBy: by, releasedReason: reason, releasedAt: at, releasedAmount: amount };
}

/** @throws LedgerUnavailable where an attribute is not what this release writes */
export function parseBudget(item: Item): BudgetRecord {
  const holds: Hold[] = [];
  // A loop: this reads hundreds of attributes on each request of a call, and a list for each would take as long again.
  for (const name of Object.keys(item)) if (HOLD.test(name)) holds.push(parseHold(item, name));
  return { state: parseState(item), holds };
}

function parseState(item: Item): BudgetState {
  const amount = (attribute: string) => nanoUsd(wholeNumber(item, attribute));
  return {
    limit: amount('limit'),
    ...('carried' in item && { carried: amount('carried') }),
    remaining: amount('remaining'),
    spent: amount('spent'),
    raised: amount('raised'),
    unsettled: amount('unsettled'),
    releases: wholeNumber(item, 'releases'),
    statusAsOf: wholeNumber(item, 'statusAsOf'),
    hours: parseHours(item),
  };
}

function parseHours(item: Item): readonly ChargedHour[] {
  const hours = new Set<string>();
  for (const name of Object.keys(item)) if (HOUR.test(name)) hours.add(name.slice(1));
  const of = (attribute: string) => (attribute in item ? nanoUsd(wholeNumber(item, attribute)) : ZERO);
  return [...hours].map((text) => {
    const hour = Number(text);
    return { hour, known: of(knownAttribute(hour)), unsettled: of(unsettledAttribute(hour)) };
  });
}

function parseHold(item: Item, name: string): Hold {
  const [, claim, writtenBy, amount, expiresAt] = VALUE.exec(text(item, name)) ?? [];
  if (claim === undefined || writtenBy === undefined || amount === undefined || expiresAt === undefined) {
    throw unreadable(item, `'${name}' is no hold: ${String(item[name])}`);
  }
  return {
    id: name.slice(1),
    claim: claim === 'a' ? 'active' : 'charged',
    amount: nanoUsd(Number.parseInt(amount, 36)),
    expiresAtMs: Number.parseInt(expiresAt, 36),
    writtenBy,
  };
}
