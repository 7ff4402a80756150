import type { ServiceError } from '../../core/errors';
import type { Standing, StandingEventsPort } from '../../core/organization';

/** What went onto the bus, oldest first. */
export class FakeStandingEvents implements StandingEventsPort {
  readonly standings: Standing[] = [];
  /** What every entry gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async tell(standing: Standing): Promise<void> {
    if (this.failure) throw this.failure;
    this.standings.push(standing);
  }
}
