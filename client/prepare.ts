import type { CompleteClientModel } from '../core/in-path/config';
import { targetOf } from '../core/in-path/models';
import { isConverse, type MeteredOperation } from '../core/in-path/operations';
import { converseShape, record, type RequestShape } from '../core/in-path/request';
import { readInvokeBody } from './body';
import { unpriced } from './attempt';

/** The input as it is sent to `model`: a copy where something is added, since the caller's is his to send again (T15). */
export interface Prepared {
  readonly input: object;
  readonly shape: RequestShape;
  readonly maxTokens: number;
}

/** @throws SpendGuardRefused where the request cannot be bounded */
export function prepare(
  operation: MeteredOperation,
  input: object,
  model: CompleteClientModel,
  defaultMaxTokens: number,
): Prepared {
  const modelId = targetOf(model);
  if (isConverse(operation)) {
    const shape = converseShape(input);
    const maxTokens = shape.maxTokens ?? defaultMaxTokens;
    const inferenceConfig = { ...record(record(input)['inferenceConfig']) };
    // Also where another field sets a limit: the check before sending wants one in the place that all models know.
    inferenceConfig['maxTokens'] ??= maxTokens;
    return { input: { ...input, modelId, inferenceConfig }, shape: { ...shape, maxTokens }, maxTokens };
  }
  const body = readInvokeBody(model.id, record(input)['body']);
  if (!body) {
    throw unpriced(
      model.name,
      'its body is no JSON object, or of a model whose bodies are not known here; Converse can be bounded for every model',
    );
  }
  const { shape } = body;
  if (shape.maxTokens !== undefined) return { input: { ...input, modelId }, shape, maxTokens: shape.maxTokens };
  const limited = Buffer.from(JSON.stringify(body.withMaxTokens(defaultMaxTokens)));
  return {
    input: { ...input, modelId, body: limited },
    shape: { ...shape, maxTokens: defaultMaxTokens },
    maxTokens: defaultMaxTokens,
  };
}
