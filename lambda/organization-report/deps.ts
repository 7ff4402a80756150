import type { MailPort } from '../../core/mail';
import type { MetricsPort } from '../../core/metrics';
import type { OrganizationReportStatePort, OrganizationStatePort, PagesPort } from '../../core/organization';

export interface OrganizationReportDeps {
  readonly organization: Pick<OrganizationStatePort, 'all' | 'looked'>;
  readonly state: OrganizationReportStatePort;
  readonly pages: PagesPort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
  readonly now: () => number;
}
