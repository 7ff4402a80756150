import { utcMonth } from '../../core/calendar';
import type { ManagedFunction, Target } from '../../core/concurrency/target';
import type { DesiredState } from '../../core/stop-lines/triggers';
import type { AutoStopDeps } from '../../lambda/auto-stop/handler';
import { FakeConcurrency } from '../../simulator/fakes/concurrency';
import { FakeConcurrencyState } from '../../simulator/fakes/concurrency-state';
import { FakeConcurrencyFailures } from '../../simulator/fakes/concurrency-failures';
import { FakeMail } from '../../simulator/fakes/mail';
import { FakeMetrics } from '../../simulator/fakes/metrics';
import { FakeScaling } from '../../simulator/fakes/scaling';
import { FakeSessions } from '../../simulator/fakes/sessions';
import { FakeTraffic } from '../../simulator/fakes/traffic';

export const AWAKE = { scalingIn: false, scalingOut: false, scheduled: false };
export const ASLEEP = { scalingIn: true, scalingOut: true, scheduled: true };

export const target = (functionName = 'models', qualifier = 'live'): Target => ({ functionName, qualifier });

export const managed = (changes: Partial<ManagedFunction> = {}): ManagedFunction => ({
  functionName: 'models',
  optional: false,
  declaredElsewhere: false,
  ...changes,
});

/** An account with some functions in it, and auto-stop's side of the state table. */
export class ConcurrencyWorld {
  nowMs = Date.parse('2026-11-10T12:00:00Z');
  readonly now = () => this.nowMs;
  readonly concurrency = new FakeConcurrency(this.now);
  readonly scaling = new FakeScaling();
  readonly state = new FakeConcurrencyState();
  readonly sessions = new FakeSessions();
  readonly traffic = new FakeTraffic();
  readonly metrics = new FakeMetrics();

  readonly failures = new FakeConcurrencyFailures();
  readonly mail = new FakeMail();

  deps(): AutoStopDeps & { metrics: FakeMetrics } {
    const { concurrency, scaling, state, sessions, traffic, failures, mail, metrics, now } = this;
    return { concurrency, scaling, state, sessions, traffic, failures, mail, metrics, now };
  }

  desire(desired: DesiredState): void {
    this.state.meter.set(utcMonth(this.nowMs), desired);
  }

  later(minutes: number): void {
    this.nowMs += minutes * 60_000;
  }
}
