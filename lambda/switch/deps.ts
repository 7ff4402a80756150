import type { ConvergeDeps } from '../../core/concurrency/converge';
import type { Digest } from '../../core/enforcement/switch-document';
import type { AllAttachmentsPort } from '../../core/enforcement/ports';
import type { CloudFormationPort } from '../../core/enforcement/ports';
import type { MeterStatePort } from '../../core/decision/ports';
import type { PolicyVersionWriterPort } from '../../core/enforcement/ports';

export interface SwitchDeps extends ConvergeDeps {
  readonly versions: PolicyVersionWriterPort;
  readonly attachments: AllAttachmentsPort;
  readonly meterState: Pick<MeterStatePort, 'latest' | 'save'>;
  readonly cloudFormation: CloudFormationPort;
  readonly digest: Digest;
  readonly log: (record: Readonly<Record<string, unknown>>) => void;
  readonly sleep: (ms: number) => Promise<unknown>;
}
