import { MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { ACTIVITY_ALARM } from '../../../core/meter/told';
import type { SpendMeterWorld } from '../../helpers/spend-meter-world';
import type { FaultsNow } from './now';

export const ALARM = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:spend-guard-dev-activity';
const EVENT = {
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  resources: [ALARM],
  detail: { state: { value: 'ALARM' } },
};
/** Into the minute: between two scheduled ticks. */
const JUDGED_MS = 20_000;
const TAKES_MS = 5_000;
const WINDOW_MS = ACTIVITY_ALARM.evaluationPeriods * MINUTE_MS;

/** The alarm that tells the meter, as CloudWatch judges it each minute, and what becomes of it and of its events. */
export class FaultyAlarm {
  private readonly late: number[] = [];

  constructor(
    private readonly world: SpendMeterWorld,
    private readonly faults: FaultsNow,
    private readonly run: (event: unknown) => Promise<void>,
  ) {}

  /** As deployed, and judged for the first time. */
  async deploy(): Promise<void> {
    this.world.alarms.put(ALARM, ACTIVITY_ALARM);
    await this.judge();
  }

  /** After the minute's tick. */
  async oneMinute(): Promise<void> {
    const { world, faults } = this;
    const afterTick = world.now;
    const minuteMs = faults.schedule.startMs + faults.minute * MINUTE_MS;
    if (faults.starts('alarmDeleted')) {
      faults.fire('alarmDeleted');
      world.alarms.remove(ALARM);
    }
    if (faults.starts('alarmEdited')) {
      faults.fire('alarmEdited');
      world.alarms.put(ALARM, { ...ACTIVITY_ALARM, threshold: 1_000_000 });
    }
    const isSpoilt = faults.active('alarmDeleted') ?? faults.active('alarmEdited');
    if (!isSpoilt && faults.fired.size > 0) world.alarms.put(ALARM, ACTIVITY_ALARM);
    // After a late tick at once, and still within the minute.
    world.now = Math.max(afterTick, minuteMs + JUDGED_MS);
    const told = !isSpoilt && (await this.judge());
    world.now += TAKES_MS;
    const due = this.late.filter((minute) => minute <= faults.minute).length;
    this.late.splice(0, due);
    for (let times = due + (told ? this.arriving() : 0); times > 0; times--) await this.run(EVENT);
    world.now = afterTick;
  }

  /** @returns whether it went to ALARM */
  private async judge(): Promise<boolean> {
    const { world } = this;
    try {
      const calls = await world.usage.activity('us-east-1', world.now - WINDOW_MS, world.now + MINUTE_MS);
      const state = calls.length > 0 ? 'ALARM' : 'OK';
      return world.alarms.evaluated(ALARM, state, world.now) && state === 'ALARM';
    } catch (error) {
      // CloudWatch is in trouble, and judges nothing.
      if (error instanceof ServiceError) return false;
      throw error;
    }
  }

  /** How often the event comes now. */
  private arriving(): number {
    const { faults } = this;
    if (faults.active('eventLost')) {
      faults.fire('eventLost');
      return 0;
    }
    const late = faults.active('eventLate');
    if (late) {
      faults.fire('eventLate');
      this.late.push(faults.minute + 1 + (late.size % 6));
      return 0;
    }
    if (!faults.active('eventTwice')) return 1;
    faults.fire('eventTwice');
    return 2;
  }
}
