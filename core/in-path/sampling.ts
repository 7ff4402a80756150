import { record } from './request';

const SAMPLING = ['temperature', 'top_p', 'topP', 'p'];
const ANSWERS = ['n', 'num_generations', 'numResults'];
/** Where models' own bodies have such fields when not at their top. */
const INSIDE = ['inferenceConfig', 'textGenerationConfig', 'additionalModelRequestFields'];

/**
 * Whether the caller wants answers that differ: a temperature or top_p above 0, or several at once. One answer given to all
 * who ask would not be what was asked for.
 * @param request the input of Converse, or the parsed body of InvokeModel
 */
export function asksForVariety(request: unknown): boolean {
  const fields = record(request);
  return (
    SAMPLING.some((name) => above(fields[name], 0)) ||
    ANSWERS.some((name) => above(fields[name], 1)) ||
    INSIDE.some((name) => fields[name] !== undefined && asksForVariety(fields[name]))
  );
}

function above(value: unknown, least: number): boolean {
  return value !== undefined && value !== null && !(Number(value) <= least);
}
