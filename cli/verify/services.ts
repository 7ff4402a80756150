import type { CostExplorerPort } from '../../core/bill';
import type { PolicyVersionWriterPort } from '../../core/enforcement';
import type { ModelCaller } from '../../core/health';
import type { UsageMetricsPort } from '../../core/meter';
import type {
  ListedSeriesPort,
  OpenSessionPort,
  TemporaryBudgetsPort,
  TemporaryProfilesPort,
  TemporaryRolesPort,
} from '../../core/verify';

/** What `verify` makes, calls, measures and removes. */
export interface VerifyServices {
  /** `aws`, or the endpoint that the environment puts in its place. */
  readonly endpoint: string;
  readonly profiles: TemporaryProfilesPort;
  readonly roles: TemporaryRolesPort;
  readonly policyVersions: (policyArn: string) => PolicyVersionWriterPort;
  readonly budgets: (of: { readonly account: string; readonly partition: string }) => TemporaryBudgetsPort;
  readonly series: ListedSeriesPort;
  readonly metrics: Pick<UsageMetricsPort, 'hourly'>;
  readonly caller: ModelCaller;
  readonly sessions: OpenSessionPort;
  readonly costs: CostExplorerPort;
}
