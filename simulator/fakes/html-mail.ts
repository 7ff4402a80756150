import { ServiceError } from '../../core/errors';
import type { HtmlMail, HtmlMailPort } from '../../core/report';

/**
 * SES, of an account beyond the sandbox unless told otherwise. In the sandbox each recipient must be verified as well
 * (https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html, read 2026-11-29).
 */
export class FakeHtmlMail implements HtmlMailPort {
  /** What was taken and sent on. */
  readonly sent: HtmlMail[] = [];
  /** Addresses and domains; undefined: all are verified. */
  verified: readonly string[] | undefined;
  isInSandbox = false;
  /** By address, why. */
  readonly suppressed = new Map<string, string>();
  /** What every mail gets for an answer; undefined: all is well. */
  failure: unknown;
  /** What a question gets. */
  listFailure: unknown;
  /** A mail goes out although its answer is `failure`, as with a time-out. */
  sendsInSpite = false;

  async suppression(address: string): Promise<string | undefined> {
    if (this.listFailure !== undefined) throw this.listFailure;
    return this.suppressed.get(address);
  }

  async send(mail: HtmlMail): Promise<void> {
    if (this.failure !== undefined && !this.sendsInSpite) throw this.failure;
    const checked = [mail.from, ...(this.isInSandbox ? mail.to : [])];
    const failed = checked.filter((address) => !this.isVerified(address));
    if (failed.length > 0) {
      const text = `Email address is not verified. The following identities failed the check in region US-EAST-1: ${failed.join(', ')}`;
      throw new ServiceError('invalid', 'MessageRejected', text, 400);
    }
    // SES takes it all the same, and does not send it on.
    if (!mail.to.every((address) => this.suppressed.has(address))) this.sent.push(mail);
    if (this.failure !== undefined) throw this.failure;
  }

  private isVerified(address: string): boolean {
    const domain = address.slice(address.indexOf('@') + 1);
    return this.verified === undefined || this.verified.some((one) => one === address || one === domain);
  }
}
