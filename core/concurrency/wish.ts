import type { Reading } from '../reading';
import type { DesiredState } from '../stop-lines';
import { isOpen, type ConcurrencyRecord, type DeployHold, type LoweredFor } from './record';

/** What should become of an alias or version at present. */
export type Wish =
  | { readonly kind: 'lower'; readonly why: LoweredFor; readonly reason: string }
  | { readonly kind: 'restore'; readonly reason: string }
  /** Change nothing. */
  | { readonly kind: 'leave'; readonly reason: string };

export type Idleness =
  { readonly kind: 'idle' | 'busy' | 'unknown'; readonly reason: string } | { readonly kind: 'notAsked' };

export interface Situation {
  readonly desired: Reading<DesiredState>;
  readonly hold: DeployHold | undefined;
  /** The configuration still names it. */
  readonly listed: boolean;
  readonly idleness: Idleness;
  readonly record: ConcurrencyRecord | undefined;
  readonly nowMs: number;
}

/** The meter's state first, then idleness. What cannot be read changes nothing. */
export function wishFor({ desired, hold, listed, idleness, record, nowMs }: Situation): Wish {
  if (hold && hold.untilMs > nowMs) {
    return { kind: 'restore', reason: `held open for a deploy until ${new Date(hold.untilMs).toISOString()}` };
  }
  if (desired.kind === 'unavailable') return { kind: 'leave', reason: desired.why };
  if (!listed) return { kind: 'restore', reason: 'no longer in the config' };
  if (desired.value === 'stopped') return { kind: 'lower', why: 'stopped', reason: 'the environment is stopped' };

  const sleeps = isOpen(record) && (record.status === 'lowered' || record.status === 'lowering');
  if (desired.value === 'degraded' && sleeps && record.loweredFor === 'stopped') {
    return { kind: 'leave', reason: 'degraded: what a stop has lowered waits for open' };
  }
  switch (idleness.kind) {
    case 'idle':
      return { kind: 'lower', why: 'idle', reason: idleness.reason };
    case 'unknown':
      return sleeps && record.loweredFor === 'idle'
        ? { kind: 'leave', reason: idleness.reason }
        : { kind: 'restore', reason: `${desired.value}; ${idleness.reason}` };
    case 'busy':
      return { kind: 'restore', reason: idleness.reason };
    case 'notAsked':
      return { kind: 'restore', reason: `the environment is ${desired.value}` };
  }
}
