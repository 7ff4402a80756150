import { MAILED_ATTRIBUTE, type Notice, NOTICE_ATTRIBUTE, type Urgency } from './notice-types';
import { bareNotice, shortNotice } from './notice-text';

/** A mail with one notice, or where it tells of several facts, with one for each. */
export interface WithNotices {
  readonly notice?: Notice | undefined;
  readonly notices?: readonly Notice[] | undefined;
}

/** All that a mail says to chats and pagers, in order; none: they make do with subject and body. */
export function noticesOf({ notice, notices }: WithNotices): readonly Notice[] {
  return [...(notice === undefined ? [] : [notice]), ...(notices ?? [])];
}

/**
 * Of a message of SNS with all its attributes, their names and types included:
 * https://docs.aws.amazon.com/sns/latest/api/API_MessageAttributeValue.html (read 2026-11-29).
 */
const LARGEST_BYTES = 262_144;
const TYPE = 'String';

/**
 * What goes beside a mail's text, each of type `String`. Notices that do not fit are left out: the text is not.
 * @param mailedBySes see `HowToSend`
 */
export function mailAttributes(
  mail: WithNotices & { readonly subject: string; readonly body: string },
  mailedBySes: boolean,
): Readonly<Record<string, string>> {
  const mailed: Readonly<Record<string, string>> = mailedBySes ? { [MAILED_ATTRIBUTE]: 'true' } : {};
  // Whether the subject counts is not said: it does here.
  const used = [mail.subject, mail.body, ...Object.entries(mailed).flat(), TYPE, NOTICE_ATTRIBUTE, TYPE];
  const notices = noticesAttribute(noticesOf(mail), LARGEST_BYTES - bytes(used.join('')));
  return { ...mailed, ...(notices !== undefined && { [NOTICE_ATTRIBUTE]: notices }) };
}

/** Far below what SNS takes: whoever receives it gets it wrapped in JSON once more, and everything escaped. */
const MOST_BYTES = 64 * 1024;

/**
 * The value of `NOTICE_ATTRIBUTE`: a JSON array, always. Many are said in short; of more than fit, the most urgent are said, and how
 * many are not. @param room bytes that it may have @returns undefined where there are none, or no room for any
 */
export function noticesAttribute(notices: readonly Notice[], room: number): string | undefined {
  const fitting = fittingNotices(notices, Math.min(room, MOST_BYTES));
  return fitting.length === 0 ? undefined : JSON.stringify(fitting);
}

/** The same before it is JSON, for what is kept until it is sent. */
export function fittingNotices(notices: readonly Notice[], most: number): readonly Notice[] {
  for (const form of [shortNotice, bareNotice]) {
    const whole = notices.map(form);
    if (bytes(JSON.stringify(whole)) <= most) return whole;
  }
  return mostUrgent(notices.map(bareNotice), most);
}

const RANK: Readonly<Record<Urgency, number>> = { critical: 0, warning: 1, info: 2 };

/** The last one says what was left out. */
function mostUrgent(notices: readonly Notice[], most: number): readonly Notice[] {
  const urgentFirst = notices.toSorted((a, b) => RANK[a.urgency] - RANK[b.urgency]);
  const [first] = urgentFirst;
  if (first === undefined) return [];
  const kept: Notice[] = [];
  let used = bytes(JSON.stringify([leftOut(first, notices.length)]));
  for (const notice of urgentFirst) {
    used += bytes(JSON.stringify(notice)) + 1;
    if (used > most) break;
    kept.push(notice);
  }
  return kept.length === 0 ? [] : [...kept, leftOut(first, notices.length - kept.length)];
}

function leftOut({ environment, source, key, at }: Notice, count: number): Notice {
  return {
    schemaVersion: 1,
    environment,
    source,
    key: `${key}|more`,
    fact: `more|${key}`,
    status: 'once',
    urgency: 'warning',
    at,
    title: `${count} more ${count === 1 ? 'change' : 'changes'}: see the mail`,
    happened: [],
    todo: [],
  };
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
