import {
  type CompleteClientModel,
  refusedFamily,
  answerLimit,
  type AnswerLimit,
  targetOf,
  isConverse,
  type MeteredOperation,
  converseShape,
  type RequestShape,
  record,
} from '../core/in-path';
import { unpriced } from './attempt';
import { readInvokeBody } from './body';

/** The input as it is sent to `model`: a copy where something is added, since the caller's is his to send again (T15). */
export interface Prepared {
  readonly input: object;
  readonly shape: RequestShape;
  readonly limit: AnswerLimit;
}

/**
 * @param scarce the budget has no room for what the model itself would stop at
 * @throws SpendGuardRefused where the request cannot be bounded
 */
export function prepare(
  operation: MeteredOperation,
  input: object,
  model: CompleteClientModel,
  defaultMaxTokens: number,
  scarce = false,
): Prepared {
  const modelId = targetOf(model);
  const limitOf = (shape: RequestShape) => {
    const limit = answerLimit(shape, model.maxOutputTokens, defaultMaxTokens);
    if (limit.kind === 'unknown') throw unpriced(model.name, limit.why);
    return limit;
  };
  const toSet = (limit: AnswerLimit) =>
    limit.kind === 'set' ? ((scarce ? limit.otherwise : undefined) ?? limit.maxTokens) : undefined;
  if (isConverse(operation)) {
    const shape = converseShape(input);
    const limit = limitOf(shape);
    // Also where another field sets a limit: the check before sending wants one in the place that all models know.
    const maxTokens = toSet(limit) ?? shape.maxTokens;
    const { inferenceConfig } = record(input) as { inferenceConfig?: { maxTokens?: unknown } };
    const asIs = maxTokens === undefined || typeof inferenceConfig?.maxTokens === 'number';
    return {
      input: { ...input, modelId, ...(asIs ? {} : { inferenceConfig: { ...inferenceConfig, maxTokens } }) },
      shape,
      limit,
    };
  }
  const body = readInvokeBody(model.id, record(input)['body']);
  if (!body) {
    throw unpriced(
      model.name,
      refusedFamily(model.id) ??
        'its body is no JSON object, or of a model whose bodies are not known here; Converse can be bounded for every model',
    );
  }
  const { shape } = body;
  const limit = limitOf(shape);
  const maxTokens = toSet(limit);
  if (maxTokens === undefined) return { input: { ...input, modelId }, shape, limit };
  return {
    input: { ...input, modelId, body: Buffer.from(JSON.stringify(body.withMaxTokens(maxTokens))) },
    shape,
    limit,
  };
}
