import { formatUsd } from '../money';
import type { Notice } from '../notice';
import { answeredRefusal, commonOutcome } from './answers';
import type { Home } from './home';
import type { Outcome } from './outcome';
import type { DigestPort, HttpAnswer, HttpRequest } from './ports';

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, version 1.0.0 (read 2026-11-29). */
const SECRET_PREFIX = 'whsec_';
/** "At least 24 bytes (192 bits, 512 maximum)": bits, by its own libraries 24 to 64 bytes. */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/** The version of the body; what is added to it changes nothing. */
export const WEBHOOK_VERSION = 1;

/** @returns the key in Base64; undefined for what is no secret of Standard Webhooks */
export function webhookKey(secret: string): string | undefined {
  if (!secret.startsWith(SECRET_PREFIX)) return undefined;
  const key = secret.slice(SECRET_PREFIX.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key) || key.length % 4 !== 0) return undefined;
  const bytes = (key.length / 4) * 3 - (/=*$/.exec(key)?.[0].length ?? 0);
  return bytes >= LEAST_BYTES && bytes <= MOST_BYTES ? key : undefined;
}

export interface WebhookCall {
  readonly url: string;
  readonly key: string;
  /** The same for each try of one message, and of no other: what the receiver knows doubles by. */
  readonly id: string;
  readonly now: number;
  readonly home: Home;
}

export function webhookRequest(
  { url, key, id, now, home }: WebhookCall,
  notice: Notice,
  { sign }: Pick<DigestPort, 'sign'>,
): HttpRequest {
  const body = JSON.stringify(webhookBody(notice, home));
  const timestamp = String(Math.floor(now / 1000));
  return {
    url,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${sign(key, `${id}.${timestamp}.${body}`)}`,
    },
    body,
  };
}

/** Amounts as whole nano-dollars, which are exact, and for people. */
export function webhookBody(notice: Notice, home: Home) {
  const { schemaVersion: _, at, spend, ...rest } = notice;
  return {
    type: `spend_guard.notice.${notice.status}`,
    timestamp: new Date(at).toISOString(),
    schemaVersion: WEBHOOK_VERSION,
    data: {
      ...rest,
      ...home,
      at: new Date(at).toISOString(),
      ...(spend && {
        spend: {
          amountNanoUsd: spend.amount,
          limitNanoUsd: spend.limit,
          isLowerBound: spend.lowerBound ?? false,
          amount: formatUsd(spend.amount),
          limit: formatUsd(spend.limit),
        },
      }),
    },
  };
}

/** Any 2xx is taken; "410 Gone" asks to stop. */
export function webhookOutcome(answer: HttpAnswer, now: number): Outcome {
  const common = commonOutcome(answer, now);
  if (common !== undefined || answer.kind !== 'answered') return common ?? { kind: 'later', why: 'no answer' };
  return answer.status < 300 ? { kind: 'delivered' } : answeredRefusal(answer, undefined, undefined, 'It');
}
