import { isConverse, record } from '../../core/in-path';
import { unpriced } from '../attempt';
import type { Call } from '../call';
import type { HttpAsked } from './message';
import { parsedBody } from './parsed';

/** Digits that JSON in JavaScript would round. */
const LONG_NUMBER = /\d{16}/;

/**
 * The request as the guard's plugin would send it, where nobody has signed it yet: to the id or profile of the config, and with a
 * limit of tokens where it has none. What has one keeps its bytes.
 * @param input as it was prepared for the call
 * @throws SpendGuardRefused on a body that cannot be read
 */
export function asSent({ operation, target, model }: Call, asked: HttpAsked, input: object): HttpAsked {
  if (!isObject(parsedBody(asked.body))) throw unpriced(model.name, 'its body is no JSON object');
  const at = asked.path.lastIndexOf('/model/');
  const path = `${asked.path.slice(0, at)}/model/${encodeURIComponent(target)}/${asked.path.slice(asked.path.lastIndexOf('/') + 1)}`;
  return { ...asked, path, body: isConverse(operation) ? limited(asked, input) : changed(asked, input) };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function limited({ body }: HttpAsked, input: object): HttpAsked['body'] {
  const parsed = record(parsedBody(body));
  const { inferenceConfig } = record(input) as { readonly inferenceConfig?: { readonly maxTokens?: unknown } };
  if (inferenceConfig?.maxTokens === record(parsed['inferenceConfig'])['maxTokens']) return body;
  const text = body.toString('utf8');
  if ('inferenceConfig' in parsed) {
    return LONG_NUMBER.test(text) ? body : Buffer.from(JSON.stringify({ ...parsed, inferenceConfig }));
  }
  const end = text.lastIndexOf('}');
  const comma = Object.keys(parsed).length === 0 ? '' : ',';
  return Buffer.from(
    `${text.slice(0, end)}${comma}"inferenceConfig":${JSON.stringify(inferenceConfig)}${text.slice(end)}`,
  );
}

/** Of InvokeModel: the same bytes, or a body with the limit added. */
function changed({ body }: HttpAsked, input: object): HttpAsked['body'] {
  const prepared = record(input)['body'];
  if (prepared === body || !(prepared instanceof Buffer) || LONG_NUMBER.test(body.toString('latin1'))) return body;
  return prepared;
}
