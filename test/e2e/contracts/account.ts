import type { FaultRule } from '../../../local/control';
import { ADMINISTRATOR, REGION, type Credentials, type Emulator } from '../../../local/emulator';
import { onEmulator } from '../../contracts/suites/contract';
import { session } from '../emulator/support';

interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly maxAttempts: number;
}

/** The emulator that all contracts share; started before the first case. */
export class Account {
  readonly administrator: Credentials = ADMINISTRATOR;
  private emulator: Emulator | undefined;

  use(emulator: Emulator): void {
    this.emulator = emulator;
  }

  get aws(): Emulator {
    if (!this.emulator) throw new Error('not started');
    return this.emulator;
  }

  /** Without retries, so that a refusal that was ordered is not waited out. */
  client<T>(type: new (config: ClientConfig) => T, region = REGION, credentials = ADMINISTRATOR): T {
    return new type({ endpoint: this.aws.endpoint, region, credentials, maxAttempts: 1 });
  }

  /** A session that may do nothing that an adapter asks for. */
  nobody(): Promise<Credentials> {
    return session(this.aws, { Action: 'sts:GetCallerIdentity' });
  }

  /** Every later call of these, until the case is over. */
  async refuse(kind: Exclude<FaultRule['kind'], 'timeout'>, ...actions: readonly string[]): Promise<void> {
    for (const action of actions) await this.aws.control.faults.inject({ action, kind, count: 10_000 });
  }

  /** What was ordered for a case ends with it. */
  ground<Subject>(make: () => Subject | Promise<Subject>) {
    return onEmulator(make, async () => {
      delete process.env['AWS_ENDPOINT_URL'];
      await this.aws.control.faults.clear();
      await this.aws.control.setInsights({ running: false });
      await this.aws.control.setMetrics({
        statusCode: '',
        delaySeconds: 0,
        listDelaySeconds: 0,
        listPage: 500,
        pointsPage: 100_800,
      });
    });
  }
}
