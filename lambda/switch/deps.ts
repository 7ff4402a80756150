import type { ConvergeDeps } from '../../core/concurrency';
import type { Digest, AllAttachmentsPort, CloudFormationPort, PolicyVersionWriterPort } from '../../core/enforcement';
import type { MeterStatePort } from '../../core/decision';

export interface SwitchDeps extends ConvergeDeps {
  readonly versions: PolicyVersionWriterPort;
  readonly attachments: AllAttachmentsPort;
  readonly meterState: Pick<MeterStatePort, 'latest' | 'save'>;
  readonly cloudFormation: CloudFormationPort;
  readonly digest: Digest;
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
  readonly sleep: (ms: number) => Promise<unknown>;
}
