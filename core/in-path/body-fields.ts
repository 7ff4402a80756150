import { MEDIA, type MediaKind } from './media';
import { isJson, latencyProblem, longContextFlag, numberOrNaN, record, tierProblem, type Json } from './json';

/** What the fields of a model's own request say: all of a body of InvokeModel, or Converse's additional fields. */
export interface BodyFields {
  /** Every limit of the answer that is given, by whichever name; NaN for one that is no number. */
  readonly limits: readonly number[];
  /** Tokens that the model may think with, where it is told; NaN for what is no number. */
  readonly thinking: number | undefined;
  /** Nova 2 at its highest effort refuses a limit. */
  readonly takesNoLimit: boolean;
  readonly answers: number;
  readonly cacheWrite: boolean;
  readonly media: Readonly<Record<string, number>>;
  readonly mediaBytes: number;
  readonly unpriced: readonly string[];
  /** The flag that asks for a long context. */
  readonly longContext?: string | undefined;
}

/** Names under which models take the limit of their answer; dots lead into objects. */
const LIMITS = [
  'max_tokens',
  'max_completion_tokens',
  'max_tokens_to_sample',
  'max_gen_len',
  'max_new_tokens',
  'maxTokens',
  'maxTokenCount',
  'inferenceConfig.maxTokens',
  'inferenceConfig.max_new_tokens',
  'textGenerationConfig.maxTokenCount',
];

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html and the pages under it (2026-11). */
const ANSWERS = ['n', 'best_of', 'num_generations', 'numResults'];

/** https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html (2026-11). */
const THINKING = ['thinking.budget_tokens', 'reasoning_config.budget_tokens'];

/** https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html (2026-11). */
const EFFORT = ['reasoningConfig.maxReasoningEffort', 'inferenceConfig.reasoningConfig.maxReasoningEffort'];

/** Of most requests of Converse. */
const NO_FIELDS: BodyFields = {
  limits: [],
  thinking: undefined,
  takesNoLimit: false,
  answers: 1,
  cacheWrite: false,
  media: {},
  mediaBytes: 0,
  unpriced: [],
};

export function bodyFields(body: Json): BodyFields {
  if (Object.keys(body).length === 0) return NO_FIELDS;
  const found = new Findings();
  found.visit(body);
  const given = (names: readonly string[]) =>
    names.flatMap((name) => {
      const value = at(body, name);
      return value === undefined || value === null ? [] : [numberOrNaN(value)];
    });
  const thinking = given(THINKING);
  const answers = given(ANSWERS);
  const count = answers.length > 0 ? Math.max(...answers) : 1;
  return {
    limits: given(LIMITS),
    thinking: thinking.length > 0 ? Math.max(...thinking) : undefined,
    takesNoLimit: EFFORT.some((name) => at(body, name) === 'high'),
    answers: answers.every((each) => Number.isSafeInteger(each) && each >= 1) ? count : Number.NaN,
    cacheWrite: found.cacheWrite,
    media: found.media,
    mediaBytes: found.mediaBytes,
    longContext: longContextFlag(body['anthropic_beta']),
    unpriced: [
      ...found.unpriced,
      ...tierProblem(body['service_tier'] === 'auto' ? undefined : body['service_tier']),
      ...tierProblem(record(body['serviceTier'])['type']),
      ...latencyProblem(record(body['performanceConfig'])['latency']),
      ...('mcp_servers' in body ? ["tools that run at the provider ('mcp_servers')"] : []),
    ],
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
    if (!isJson(value)) return;
    if ('cache_control' in value || 'cachePoint' in value) this.cacheWrite = true;
    if ('systemTool' in value) this.unpriced.push("a tool that runs at the provider ('systemTool')");
    const type = value['type'];
    if (
      typeof type === 'string' &&
      /^(web_search|web_fetch|code_execution|code_interpreter|file_search|mcp)/.test(type)
    ) {
      this.unpriced.push(`a tool that runs at the provider ('${type}')`);
    }
    const kind = typeof type === 'string' ? KIND_BY_TYPE[type] : MEDIA.find((each) => hasSource(value[each]));
    if (kind) {
      this.media[kind] = (this.media[kind] ?? 0) + 1;
      this.mediaBytes += base64Bytes(value);
      return;
    }
    for (const each of Object.values(value)) this.visit(each);
  }
}

function hasSource(value: unknown): boolean {
  return isJson(value) && 'source' in value;
}

/** The longest string of the block: its data, where it is inline. Left out of the text's bytes, so never too much. */
function base64Bytes(block: unknown): number {
  if (typeof block === 'string') return /^[A-Za-z0-9+/=:;,.-]*$/.test(block) ? block.length : 0;
  if (typeof block !== 'object' || block === null) return 0;
  return Math.max(0, ...Object.values(block).map(base64Bytes));
}

export function at(body: Json, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => record(value)[name], body);
}

/** Whether all that the path leads through is an object, or absent. */
export function leads(body: Json, path: string): boolean {
  const parents = path.split('.').slice(0, -1);
  return parents.every((_, index) => {
    const parent = at(body, parents.slice(0, index + 1).join('.'));
    return parent === undefined || parent === null || isJson(parent);
  });
}

export function set(body: Json, path: string, value: number): Json {
  const [name = '', ...rest] = path.split('.');
  return { ...body, [name]: rest.length === 0 ? value : set(record(body[name]), rest.join('.'), value) };
}
