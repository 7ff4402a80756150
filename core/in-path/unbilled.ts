import { list, record } from './json';

type Json = Readonly<Record<string, unknown>>;

const COUNTS = /^(inputTextTokenCount|totalOutputTextTokenCount|tokenCount|prompt_token_count|generation_token_count)$/;
const USAGE = ['usage', 'amazon-bedrock-invocationMetrics'];
/** Where models' own formats have a usage, or results with counts. */
const AROUND = ['message', 'metadata', 'results'];

/** The same answer, event or body with every count of its usage at 0: given again, nobody is billed for it. */
export function unbilled(answer: unknown): unknown {
  if (Array.isArray(answer)) return list(answer).map(unbilled);
  if (typeof answer !== 'object' || answer === null) return answer;
  return Object.fromEntries(
    Object.entries(answer as Json).map(([name, value]) => {
      if (USAGE.includes(name)) return [name, zeroed(value)];
      if (AROUND.includes(name)) return [name, unbilled(value)];
      return [name, COUNTS.test(name) && typeof value === 'number' ? 0 : value];
    }),
  );
}

/** Times are no counts. */
function zeroed(value: unknown): unknown {
  if (Array.isArray(value)) return list(value).map(zeroed);
  if (typeof value === 'number') return 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(record(value)).map(([name, inner]) => [name, /latency/i.test(name) ? inner : zeroed(inner)]),
  );
}
