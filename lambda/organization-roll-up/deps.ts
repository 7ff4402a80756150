import type { MetricsPort } from '../../core/metrics';
import type { BrakeCallPort, StandingsPort } from '../../core/organization';

export interface OrganizationRollUpDeps {
  readonly state: StandingsPort;
  readonly brake: BrakeCallPort;
  readonly metrics: MetricsPort;
  readonly now: () => number;
}
