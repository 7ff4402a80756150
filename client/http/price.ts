import {
  mostItCosts,
  type Bounds,
  isConverse,
  withInvokeOptions,
  record,
  converseShape,
  type RequestShape,
} from '../../core/in-path';
import { unpriced } from '../attempt';
import { readInvokeBody, textBytes } from '../body';
import type { Call } from '../call';
import { SpendGuardRefused } from '../refusal';
import type { HttpAsked } from './message';
import { parsedBody } from './parsed';

/** The most that a request can cost as it is sent: what has been signed was given neither a limit nor another id. @throws SpendGuardRefused */
export function price(call: Call, modelId: string, asked: HttpAsked, bounds: Bounds) {
  const { model, target } = call;
  if (modelId !== target) {
    throw new SpendGuardRefused({
      code: 'UNKNOWN_PRICE',
      message: `this client signs its requests before the guard has them, so it must ask for ${model.name} by '${target}' itself, not by '${modelId}'.`,
    });
  }
  const shape = shapeOf(call, asked);
  const maxTokens = shape.maxTokens ?? (shape.takesNoLimit === true ? call.withoutLimit : undefined);
  if (maxTokens === undefined) {
    throw unpriced(
      model.name,
      'it sets no limit of tokens, and none could be added to it as it stands: set the maxTokens (max_tokens) of the client',
    );
  }
  const most = mostItCosts({ ...shape, maxTokens }, textBytes(asked.body), model, bounds);
  if ('unknown' in most) throw unpriced(model.name, most.unknown);
  return { amount: most.amount, maxTokens };
}

function shapeOf({ operation, model }: Call, { headers, body }: HttpAsked): RequestShape {
  if (isConverse(operation)) return converseShape(record(parsedBody(body)));
  const read = readInvokeBody(model.id, body);
  if (!read) throw unpriced(model.name, 'its body is no JSON object, or of a model whose bodies are not known here');
  return withInvokeOptions(read.shape, {}, headers);
}
