import { ServiceError } from '../../core/errors';
import type { AlarmDescription, AlarmsPort } from '../../core/meter';

/** Alarms of CloudWatch by ARN, as somebody has made and changed them. What evaluates them is the world's business. */
export class FakeAlarms implements AlarmsPort {
  /** How every request is refused; undefined: it is not. */
  failure: 'throttled' | 'accessDenied' | 'unavailable' | undefined;
  /** Requests so far. */
  asked = 0;
  private readonly alarms = new Map<string, AlarmDescription>();

  async describe(alarmArn: string): Promise<AlarmDescription | undefined> {
    this.asked += 1;
    switch (this.failure) {
      case 'throttled':
        throw new ServiceError('throttled', 'Throttling', 'Rate exceeded', 400);
      case 'accessDenied':
        throw new ServiceError('accessDenied', 'AccessDenied', 'not authorized', 403);
      case 'unavailable':
        throw new ServiceError('unavailable', 'InternalServiceFault', 'the service is down', 500);
      case undefined:
        return this.alarms.get(alarmArn);
    }
  }

  /** By a deploy or by hand: a new alarm has not been evaluated, an old one keeps its state until it is again. */
  put(alarmArn: string, settings: Omit<AlarmDescription, 'state' | 'changedAt'>): void {
    const { state = 'INSUFFICIENT_DATA', changedAt } = this.alarms.get(alarmArn) ?? {};
    this.alarms.set(alarmArn, { ...settings, state, ...(changedAt !== undefined && { changedAt }) });
  }

  remove(alarmArn: string): void {
    this.alarms.delete(alarmArn);
  }

  /** @returns whether that is a change, of which an event goes out */
  evaluated(alarmArn: string, state: AlarmDescription['state'], at: number): boolean {
    const alarm = this.alarms.get(alarmArn);
    if (alarm === undefined || alarm.state === state) return false;
    this.alarms.set(alarmArn, { ...alarm, state, changedAt: at });
    return true;
  }
}
