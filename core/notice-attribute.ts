import { type Notice, NOTICE_ATTRIBUTE, type Urgency } from './notice-types';
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

/** What goes beside a mail's text, each of type `String`. Notices that do not fit are left out: the text is not. */
export function mailAttributes(
  mail: WithNotices & { readonly subject: string; readonly body: string },
): Readonly<Record<string, string>> {
  // Whether the subject counts is not said: it does here.
  const used = [mail.subject, mail.body, TYPE, NOTICE_ATTRIBUTE, TYPE];
  const notices = noticesAttribute(noticesOf(mail), LARGEST_BYTES - bytes(used.join('')));
  return notices === undefined ? {} : { [NOTICE_ATTRIBUTE]: notices };
}

/** Far below what SNS takes: whoever receives it gets it wrapped in JSON once more, and everything escaped. Only ends may need more. */
const MOST_BYTES = 64 * 1024;
/** Of what is kept until it is sent, where it has many ends: with all else that an item of DynamoDB holds, within its 400 KB. */
const MOST_KEPT_BYTES = 128 * 1024;

/**
 * The value of `NOTICE_ATTRIBUTE`: a JSON array, always. Many are said in short; of more than fit, all ends and the most urgent are
 * said, and how many are not. @param room bytes that it may have @returns undefined where there are none, or no room for any
 */
export function noticesAttribute(notices: readonly Notice[], room: number): string | undefined {
  const fitting = fittingNotices(notices, Math.min(room, MOST_BYTES), room);
  return fitting.length === 0 ? undefined : JSON.stringify(fitting);
}

/**
 * The same before it is JSON, for what is kept until it is sent.
 * @param most bytes; the ends of facts may need more, since a fact whose end is not told stays open for ever
 * @param mostWithEnds bytes that are never passed
 */
export function fittingNotices(
  notices: readonly Notice[],
  most: number,
  mostWithEnds = Math.max(most, MOST_KEPT_BYTES),
): readonly Notice[] {
  for (const form of [shortNotice, bareNotice, titleOnly]) {
    const whole = notices.map(form);
    if (bytes(JSON.stringify(whole)) <= most) return whole;
  }
  return endsAndMostUrgent(notices.map(titleOnly), most, mostWithEnds);
}

/** What a channel needs to find the fact and to say how it stands. */
function titleOnly(notice: Notice): Notice {
  const { spend: _, runbook: _runbook, ...title } = bareNotice(notice);
  return title;
}

const RANK: Readonly<Record<Urgency, number>> = { critical: 0, warning: 1, info: 2 };

/** Ends before all others, which have what is left of `most`. The last one says what was left out. */
function endsAndMostUrgent(notices: readonly Notice[], most: number, mostWithEnds: number): readonly Notice[] {
  const urgentFirst = notices.toSorted((a, b) => RANK[a.urgency] - RANK[b.urgency]);
  const [first] = urgentFirst;
  if (first === undefined) return [];
  const allEnds = urgentFirst.filter(({ status }) => status === 'resolved');
  const allOthers = urgentFirst.filter(({ status }) => status !== 'resolved');
  if (sizeOf(allOthers) < most && sizeOf(urgentFirst) < mostWithEnds) return [...allOthers, ...allEnds];
  const reserved = bytes(JSON.stringify([leftOut(first, notices.length, 'critical')]));
  const ends = within(allEnds, mostWithEnds - reserved);
  const others = within(allOthers, Math.min(most, mostWithEnds - sizeOf(ends)) - reserved);
  const kept = [...others, ...ends];
  if (kept.length === 0) return [];
  const told = new Set(kept);
  const isCritical = urgentFirst.some((notice) => notice.urgency === 'critical' && !told.has(notice));
  return [...kept, leftOut(first, notices.length - kept.length, isCritical ? 'critical' : 'warning')];
}

/** The first of them, as many as have room. */
function within(notices: readonly Notice[], room: number): readonly Notice[] {
  let used = 0;
  const tooMany = notices.findIndex((notice) => (used += sizeOf([notice])) > room);
  return tooMany === -1 ? notices : notices.slice(0, tooMany);
}

/** Of entries of an array, each with its comma: one byte less than the array. */
function sizeOf(notices: readonly Notice[]): number {
  return notices.reduce((sum, notice) => sum + bytes(JSON.stringify(notice)) + 1, 0);
}

function leftOut({ environment, source, key, at }: Notice, count: number, urgency: Urgency): Notice {
  return {
    schemaVersion: 1,
    environment,
    source,
    key: `${key}|more`,
    fact: `more|${key}`,
    status: 'once',
    urgency,
    at,
    title: `${count} more ${count === 1 ? 'change' : 'changes'}: see the mail`,
    happened: [],
    todo: [],
  };
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
