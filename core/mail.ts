import type { Notice } from './notice';

/** Reaches the people who subscribed to the alert topic. */
export interface MailPort {
  /** @param subject at most 100 ASCII characters, SNS's limit: the adapter refuses more @param body plain text @throws ServiceError */
  send(mail: Mail): Promise<void>;
}

export interface Mail {
  readonly subject: string;
  readonly body: string;
  /** The same for chats and pagers. Absent: they make do with subject and body. */
  readonly notice?: Notice;
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
