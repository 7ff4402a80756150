import type { Random } from '../../../simulator/random';
import type { Kind } from './case';
import { h1, plain, type Plain } from './requests';
import type { Http1Case } from './send-h1';

/** A body of more is too large; the server under test is told so. */
export const MOST_BYTES = 64 * 1024;

export const sent = (...pieces: readonly Buffer[]): Http1Case => ({ protocol: 'h1', pieces });

/** The request, with something done to its line and headers. */
export function altered(change: (random: Random, whole: Plain) => Partial<Plain>): Kind['make'] {
  return (random, id, host) => {
    const whole = plain(random, id);
    return sent(h1({ ...whole, ...change(random, whole) }, host));
  };
}

export function withHeaders(
  headers: (random: Random, whole: Plain, host: string) => Parameters<typeof h1>[2],
): Kind['make'] {
  return (random, id, host) => {
    const whole = plain(random, id);
    return sent(h1(whole, host, headers(random, whole, host)));
  };
}

export function withBody(body: (random: Random, whole: Plain) => Buffer): Kind['make'] {
  return altered((random, whole) => ({ body: body(random, whole) }));
}

export const operationOf = ({ path }: Plain) => path.slice(path.lastIndexOf('/') + 1);

export const never = (make: Kind['make']): Kind => ({ reaches: 'never', make });
export const maybe = (make: Kind['make']): Kind => ({ reaches: 'maybe', make });
export const always = (make: Kind['make']): Kind => ({ reaches: 'always', make });
