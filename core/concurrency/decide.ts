import type { Reading } from '../reading';
import { type ProvisionedConfig, type ScalingLimits, valueOf } from './configured';
import { isOpen, type ConcurrencyRecord, type LoweredFor } from './record';
import { FLOOR_REASON } from './target';
import type { Wish } from './wish';

/** What Lambda and Application Auto Scaling say of an alias or version, read after its record. */
export interface Observed {
  /** Absent: no configuration, which is 0. */
  readonly config: ProvisionedConfig | undefined;
  readonly scaling: Reading<ScalingLimits | undefined>;
}

export type RestKind =
  /** Nothing is owed and nothing is wanted. */
  | 'awake'
  /** Not lowered further, because another template declares it. */
  | 'floor'
  | 'sleeping'
  | 'warming'
  /** Left as it is. */
  | 'held'
  /** Another run is acting on it. */
  | 'busy'
  | 'failed';

export type Step =
  | { readonly kind: 'rest'; readonly as: RestKind; readonly reason: string }
  /** Save what is there, where `save` says so; then limits; then lower. */
  | {
      readonly kind: 'lower';
      readonly why: LoweredFor;
      readonly save: 'value' | 'nothing';
      readonly reason: string;
    }
  | { readonly kind: 'relabel'; readonly why: LoweredFor; readonly reason: string }
  | { readonly kind: 'restore'; readonly reason: string }
  /** Give the scaling activities back, and owe nothing any more. */
  | { readonly kind: 'close'; readonly as: 'restored' | 'superseded'; readonly reason: string };

export interface Decision {
  readonly record: ConcurrencyRecord | undefined;
  readonly observed: Observed;
  readonly wish: Wish;
  readonly floor: 0 | 1;
  readonly nowMs: number;
}

/** One alias or version, one step. Pure: `apply` does it. */
export function decide({ record, observed, wish, floor, nowMs }: Decision): Step {
  if (isOpen(record) && record.claimedUntilMs > nowMs) {
    return rest('busy', `another run acts on it, at the latest until ${new Date(record.claimedUntilMs).toISOString()}`);
  }
  switch (wish.kind) {
    case 'leave':
      return rest('held', wish.reason);
    case 'lower':
      return isOpen(record) ? lowerAgain(record, observed, wish, floor) : lowerFirst(observed, wish, floor);
    case 'restore':
      return isOpen(record) ? giveBack(record, observed.config, wish.reason) : rest('awake', wish.reason);
  }
}

function lowerFirst({ config, scaling }: Observed, wish: Lowering, floor: 0 | 1): Step {
  if (!config) return rest('awake', 'nothing to lower');
  if (config.requested <= floor) return rest('floor', FLOOR_REASON);
  if (scaling.kind === 'unavailable') return rest('failed', unsaved(scaling.why));
  return { kind: 'lower', why: wish.why, save: 'value', reason: wish.reason };
}

function lowerAgain(record: ConcurrencyRecord, { config, scaling }: Observed, wish: Lowering, floor: 0 | 1): Step {
  if (record.status === 'warming' && valueOf(config) <= floor) {
    // It was put back; whoever lowered it since then was not the guard.
    return { kind: 'close', as: 'superseded', reason: 'somebody lowered it after it was restored' };
  }
  const low = valueOf(config) <= floor || isOwnLow(record, config);
  const lowEnough = valueOf(config) <= floor;
  if (scaling.kind === 'unavailable') {
    return low && record.status === 'lowered' ? rest('sleeping', wish.reason) : rest('failed', unsaved(scaling.why));
  }
  if (!low) {
    const reason =
      record.status === 'lowered' ? `${wish.reason}; somebody set it to ${valueOf(config)} meanwhile` : wish.reason;
    return { kind: 'lower', why: wish.why, save: 'value', reason };
  }
  if (record.status !== 'lowered' || !lowEnough || (scaling.value && !isSuspended(scaling.value))) {
    return { kind: 'lower', why: wish.why, save: 'nothing', reason: wish.reason };
  }
  if (record.loweredFor !== wish.why || record.goneAtMs !== undefined || record.problem) {
    return { kind: 'relabel', why: wish.why, reason: wish.reason };
  }
  return rest('sleeping', wish.reason);
}

function giveBack(record: ConcurrencyRecord, config: ProvisionedConfig | undefined, reason: string): Step {
  const changed = changedByOthers(record, config);
  if (changed !== undefined) return { kind: 'close', as: 'superseded', reason: changed };
  if (record.status === 'lowering' && config?.requested === record.saved.value) {
    return { kind: 'close', as: 'restored', reason: 'it had not been lowered yet' };
  }
  if (record.status !== 'warming') return { kind: 'restore', reason };
  switch (config?.status) {
    case 'READY':
      return { kind: 'close', as: 'restored', reason: `READY with ${config.requested}` };
    case 'FAILED':
      return { kind: 'restore', reason: `the allocation FAILED: ${config.statusReason ?? 'Lambda gives no reason'}` };
    default:
      return rest('warming', `waits for READY: ${valueOf(config)} asked for`);
  }
}

/**
 * What somebody else has chosen since it was lowered, which stands; undefined where what is there is the guard's own
 * doing. Scaling may move a value once it was given back, which nobody chose.
 */
export function changedByOthers(record: ConcurrencyRecord, config: ProvisionedConfig | undefined): string | undefined {
  if (record.status === 'warming') {
    if (!config) return 'somebody deleted it after it was restored';
    return config.requested === record.saved.value || record.saved.scaling
      ? undefined
      : `somebody set it to ${config.requested} after it was restored with ${record.saved.value}`;
  }
  if (!config) {
    return record.status === 'lowered' && record.loweredTo > 0
      ? `somebody deleted the ${record.loweredTo} that was left of ${record.saved.value}`
      : undefined;
  }
  if (isOwnLow(record, config)) return undefined;
  if (record.status !== 'lowered' && config.requested === record.saved.value) return undefined;
  return `somebody set it to ${config.requested} while it was lowered; ${record.saved.value} had been saved`;
}

/** What the guard itself left there when it lowered it. */
export function isOwnLow(record: ConcurrencyRecord, config: ProvisionedConfig | undefined): boolean {
  return record.status !== 'warming' && valueOf(config) === record.loweredTo;
}

export function isSuspended({ suspended }: ScalingLimits): boolean {
  return suspended.scalingIn && suspended.scalingOut && suspended.scheduled;
}

type Lowering = Extract<Wish, { kind: 'lower' }>;

function rest(as: RestKind, reason: string): Step {
  return { kind: 'rest', as, reason };
}

function unsaved(why: string): string {
  return `not lowered, for its scaling limits cannot be read and so not be saved: ${why}`;
}
