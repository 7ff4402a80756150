import { record } from './json';

/** Where models' own bodies have such fields when not at their top. */
const INSIDE = ['inferenceConfig', 'textGenerationConfig', 'additionalModelRequestFields'];

/**
 * Whether the caller wants answers that differ: a temperature or top_p above 0, or several at once. One answer given to all
 * who ask would not be what was asked for.
 * @param request the input of Converse, or the parsed body of InvokeModel
 */
export function asksForVariety(request: unknown): boolean {
  const fields = record(request);
  const { temperature, top_p, topP, p, n, num_generations, numResults } = fields;
  if (above(temperature, 0) || above(top_p, 0) || above(topP, 0) || above(p, 0)) return true;
  if (above(n, 1) || above(num_generations, 1) || above(numResults, 1)) return true;
  for (const name of INSIDE) if (fields[name] !== undefined && asksForVariety(fields[name])) return true;
  return false;
}

function above(value: unknown, least: number): boolean {
  return value !== undefined && value !== null && !(Number(value) <= least);
}
