import type { DecisionEvent, DecisionEventsPort } from '../../core/enforcement';
import type { ServiceError } from '../../core/errors';

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
