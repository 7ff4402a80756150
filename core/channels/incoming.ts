import { MINUTE_MS } from '../calendar';
import type { Notice } from '../notice';
import { NOTICE_ATTRIBUTE, oneLine, parseNotices } from '../notice';
import { alarmNotice } from './incoming-alarm';
import { budgetsNotice } from './incoming-budgets';
import { type Incoming, linesOf } from './incoming-message';

export interface IncomingNotices {
  readonly notices: readonly Notice[];
  /** What was to be a notice and is none, for the log: it is told as plain text. */
  readonly refused: readonly string[];
}

/** A clock may be so far ahead of SNS's. What claims to be later would have all that follows it taken for old. */
const AHEAD_MS = 10 * MINUTE_MS;

/**
 * What a message tells: the notices that it carries, else what CloudWatch or AWS Budgets have written, else its text. Nothing that comes
 * is nothing.
 * @param alertTopicArn what comes by another topic is of AWS Budgets
 */
export function incomingNotices(message: Incoming, environment: string, alertTopicArn: string): IncomingNotices {
  const parsed = parseNotices(message.attributes[NOTICE_ATTRIBUTE]);
  const own = parsed.notices.filter((notice) => notice.environment === environment);
  const foreign = parsed.notices.filter((notice) => notice.environment !== environment);
  const notices = own.map((notice) => ({ ...notice, at: Math.min(notice.at, message.at + AHEAD_MS) }));
  // Whoever may publish here speaks of no fact but this environment's: what they say is told as what it is, a text.
  const refused = [
    ...parsed.refused,
    ...foreign.map((one) => `it is of another environment: ${oneLine(one.environment, 60)}`),
  ];
  if (notices.length > 0 && refused.length === 0) return { notices, refused };
  const read = alarmNotice(message, environment) ?? otherNotice(message, environment, alertTopicArn);
  // Where one of several is broken the text stands for it, beside the others.
  return { notices: [...notices, read], refused };
}

function otherNotice(message: Incoming, environment: string, alertTopicArn: string): Notice {
  if (message.topicArn !== alertTopicArn) return budgetsNotice(message, environment);
  const { messageId, subject, text, at } = message;
  const lines = linesOf(text);
  return {
    ...{ schemaVersion: 1, environment, source: 'other', status: 'once', urgency: 'warning', at },
    key: messageId,
    fact: `other|${messageId}`,
    title: oneLine(withoutEnvironment(subject, environment), 200) || lines[0] || 'A message without words',
    happened: lines,
    todo: [],
  };
}

/** Subjects begin with it, titles do not. */
function withoutEnvironment(subject: string, environment: string): string {
  const prefix = `[${environment}] `;
  return subject.startsWith(prefix) ? subject.slice(prefix.length) : subject;
}
