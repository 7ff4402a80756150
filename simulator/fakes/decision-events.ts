import type { DecisionEvent, DecisionEventsPort } from '../../core/ports/decision-events';
import type { ServiceError } from '../../core/ports/service-error';

/** What went onto the bus, oldest first. */
export class FakeDecisionEvents implements DecisionEventsPort {
  readonly events: DecisionEvent[] = [];
  /** What every entry gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async record(event: DecisionEvent): Promise<void> {
    if (this.failure) throw this.failure;
    this.events.push(event);
  }
}
