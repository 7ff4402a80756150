import { MINUTE_MS } from '../../core/calendar';
import { ACTIVITY_ALARM } from '../../core/meter';
import type { FakeAlarms } from '../fakes/alarms';
import { between, type Random } from '../random';
import type { AlarmEvents } from '../scenarios/scenario';
import type { Timeline } from '../timeline';

/** From a change of state to the function that is told of it; nobody documents how long it takes. */
const DELIVERY_MS = { atLeast: 500, atMost: 5_000 } as const;
const LATE_MS = 10 * MINUTE_MS;
const WINDOW_MS = ACTIVITY_ALARM.evaluationPeriods * ACTIVITY_ALARM.periodSeconds * 1000;

/** Beginnings of minutes. */
export interface Shown {
  readonly newestMs: number;
  /** The last one with calls; absent: none. */
  readonly lastCallMs?: number;
}

export interface ActivityAlarmSettings {
  readonly alarms: FakeAlarms;
  readonly alarmArn: string;
  readonly timeline: Timeline;
  readonly untilMs: number;
  readonly random: Random;
  /** What CloudWatch shows from a time on; undefined: it is in trouble, and judges nothing. */
  readonly shown: (fromMs: number) => Shown | undefined;
  readonly events: (atMs: number) => AlarmEvents;
  /** Runs the function that the rule names. */
  readonly tell: (event: unknown) => Promise<void>;
}

/** CloudWatch's evaluation of one activity alarm, each minute at a second of its own, and EventBridge's delivery of what came of it. */
export class SimulatedActivityAlarm {
  private lastCallMs = Number.NEGATIVE_INFINITY;
  private judgedMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly settings: ActivityAlarmSettings) {}

  start(): void {
    const { timeline, random } = this.settings;
    this.next(timeline.now + between(random, 1, 59) * 1000);
  }

  private next(atMs: number): void {
    if (atMs >= this.settings.untilMs) return;
    this.settings.timeline.at(atMs, () => {
      this.evaluate(atMs);
      this.next(atMs + MINUTE_MS);
    });
  }

  private evaluate(nowMs: number): void {
    const { alarms, alarmArn, shown } = this.settings;
    const found = shown(Math.max(this.judgedMs + MINUTE_MS, nowMs - 2 * WINDOW_MS));
    if (found === undefined) return;
    this.judgedMs = found.newestMs;
    this.lastCallMs = found.lastCallMs ?? this.lastCallMs;
    const isActive = found.newestMs - this.lastCallMs < WINDOW_MS;
    const changed = alarms.evaluated(alarmArn, isActive ? 'ALARM' : 'OK', nowMs);
    // The rule is on ALARM alone.
    if (changed && isActive) this.deliver(nowMs);
  }

  private deliver(nowMs: number): void {
    const { timeline, random, events, tell } = this.settings;
    const how = events(nowMs);
    const takes = between(random, DELIVERY_MS.atLeast, DELIVERY_MS.atMost);
    if (how === 'lost') return;
    const arrives = nowMs + takes + (how === 'late' ? LATE_MS : 0);
    const event = eventOf(this.settings.alarmArn, nowMs);
    timeline.at(arrives, () => tell(event));
    if (how === 'doubled') timeline.at(arrives + takes, () => tell(event));
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html, read 2026-11-29. */
function eventOf(alarmArn: string, atMs: number) {
  const [, , , region, account, , ...name] = alarmArn.split(':');
  return {
    version: '0',
    id: 'simulated',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account,
    time: new Date(atMs).toISOString(),
    region,
    resources: [alarmArn],
    detail: { alarmName: name.join(':'), previousState: { value: 'OK' }, state: { value: 'ALARM' } },
  };
}
