import type { UtcMonth } from '../calendar';
import type { Mail } from '../mail';
import type { NanoUsd } from '../money';
import type { Override } from '../stop-lines';

/** Why an account's brake is wanted. It ends with its month, with a line that was raised above the spend, or by a person. */
export interface BrakeHold {
  readonly cause: 'spend' | 'rise' | 'ordered';
  /** Names this decision and no other, such as `2026-11.3`: what a person approves. */
  readonly decision: string;
  readonly month: UtcMonth;
  readonly since: number;
  readonly reason: string;
  /** Of the account when it was decided. */
  readonly line: NanoUsd;
  /** Who ordered it. */
  readonly by?: string | undefined;
}

export interface BrakeApproval {
  readonly decision: string;
  readonly by: string;
  readonly at: number;
}

/** The hub has attached the policy, or is about to: written before it does, so that it knows its own after a crash. */
export interface OwnAttachment {
  readonly since: number;
  readonly confirmedAt?: number | undefined;
  /** Why it is being detached; written before it is. */
  readonly detaching?: string | undefined;
}

export interface BrakeFailure {
  readonly did: 'attach' | 'detach';
  /** In AWS's own name, and for a limit its reason. */
  readonly why: string;
  readonly since: number;
}

export interface HistoryEntry {
  readonly at: number;
  readonly text: string;
  readonly by?: string | undefined;
}

/** The brake of one account (pk `ACCOUNT#<id>`, sk `BRAKE`). */
export interface BrakeRecord {
  readonly schemaVersion: 1;
  readonly account: string;
  /** Counts up with every write; 0: it has never been written. */
  readonly revision: number;
  /** How many there have been. */
  readonly decisions: number;
  readonly hold?: BrakeHold | undefined;
  readonly approval?: BrakeApproval | undefined;
  /** A person's word that the account goes on. */
  readonly override?: Override | undefined;
  readonly ours?: OwnAttachment | undefined;
  readonly failure?: BrakeFailure | undefined;
  /** People were told of it, and not yet that it is over. */
  readonly firing?: boolean | undefined;
  /** A run is acting on it until then (ms); 0: none. */
  readonly claimedUntil: number;
  /** Decided and not yet sent; a crash sends them again rather than never. */
  readonly outbox: readonly Mail[];
  /** Newest last, bounded. */
  readonly history: readonly HistoryEntry[];
}

export function freshBrake(account: string): BrakeRecord {
  return { schemaVersion: 1, account, revision: 0, decisions: 0, claimedUntil: 0, outbox: [], history: [] };
}

/** The last ones are kept. */
const HISTORY_LENGTH = 30;

export function withHistory(record: BrakeRecord, ...entries: readonly HistoryEntry[]): BrakeRecord {
  return entries.length === 0 ? record : { ...record, history: [...record.history, ...entries].slice(-HISTORY_LENGTH) };
}

const OUTBOX_LENGTH = 20;

/** Bounded: what nobody could be mailed for so long stands in the history. */
export function withMail(record: BrakeRecord, ...mails: readonly Mail[]): BrakeRecord {
  return mails.length === 0 ? record : { ...record, outbox: [...record.outbox, ...mails].slice(-OUTBOX_LENGTH) };
}
