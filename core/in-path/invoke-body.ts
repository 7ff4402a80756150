import {
  betaProblem,
  isNumber,
  latencyProblem,
  list,
  MEDIA,
  record,
  tierProblem,
  type MediaKind,
  type RequestShape,
} from './request';

type Json = Record<string, unknown>;

/** How a family of models takes the limit of its answer in the body of InvokeModel. */
interface Family {
  readonly prefix: string;
  /** All that the family reads, the one to set first; dots lead into objects. */
  readonly maxTokens: readonly string[];
  /** How many answers one request may ask for. */
  readonly answers?: string;
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
  { prefix: 'mistral.', maxTokens: ['max_tokens'], answers: 'n' },
  { prefix: 'openai.', maxTokens: ['max_completion_tokens', 'max_tokens'], answers: 'n' },
  { prefix: 'qwen.', maxTokens: ['max_tokens', 'max_completion_tokens'], answers: 'n' },
  { prefix: 'deepseek.', maxTokens: ['max_tokens', 'max_completion_tokens'], answers: 'n' },
];

export interface InvokeBody {
  readonly shape: RequestShape;
  /** The body with the limit set where the caller set none; the same object where it has one. */
  withMaxTokens(maxTokens: number): Json;
}

/** Undefined where this model's bodies cannot be bounded, or this one is no JSON object. @param modelId the base id */
export function invokeBody(modelId: string, parsed: unknown): InvokeBody | undefined {
  const family = FAMILIES.find(({ prefix }) => modelId.startsWith(prefix));
  if (!family || typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const body = parsed as Json;
  const limits = family.maxTokens.map((path) => at(body, path)).filter(isNumber);
  const found = new Findings();
  found.visit(body);
  const answers = family.answers === undefined ? 1 : (at(body, family.answers) ?? 1);
  const maxTokens = limits.length > 0 ? Math.max(...limits) : undefined;
  return {
    shape: {
      maxTokens,
      messages: list(body['messages']).length,
      tools: list(body['tools']).length > 0 || 'toolConfig' in body,
      cacheWrite: found.cacheWrite,
      media: found.media,
      mediaBytes: found.mediaBytes,
      answers: isNumber(answers) && Number.isInteger(answers) && answers >= 1 ? answers : Number.NaN,
      guardrail: 'amazon-bedrock-guardrailConfig' in body,
      unpriced: [
        ...found.unpriced,
        ...tierProblem(body['service_tier'] === 'auto' ? undefined : body['service_tier']),
        ...latencyProblem(record(body['performanceConfig'])['latency']),
        ...betaProblem(body['anthropic_beta']),
        ...('mcp_servers' in body ? ["tools that run at the provider ('mcp_servers')"] : []),
      ],
    },
    withMaxTokens: (limit) => (maxTokens === undefined ? set(body, family.maxTokens[0] ?? 'max_tokens', limit) : body),
  };
}

/** Blocks say what they are by a `type` (Anthropic, OpenAI) or by the name of their content (Nova). */
const KIND_BY_TYPE: Readonly<Record<string, MediaKind>> = {
  image: 'image',
  image_url: 'image',
  document: 'document',
  file: 'document',
  video: 'video',
  audio: 'audio',
  input_audio: 'audio',
};

class Findings {
  cacheWrite = false;
  mediaBytes = 0;
  readonly media: Record<string, number> = {};
  readonly unpriced: string[] = [];

  visit(value: unknown): void {
    if (Array.isArray(value)) for (const each of value) this.visit(each);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const block = value as Json;
    if ('cache_control' in block || 'cachePoint' in block) this.cacheWrite = true;
    if ('systemTool' in block) this.unpriced.push("a tool that runs at the provider ('systemTool')");
    const type = block['type'];
    if (typeof type === 'string' && /^(web_search|web_fetch|code_execution)/.test(type)) {
      this.unpriced.push(`a tool that runs at the provider ('${type}')`);
    }
    const kind = typeof type === 'string' ? KIND_BY_TYPE[type] : MEDIA.find((each) => hasSource(block[each]));
    if (kind) {
      this.media[kind] = (this.media[kind] ?? 0) + 1;
      this.mediaBytes += base64Bytes(block);
      return;
    }
    for (const each of Object.values(block)) this.visit(each);
  }
}

function hasSource(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'source' in value;
}

/** The longest string of the block: its data, where it is inline. Left out of the text's bytes, so never too much. */
function base64Bytes(block: unknown): number {
  if (typeof block === 'string') return /^[A-Za-z0-9+/=:;,.-]*$/.test(block) ? block.length : 0;
  if (typeof block !== 'object' || block === null) return 0;
  return Math.max(0, ...Object.values(block).map(base64Bytes));
}

function at(body: Json, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => record(value)[name], body);
}

function set(body: Json, path: string, value: number): Json {
  const [name = '', ...rest] = path.split('.');
  return { ...body, [name]: rest.length === 0 ? value : set(record(body[name]), rest.join('.'), value) };
}
