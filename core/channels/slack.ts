import { answeredRefusal, commonOutcome, safeWord, objectOf } from './answers';
import type { Outcome, TroubleCode } from './outcome';
import type { HttpAnswer, HttpRequest } from './ports';
import { cut, type Part, type Telling, type Word } from './telling';

/**
 * Blocks: https://docs.slack.dev/reference/block-kit/blocks (a header 150 characters, a section's text 3,000, a field 2,000, ten fields, 50 blocks);
 * escaping: https://docs.slack.dev/messaging/formatting-message-text (read 2026-11-29). All that is not ours stands in `plain_text`, in
 * which there is no markup.
 */
const HEADER = 150;
const SECTION = 3_000;
/** Of a part. Blocks of 13,000 characters in all were refused: https://github.com/slackapi/bolt-js/issues/2509 (read 2026-11-29). */
const PART = 3_000;
/** Where a label and its line stand side by side. */
const BRIEF: readonly string[] = ['Environment', 'Spend', 'Who may', 'Runbook', 'When'];
const FIELD = 300;

const COLOURS: Readonly<Record<Word, string>> = {
  CRITICAL: '#c62828',
  WARNING: '#f9a825',
  INFO: '#1565c0',
  OVER: '#2e7d32',
};

/** A message, for an incoming webhook as it is. */
export function slackMessage(telling: Telling) {
  const brief = telling.parts.filter(({ label }) => BRIEF.includes(label)).slice(0, 5);
  const fields = brief.flatMap(({ label, lines }) => [strong(label), plain(escapedUpTo(lines.join(' '), FIELD))]);
  const long = telling.parts.filter(({ label }) => !BRIEF.includes(label));
  const blocks = [
    { type: 'header', text: plain(escapedUpTo(telling.headline, HEADER)) },
    ...long.flatMap(sections),
    ...(fields.length > 0 ? [{ type: 'section', fields }] : []),
  ];
  return {
    text: escapedUpTo(telling.headline, SECTION),
    mrkdwn: false,
    attachments: [{ color: COLOURS[telling.word], blocks }],
  };
}

function sections({ label, lines }: Part) {
  const texts: string[] = [];
  let used = 0;
  for (const [at, line] of lines.entries()) {
    const escaped = escapedUpTo(line, SECTION);
    if (used + escaped.length > PART) {
      texts.push(`and ${lines.length - at} lines more: see the mail`);
      break;
    }
    used += escaped.length;
    const last = texts.at(-1);
    if (last !== undefined && last.length + escaped.length + 1 <= SECTION)
      texts[texts.length - 1] = `${last}\n${escaped}`;
    else texts.push(escaped);
  }
  return [{ type: 'section', text: strong(label) }, ...texts.map((text) => ({ type: 'section', text: plain(text) }))];
}

function plain(text: string) {
  return { type: 'plain_text', text, emoji: false };
}

/** Ours alone. */
function strong(label: string) {
  return { type: 'mrkdwn', text: `*${label}*`, verbatim: true };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Slack's three control characters, of which it makes mentions and links; the whole no longer than it may be, and no entity in halves. */
export function escapedUpTo(text: string, longest: number): string {
  const escaped = (some: string) => some.replace(/[&<>]/g, (one) => ENTITIES[one] ?? '');
  for (let room = Math.min(text.length, longest); ;) {
    const whole = escaped(cut(text, room));
    if (whole.length <= longest) return whole;
    // A character takes five at most.
    room -= Math.ceil((whole.length - longest) / 5);
  }
}

export function slackWebhookRequest(url: string, telling: Telling): HttpRequest {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { url, headers, body: JSON.stringify(slackMessage(telling)) };
}

/** https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks (read 2026-11-29): errors are words in the body. */
export function slackWebhookOutcome(answer: HttpAnswer, now: number): Outcome {
  const common = commonOutcome(answer, now);
  if (common !== undefined || answer.kind !== 'answered') return common ?? { kind: 'later', why: 'no answer' };
  const word = safeWord(answer.body);
  if (answer.status === 200 && word === 'ok') return { kind: 'delivered' };
  if (answer.status < 300) {
    const why = word === undefined ? `Slack answers HTTP ${answer.status} and not ok` : `Slack answers ${word}`;
    return { kind: 'refused', of: 'channel', code: codeOf(word) ?? 'gone', why };
  }
  return answeredRefusal(answer, codeOf(word), word, 'Slack');
}

/** What the bot sends. @param api `https://slack.com/api` */
export interface SlackCall {
  readonly api: string;
  readonly token: string;
  readonly channelId: string;
}

/** What the guard's messages are known by. */
const EVENT_TYPE = 'spend_guard_notice';

/** https://docs.slack.dev/reference/methods/chat.postMessage and chat.update (read 2026-11-29). @param ref of the message that it takes the place of */
export function slackBotRequest(call: SlackCall, telling: Telling, id: string, ref: string | undefined): HttpRequest {
  const message = {
    channel: call.channelId,
    ...slackMessage(telling),
    ...{ parse: 'none', link_names: false },
    // https://docs.slack.dev/messaging/message-metadata (read 2026-11-29): seen by apps, not by people.
    metadata: { event_type: EVENT_TYPE, event_payload: { id } },
  };
  const only = ref === undefined ? { unfurl_links: false, unfurl_media: false } : { ts: ref };
  const method = ref === undefined ? 'chat.postMessage' : 'chat.update';
  return {
    url: `${call.api}/${method}`,
    headers: { 'content-type': 'application/json; charset=utf-8', ...bearer(call) },
    body: JSON.stringify({ ...message, ...only }),
  };
}

/** https://docs.slack.dev/reference/methods/conversations.history (read 2026-11-29). @param since ms since the epoch */
export function slackHistoryRequest(call: SlackCall, since: number): HttpRequest {
  const url = new URL(`${call.api}/conversations.history`);
  const oldest = String(Math.floor(since / 1000));
  for (const [name, value] of Object.entries({
    channel: call.channelId,
    include_all_metadata: 'true',
    oldest,
    limit: '100',
  })) {
    url.searchParams.set(name, value);
  }
  return { url: url.href, method: 'GET', headers: bearer(call) };
}

function bearer({ token }: SlackCall) {
  return { authorization: `Bearer ${token}` };
}

/** What the bot's call came to. `gone`: the message that was to be changed is not there, or may not be changed any more. */
export function slackBotOutcome(answer: HttpAnswer, now: number): Outcome | { readonly kind: 'noMessage' } {
  const common = commonOutcome(answer, now);
  if (common !== undefined || answer.kind !== 'answered') return common ?? { kind: 'later', why: 'no answer' };
  const { ok, error, ts } = objectOf(answer.body);
  if (ok === true && typeof ts === 'string') return { kind: 'delivered', ref: ts };
  const word = safeWord(error);
  if (ok !== false || word === undefined) {
    return { kind: 'doubtful', why: `Slack answers HTTP ${answer.status} without saying whether it is done` };
  }
  const why = `Slack answers ${word}`;
  if (NO_MESSAGE.has(word)) return { kind: 'noMessage' };
  if (LATER.has(word)) return { kind: 'later', why };
  // "It's possible some aspect of the operation succeeded", says its page.
  if (word === 'fatal_error') return { kind: 'doubtful', why };
  const code = codeOf(word) ?? 'messageRefused';
  return { kind: 'refused', of: code === 'messageRefused' ? 'message' : 'channel', code, why };
}

/** Whether a message of that id is there. `forbidden`: it may not look, or sees a part alone. `unknown`: it got no answer. */
export function slackFound(
  answer: HttpAnswer,
  id: string,
): { readonly kind: 'found'; readonly ref: string } | { readonly kind: 'absent' | 'forbidden' | 'unknown' } {
  if (answer.kind !== 'answered') return { kind: 'unknown' };
  const { ok, error, messages, has_more: hasMore } = objectOf(answer.body);
  if (ok === true && Array.isArray(messages)) {
    for (const message of messages as readonly unknown[]) {
      const { ts, metadata } = (message ?? {}) as { ts?: unknown; metadata?: { event_payload?: { id?: unknown } } };
      if (metadata?.event_payload?.id === id && typeof ts === 'string') return { kind: 'found', ref: ts };
    }
    // In what is not shown it may be.
    return { kind: hasMore === true ? 'forbidden' : 'absent' };
  }
  return { kind: error === 'missing_scope' || error === 'not_in_channel' ? 'forbidden' : 'unknown' };
}

const NO_MESSAGE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
const LATER = new Set(['ratelimited', 'rate_limited', 'internal_error', 'service_unavailable', 'request_timeout']);

/** Errors of chat.postMessage, of every method, and of webhooks, from their pages. */
const CODES: readonly (readonly [TroubleCode, readonly string[]])[] = [
  [
    'revoked',
    ['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'not_allowed_token_type'],
  ],
  ['revoked', ['invalid_token', 'no_service', 'no_service_id', 'no_team', 'team_disabled']],
  ['gone', ['channel_not_found', 'is_archived', 'channel_is_archived', 'user_not_found']],
  ['notAllowed', ['not_in_channel', 'missing_scope', 'no_permission', 'access_denied', 'accesslimited']],
  ['notAllowed', ['restricted_action', 'action_prohibited', 'ekm_access_denied', 'team_access_not_granted']],
  ['notAllowed', ['posting_to_general_channel_denied', 'org_login_required', 'enterprise_is_restricted']],
];

function codeOf(word: string | undefined): TroubleCode | undefined {
  if (word === undefined) return undefined;
  if (word.startsWith('restricted_action')) return 'notAllowed';
  return CODES.find(([, words]) => words.includes(word))?.[0];
}
