import type { Mail, MailPort } from '../../core/ports/mail';

/** Keeps what was sent, and hands it on. */
export class FakeMail implements MailPort {
  readonly sent: Mail[] = [];

  constructor(private readonly deliver: (mail: Mail) => void = () => {}) {}

  async send(mail: Mail): Promise<void> {
    this.sent.push(mail);
    this.deliver(mail);
  }
}
