import type { GuardFunctionsPort } from '../../core/enforcement';
import type { ServiceError } from '../../core/errors';

/** Invocations as events: asked for here, run by whoever gives `run`. */
export class FakeGuardFunctions implements GuardFunctionsPort {
  /** How often auto-stop was asked. */
  asked = 0;
  /** What every invocation gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  constructor(private readonly run: () => void | Promise<void> = () => undefined) {}

  async converge(): Promise<void> {
    if (this.failure) throw this.failure;
    this.asked += 1;
    await this.run();
  }
}
