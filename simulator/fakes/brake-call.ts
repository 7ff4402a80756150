import type { ServiceError } from '../../core/errors';
import type { BrakeCallPort } from '../../core/organization';

/** Runs the brake at once. */
export class FakeBrakeCall implements BrakeCallPort {
  /** What every call gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  constructor(private readonly run: (account: string) => void | Promise<void> = () => {}) {}

  async converge(account: string): Promise<void> {
    if (this.failure) throw this.failure;
    await this.run(account);
  }
}
