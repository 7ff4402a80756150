import { MINUTE_MS } from '../core/calendar';
import type { Random } from './random';
import type { ScheduleSpec } from './template/guard-stack';
import type { Timeline } from './timeline';
import type { RunCounts } from './world/journal';

/** A deployed function: takes an event, answers or throws. */
export type Invoke = (event: unknown, scheduledMs: number) => Promise<unknown>;

export interface DeliverySettings {
  readonly timeline: Timeline;
  /** Ascending. */
  readonly times: Float64Array;
  readonly invoke: Invoke;
  /** Runs after a failed one. */
  readonly retries: number;
  readonly counts: RunCounts;
  readonly random: Random;
  readonly onError: (error: unknown) => void;
}

/** Scheduler delivers at least once: about this share of deliveries comes twice. */
const DUPLICATE_SHARE = 0.1;
/** Lambda's pauses before the first and the second retry of an asynchronous invocation. */
const RETRY_PAUSES_MS = [MINUTE_MS, 2 * MINUTE_MS];

/** Runs a function at every fire time of its schedule: EventBridge Scheduler, and Lambda's asynchronous invocation. */
export function deliver(schedule: ScheduleSpec, settings: DeliverySettings): void {
  const { timeline, times, counts, random } = settings;
  const eventOf = eventMaker(schedule);
  let next = 0;
  const fire = (): Promise<void> => {
    const scheduledMs = times[next++]!;
    if (next < times.length) timeline.at(times[next]!, fire);
    counts.invoked++;
    if (random() < DUPLICATE_SHARE) {
      counts.duplicates++;
      timeline.at(timeline.now + MINUTE_MS, () => {
        counts.invoked++;
        return run(settings, eventOf, scheduledMs, 0);
      });
    }
    return run(settings, eventOf, scheduledMs, 0);
  };
  if (times.length > 0) timeline.at(times[0]!, fire);
}

type EventOf = (scheduledMs: number) => unknown;

async function run(settings: DeliverySettings, eventOf: EventOf, scheduledMs: number, attempt: number): Promise<void> {
  const { timeline, counts, retries } = settings;
  try {
    await settings.invoke(eventOf(scheduledMs), scheduledMs);
  } catch (error) {
    counts.failed++;
    settings.onError(error);
    if (attempt >= retries) {
      counts.deadLetters++;
      return;
    }
    const pause = RETRY_PAUSES_MS[Math.min(attempt, RETRY_PAUSES_MS.length - 1)]!;
    timeline.at(timeline.now + pause, () => run(settings, eventOf, scheduledMs, attempt + 1));
  }
}

/**
 * The schedule's input with its context attributes filled in, as Scheduler sends it: the time without milliseconds. The
 * input is taken apart once, as a schedule may fire every minute.
 */
function eventMaker({ input, arn }: ScheduleSpec): EventOf {
  const parts = input
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.attempt-number>', '1')
    .replaceAll('<aws.scheduler.execution-id>', 'simulated')
    .split('<aws.scheduler.scheduled-time>');
  return (scheduledMs) => JSON.parse(parts.join(`${new Date(scheduledMs).toISOString().slice(0, 19)}Z`)) as unknown;
}
