import type { RefusalCode } from '../../core/in-path/refusal';
import type { SpendGuardRefused } from '../refusal';
import type { HttpAnswer } from './message';

/** No client repeats a 400 or a 402 by itself; 429 says when to come back. */
const STATUS: Readonly<Partial<Record<RefusalCode, number>>> = {
  BUDGET_EXHAUSTED: 402,
  DEGRADED: 402,
  STOPPED: 402,
  RATE_LIMITED: 429,
};

/** In the shape of Bedrock's own errors: AWS's SDKs name the error by the header, others show the message. */
export function refusalAnswer({ name, code, message, retryAfterSeconds }: SpendGuardRefused): HttpAnswer {
  const again = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const body = Buffer.from(JSON.stringify({ message, code, ...again }));
  return {
    status: STATUS[code] ?? 400,
    headers: {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'x-amzn-errortype': name,
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body,
  };
}
