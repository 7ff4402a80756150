import type { MailPort } from '../../core/mail';
import type { MetricsPort } from '../../core/metrics';
import type { OrganizationStatePort, PagesPort } from '../../core/organization';
import type { ReportStatePort } from '../../core/report';

export interface OrganizationReportDeps {
  readonly organization: Pick<OrganizationStatePort, 'all' | 'looked'>;
  readonly state: ReportStatePort;
  readonly pages: PagesPort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
  readonly now: () => number;
}
