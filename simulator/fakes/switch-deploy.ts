import type { ServiceError } from '../../core/errors';
import type { SwitchDeployPort } from '../../core/enforcement';

type Command = keyof SwitchDeployPort;

/** Orders to the deploy's function as events: given here, carried out by whoever gives `run`. */
export class FakeSwitchDeploy implements SwitchDeployPort {
  /** All that were given and not refused, in order. */
  readonly orders: Command[] = [];
  /** What every order gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  /** @param run throws what the order fails by */
  constructor(private readonly run: (command: Command) => void | Promise<void> = () => undefined) {}

  repair(): Promise<void> {
    return this.give('repair');
  }

  liftBill(): Promise<void> {
    return this.give('liftBill');
  }

  private async give(command: Command): Promise<void> {
    if (this.failure) throw this.failure;
    this.orders.push(command);
    await this.run(command);
  }
}
