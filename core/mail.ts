import type { Notice } from './notice';

/** Reaches the people who subscribed to the alert topic. */
export interface MailPort {
  /** @param mail its subject at most 100 ASCII characters, SNS's limit: the adapter refuses more; its body plain text @throws ServiceError */
  send(mail: Mail, how?: HowToSend): Promise<void>;
}

export interface HowToSend {
  /** People have had it by SES: it goes to those who do not subscribe by mail. @default false */
  readonly mailedBySes?: boolean;
}

export interface Mail {
  readonly subject: string;
  readonly body: string;
  /** The same for chats and pagers. Absent: they make do with subject and body. */
  readonly notice?: Notice | undefined;
  /** Beside or in place of it, where a mail tells of several facts: one for each. Read all by `noticesOf`. */
  readonly notices?: readonly Notice[] | undefined;
}

/** @param what a heading of docs/runbook.md */
export function runbookLine(what: string): string {
  return `Runbook: docs/runbook.md, "${what}".`;
}

/** SNS's limit. */
const SUBJECT_LENGTH = 100;

/** A subject that SNS takes: printable ASCII, cut where it is too long. */
export function asciiSubject(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, '?');
  return ascii.length <= SUBJECT_LENGTH ? ascii : `${ascii.slice(0, SUBJECT_LENGTH - 3)}...`;
}
