import type { SesAccount, SesIdentity, SesSetupPort } from '../../core/report';

/** SES of an account that may send to anybody, with the identities that it is given. */
export class FakeSesSetup implements SesSetupPort {
  /** What the account is, or what the question gets. */
  of: SesAccount | Error = { isInSandbox: false, isSendingEnabled: true, enforcement: 'HEALTHY' };
  /** By address or domain. */
  readonly identities = new Map<string, SesIdentity | Error>();
  failure: unknown;

  async account(): Promise<SesAccount> {
    if (this.failure !== undefined) throw this.failure;
    if (this.of instanceof Error) throw this.of;
    return this.of;
  }

  async identity(name: string): Promise<SesIdentity> {
    if (this.failure !== undefined) throw this.failure;
    const found = this.identities.get(name) ?? { kind: 'missing' };
    if (found instanceof Error) throw found;
    return found;
  }
}
