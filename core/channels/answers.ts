import { MINUTE_MS } from '../calendar';
import type { Outcome, TroubleCode } from './outcome';
import type { HttpAnswer } from './ports';

export type Answered = Extract<HttpAnswer, { kind: 'answered' }>;

/** What is no answer of the service, or one by which any service says that it is not well. @returns undefined: the service has to be asked what it means */
export function commonOutcome(answer: HttpAnswer, now: number): Outcome | undefined {
  switch (answer.kind) {
    case 'unsent':
      return { kind: 'later', why: `it cannot be reached: ${answer.why}` };
    case 'unanswered':
      return { kind: 'doubtful', why: `it was asked and gave no answer: ${answer.why}` };
    case 'answered':
      return answer.status < 300 ? undefined : unwell(answer, now);
  }
}

function unwell(answer: Answered, now: number): Outcome | undefined {
  const { status } = answer;
  const why = `it answers HTTP ${status}`;
  if (status === 429) return { kind: 'later', why, ...waitOf(answer.retryAfter, now) };
  // Whatever failed there may have failed after it was done.
  if (status >= 500) return { kind: 'doubtful', why, ...waitOf(answer.retryAfter, now) };
  if (status === 408) return { kind: 'later', why, ...waitOf(answer.retryAfter, now) };
  if (status < 400)
    return { kind: 'refused', of: 'channel', code: 'gone', why: `${why}, a redirect: none is followed` };
  return undefined;
}

/** A number of seconds, or a date: RFC 9110, section 10.2.3. */
function waitOf(retryAfter: string | undefined, now: number): { readonly afterMs?: number } {
  if (retryAfter === undefined) return {};
  const seconds = /^\d{1,9}$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now;
  return Number.isFinite(seconds) && seconds > 0 ? { afterMs: Math.min(seconds, 60 * MINUTE_MS) } : {};
}

/** What a service calls its refusal, where it is a word: an answer may quote what was sent, address and all. */
export function safeWord(text: unknown): string | undefined {
  return typeof text === 'string' && /^[a-z][a-z0-9_]{1,59}$/.test(text.trim()) ? text.trim() : undefined;
}

/** What a status of 4xx means where the service says no more. @param code what its own word means */
export function answeredRefusal(
  { status }: Answered,
  code: TroubleCode | undefined,
  word: string | undefined,
  who: string,
): Outcome {
  const why = `${who} answers HTTP ${status}${word === undefined ? '' : ` ${word}`}`;
  const meant = code ?? BY_STATUS[status] ?? 'messageRefused';
  return { kind: 'refused', of: meant === 'messageRefused' ? 'message' : 'channel', code: meant, why };
}

const BY_STATUS: Readonly<Record<number, TroubleCode>> = { 401: 'revoked', 403: 'revoked', 404: 'gone', 410: 'gone' };

/** What a service answers is JSON, and from elsewhere anything: without what it would name. */
export function objectOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
