import { HOUR_MS, type UtcMonth } from '../calendar';
import { addUpTo, type NanoUsd, percentOf, since, ZERO } from '../money';
import type { Reading } from '../reading';
import type { BrakeRecord } from './brake-record';
import { type AccountTerms, type Organization, termsOf } from './limits';
import type { StoredStanding } from './stored-standing';

/** Twice as long as a meter is quiet that has nothing new to tell: a single event that is lost makes nobody silent. */
export const SILENT_AFTER_MS = 2 * HOUR_MS;
/** Of the account's limit: what spend may rise by after a stop, as what was in flight is counted later. */
const RISE_PERCENT = 5;

/** All that the table has of an account. */
export interface AccountItems {
  readonly account: string;
  readonly standings: readonly StoredStanding[];
  readonly brake?: BrakeRecord | undefined;
  /** Sort keys of items that cannot be read: whatever they say is unknown. */
  readonly unread: readonly string[];
}

export interface Spent {
  readonly amount: NanoUsd;
  /** There may be more. */
  readonly atLeast: boolean;
}

export interface EnvironmentStand {
  readonly stored: StoredStanding;
  readonly isSilent: boolean;
  readonly spent: Reading<Spent>;
}

/** An account in a month, by what was heard of it. */
export interface AccountStand extends AccountTerms {
  readonly account: string;
  readonly heard: 'heard' | 'silent' | 'unheard';
  readonly environments: readonly EnvironmentStand[];
  readonly unread: readonly string[];
  readonly spent: Reading<Spent>;
  /** Environments whose guard has stopped them, and whose spend rose by more than what was in flight. */
  readonly rises: readonly Rise[];
}

export interface Rise {
  readonly environment: string;
  readonly from: NanoUsd;
  readonly to: NanoUsd;
}

export function standOf(
  organization: Organization,
  { account, standings, unread }: AccountItems,
  month: UtcMonth,
  now: number,
): AccountStand {
  const terms = termsOf(organization, account);
  const environments = standings
    .toSorted((a, b) => (a.standing.environment < b.standing.environment ? -1 : 1))
    .map((stored) => environmentOf(stored, month, now));
  const silent = environments.some(({ isSilent }) => isSilent);
  return {
    ...terms,
    account,
    heard: environments.length === 0 ? 'unheard' : silent ? 'silent' : 'heard',
    environments,
    unread,
    spent: sumOf(environments, unread),
    rises: risesOf(standings, terms.limit, month),
  };
}

function environmentOf(stored: StoredStanding, month: UtcMonth, now: number): EnvironmentStand {
  const { standing, known } = stored;
  const isSilent = now - Date.parse(standing.at) >= SILENT_AFTER_MS;
  if (known?.month !== month) {
    const why = standing.month === month ? 'its meter does not know its spend' : `nothing was heard of ${month}`;
    return { stored, isSilent, spent: { kind: 'unavailable', why } };
  }
  const isOfLast = standing.month === month && standing.spentNano !== null;
  const atLeast = isSilent || !isOfLast || standing.atLeast;
  return { stored, isSilent, spent: { kind: 'known', value: { amount: known.amount, atLeast } } };
}

function sumOf(environments: readonly EnvironmentStand[], unread: readonly string[]): Reading<Spent> {
  const amounts = environments.flatMap(({ spent }) => (spent.kind === 'known' ? [spent.value] : []));
  if (amounts.length === 0) return { kind: 'unavailable', why: whyUnknown(environments, unread) };
  const isPartial = unread.length > 0 || amounts.length < environments.length;
  return {
    kind: 'known',
    value: {
      amount: addUpTo(...amounts.map(({ amount }) => amount)),
      atLeast: isPartial || amounts.some(({ atLeast }) => atLeast),
    },
  };
}

function whyUnknown(environments: readonly EnvironmentStand[], unread: readonly string[]): string {
  if (unread.length > 0) return `items of the hub's table cannot be read: ${unread.join(', ')}`;
  const [first] = environments;
  if (first === undefined) return 'nothing was ever heard of it';
  return first.spent.kind === 'unavailable' ? first.spent.why : '';
}

function risesOf(standings: readonly StoredStanding[], limit: NanoUsd, month: UtcMonth): readonly Rise[] {
  const most = percentOf(limit, RISE_PERCENT);
  return standings.flatMap(({ standing, stopped, known }) => {
    const from = stopped?.month === month ? stopped.amount : undefined;
    const to = known?.month === month ? known.amount : ZERO;
    return from !== undefined && since(to, from) > most ? [{ environment: standing.environment, from, to }] : [];
  });
}
