import { at, bodyFields, leads, set } from './body-fields';
import { isJson, list, numberOrNaN, type Json } from './json';
import { largest, type RequestShape } from './request';

/** How a family of models takes the limit of its answer in the body of InvokeModel. */
interface Family {
  readonly prefix: string;
  /** All that the family reads, the one to set first; dots lead into objects. */
  readonly maxTokens: readonly string[];
}

/**
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html and the pages under it (2026-11). A family
 * that is not here cannot be bounded: its callers use Converse.
 */
const FAMILIES: readonly Family[] = [
  { prefix: 'anthropic.', maxTokens: ['max_tokens', 'max_tokens_to_sample'] },
  { prefix: 'amazon.nova', maxTokens: ['inferenceConfig.maxTokens', 'inferenceConfig.max_new_tokens'] },
  { prefix: 'amazon.titan-text', maxTokens: ['textGenerationConfig.maxTokenCount'] },
  { prefix: 'meta.llama', maxTokens: ['max_gen_len'] },
  { prefix: 'mistral.', maxTokens: ['max_tokens'] },
  { prefix: 'openai.', maxTokens: ['max_completion_tokens', 'max_tokens'] },
  { prefix: 'qwen.', maxTokens: ['max_tokens', 'max_completion_tokens'] },
  { prefix: 'deepseek.', maxTokens: ['max_tokens', 'max_completion_tokens'] },
];

function familyOf(modelId: string): Family | undefined {
  return FAMILIES.find(({ prefix }) => modelId.startsWith(prefix));
}

/**
 * Only input costs. https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html and
 * .../model-parameters-embed.html (2026-11)
 */
const EMBEDDINGS: readonly { readonly prefix: string; readonly texts: string; readonly images?: string }[] = [
  { prefix: 'amazon.titan-embed-text', texts: 'inputText' },
  { prefix: 'cohere.embed', texts: 'texts', images: 'images' },
];

/** What is not paid by the token, or not by these prices: https://aws.amazon.com/bedrock/pricing/ (2026-11). */
const REFUSED: readonly { readonly prefix: string; readonly why: string }[] = [
  { prefix: 'amazon.titan-embed-image', why: 'an embedding of images is paid by the image' },
  { prefix: 'amazon.titan-image', why: 'images are paid by the piece' },
  { prefix: 'amazon.nova-canvas', why: 'images are paid by the piece' },
  { prefix: 'amazon.nova-reel', why: 'videos are paid by the second' },
  { prefix: 'amazon.rerank', why: 'reranking is paid by the query' },
  { prefix: 'cohere.rerank', why: 'reranking is paid by the query' },
  { prefix: 'stability.', why: 'images are paid by the piece' },
];

/** Why no body of this model can be bounded; undefined where nothing is known of it. */
export function refusedFamily(modelId: string): string | undefined {
  const unscoped = modelId.slice(modelId.indexOf('.') + 1);
  return REFUSED.find(({ prefix }) => modelId.startsWith(prefix) || unscoped.startsWith(prefix))?.why;
}

function embedding(modelId: string, body: Json): InvokeBody | undefined {
  const unscoped = modelId.slice(modelId.indexOf('.') + 1);
  const family = EMBEDDINGS.find(({ prefix }) => modelId.startsWith(prefix) || unscoped.startsWith(prefix));
  if (!family) return undefined;
  const fields = bodyFields(body);
  const images = family.images === undefined ? undefined : body[family.images];
  const withImages = images !== undefined && images !== null && (!Array.isArray(images) || images.length > 0);
  return {
    shape: {
      maxTokens: 0,
      noAnswer: true,
      messages: Math.max(1, list(body[family.texts]).length, list(body['inputs']).length),
      tools: false,
      cacheWrite: false,
      media: fields.media,
      mediaBytes: fields.mediaBytes,
      answers: 1,
      guardrail: 'amazon-bedrock-guardrailConfig' in body,
      unpriced: [...fields.unpriced, ...(withImages ? ['an embedding of images'] : [])],
    },
    withMaxTokens: () => body,
  };
}

export interface InvokeBody {
  readonly shape: RequestShape;
  /** The body with the limit set where the caller set none; the same object where it has one. */
  withMaxTokens(maxTokens: number): Json;
}

/** Undefined where this model's bodies cannot be bounded, or this one is no JSON object. @param modelId with its scope, or without */
export function invokeBody(modelId: string, parsed: unknown): InvokeBody | undefined {
  if (isJson(parsed)) {
    const embeds = embedding(modelId, parsed);
    if (embeds) return embeds;
  }
  const family = familyOf(modelId) ?? familyOf(modelId.slice(modelId.indexOf('.') + 1));
  if (!family || !isJson(parsed)) return undefined;
  const body = parsed;
  const fields = bodyFields(body);
  // Only what the family reads is a limit; what another would read may still be one of tomorrow's, so it counts beside.
  const own = family.maxTokens.map((path) => at(body, path)).filter((value) => value !== undefined && value !== null);
  const first = family.maxTokens[0] ?? 'max_tokens';
  const limits = leads(body, first) ? own.map(numberOrNaN) : [Number.NaN];
  return {
    shape: {
      maxTokens: limits.length > 0 ? largest([...limits, ...fields.limits, ...thinking(fields.thinking)]) : undefined,
      messages: list(body['messages']).length,
      tools: list(body['tools']).length > 0 || 'toolConfig' in body,
      cacheWrite: fields.cacheWrite,
      media: fields.media,
      mediaBytes: fields.mediaBytes,
      answers: fields.answers,
      guardrail: 'amazon-bedrock-guardrailConfig' in body,
      unpriced: fields.unpriced,
      longContext: fields.longContext,
      thinking: fields.thinking,
      takesNoLimit: fields.takesNoLimit,
    },
    withMaxTokens: (limit) => (limits.length === 0 ? set(body, first, limit) : body),
  };
}

function thinking(budget: number | undefined): readonly number[] {
  return budget === undefined ? [] : [budget];
}
