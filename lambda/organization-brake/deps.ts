import type { MailPort } from '../../core/mail';
import type { MetricsPort } from '../../core/metrics';
import type { BrakePolicyPort, BrakeStatePort } from '../../core/organization';

export interface OrganizationBrakeDeps {
  readonly state: BrakeStatePort;
  readonly policy: BrakePolicyPort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
  readonly now: () => number;
}
