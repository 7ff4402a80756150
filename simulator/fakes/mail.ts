import { GuardError, ServiceError } from '../../core/errors';
import type { HowToSend, Mail, MailPort } from '../../core/mail';
import { mailAttributes } from '../../core/notice';

/** Bytes that SNS takes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (2026-11). */
const LARGEST = 262_144;

/** Keeps what was sent, and hands it on; refuses what SNS refuses. */
export class FakeMail implements MailPort {
  readonly sent: Mail[] = [];
  /** Of each that was sent: whether it went by those alone who do not subscribe by mail. */
  readonly mailedBySes: boolean[] = [];
  /** The attributes of each that was sent. */
  readonly attributes: Readonly<Record<string, string>>[] = [];
  /** What every mail gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  constructor(private readonly deliver: (mail: Mail) => void = () => {}) {}

  async send(mail: Mail, { mailedBySes = false }: HowToSend = {}): Promise<void> {
    if (!/^[\x20-\x7e]{1,100}$/.test(mail.subject)) {
      throw new GuardError('LIMIT_EXCEEDED', `a subject must be 1 to 100 ASCII characters, got '${mail.subject}'`);
    }
    if (this.failure) throw this.failure;
    const attributes = mailAttributes(mail);
    const besides = Object.entries(attributes).map(([name, value]) => `${name}String${value}`);
    if (Buffer.byteLength([mail.body, ...besides].join('')) > LARGEST) {
      throw new ServiceError('invalid', 'InvalidParameterException', 'Message too long', 400);
    }
    this.sent.push(mail);
    this.attributes.push(attributes);
    this.mailedBySes.push(mailedBySes);
    this.deliver(mail);
  }
}
