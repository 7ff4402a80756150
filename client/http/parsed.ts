import { parseJson, type Body } from '../body';

const known = new WeakMap<Buffer, unknown>();

/** A request's body as JSON, parsed once for all who look at it: nobody changes it. Undefined where it is none. */
export function parsedBody(body: Body): unknown {
  if (typeof body === 'string') return parseJson(body);
  if (!known.has(body)) known.set(body, parseJson(body));
  return known.get(body);
}
