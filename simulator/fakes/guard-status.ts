import type { StatusWriterPort } from '../../core/enforcement';
import type { ServiceError } from '../../core/errors';

export type GuardStatus = Parameters<StatusWriterPort['write']>[0];

/** The one item that callers read, with its condition. */
export class FakeGuardStatus implements StatusWriterPort {
  status: GuardStatus | undefined;
  /** What every write gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async write(status: GuardStatus): Promise<void> {
    if (this.failure) throw this.failure;
    const { month, revision } = this.status ?? status;
    const isOlder = status.month < month || (status.month === month && status.revision < revision);
    if (!isOlder) this.status = status;
  }
}
