import { MINUTE_MS } from '../../../core/calendar';
import { between, seededRandom, type Random } from '../../../simulator/random';

/** Everything that may go wrong, or that people may do, in a schedule of the property test. */
export const KINDS = [
  'metricsLate',
  'tickLost',
  'tickLate',
  'tickTwice',
  'ticksAtOnce',
  'crash',
  'metricsPartial',
  'metricsThrottled',
  'metricsDown',
  'iamThrottled',
  'principalRefused',
  'mailFails',
  'helpersFail',
  'adminDetaches',
  'adminFlips',
  'adminEdits',
  'adminDeletes',
  'deploy',
  'override',
  'manualStop',
  'limitLowered',
  'clockBack',
  'neighbour',
  'canaryMissing',
  'eventLost',
  'eventLate',
  'eventTwice',
  'alarmDeleted',
  'alarmEdited',
] as const;
export type FaultKind = (typeof KINDS)[number];

/** One fault: from a minute of the schedule on, for some minutes. `size` means what the kind makes of it. */
export interface Fault {
  readonly kind: FaultKind;
  readonly from: number;
  readonly minutes: number;
  readonly size: number;
}

/** A story of an hour or so: what is spent in each minute, where it begins, and what goes wrong. */
export interface Schedule {
  readonly seed: number;
  readonly startMs: number;
  /** Minutes in which faults may happen; after them the world is well again. */
  readonly minutes: number;
  /** Dollars by minute. */
  readonly spend: readonly number[];
  readonly faults: readonly Fault[];
}

/** Faults end before the schedule does. */
const MINUTES = 24;

export function scheduleOf(seed: number): Schedule {
  const random = seededRandom(seed, 'faults');
  const turns = random() < 0.25;
  // Around the turn of the month, or somewhere within it.
  const startMs = turns
    ? Date.parse('2026-11-30T23:40:00Z')
    : Date.parse('2026-11-10T10:00:00Z') + between(random, 0, 600) * MINUTE_MS;
  const perMinute = [0.2, 1, 4, 8][between(random, 0, 3)] ?? 1;
  const spend = Array.from({ length: MINUTES }, () =>
    random() < 0.8 ? Math.round(perMinute * 2 * random() * 100) / 100 : 0,
  );
  const count = between(random, 1, 4);
  return { seed, startMs, minutes: MINUTES, spend, faults: Array.from({ length: count }, () => faultOf(random)) };
}

function faultOf(random: Random): Fault {
  const kind = KINDS[between(random, 0, KINDS.length - 1)] ?? 'tickLost';
  // The alarm changes when calls begin, which is early in most schedules.
  const from = kind.startsWith('event') ? 1 : between(random, 1, MINUTES - 8);
  return { kind, from, minutes: between(random, 1, 7), size: between(random, 0, 60) };
}

/** Without the faults of a kind: what the kind has changed is the difference. */
export function without(schedule: Schedule, kind: FaultKind): Schedule {
  return { ...schedule, faults: schedule.faults.filter((fault) => fault.kind !== kind) };
}

/** For the message of a failure: enough to see what happened, and to play it again. */
export function scheduleText({ seed, startMs, faults }: Schedule): string {
  const told = faults.map(({ kind, from, minutes, size }) => `${kind} ${from}+${minutes} (${size})`).join(', ');
  return `FAULT_SEED=${seed} FAULT_RUNS=1: from ${new Date(startMs).toISOString()}: ${told}`;
}
