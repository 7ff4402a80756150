/** What a request holds that the bytes of its text do not tell; from the request as it is sent. */
export interface RequestShape {
  /** Of the answer; undefined where the caller set none. */
  readonly maxTokens: number | undefined;
  readonly messages: number;
  readonly tools: boolean;
  /** A prompt cache is written, which may cost more than plain input. */
  readonly cacheWrite: boolean;
  /** By kind, such as `image`; and how many bytes of the request their data takes. */
  readonly media: Readonly<Record<string, number>>;
  readonly mediaBytes: number;
  /** Answers per request; 1 in Converse. */
  readonly answers: number;
  readonly guardrail: boolean;
  /** What is charged by other rates than the model's tokens, in words for people. */
  readonly unpriced: readonly string[];
}

export const MEDIA = ['image', 'document', 'video', 'audio'] as const;
export type MediaKind = (typeof MEDIA)[number];

type Json = Record<string, unknown>;

/** A ConverseRequest. Field names: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (2026-11). */
export function converseShape(input: object): RequestShape {
  const request = input as Json;
  const messages = list(request['messages']);
  const tools = list(record(request['toolConfig'])['tools']);
  const found = new Findings();
  for (const message of messages) found.blocks(list(record(message)['content']));
  found.blocks(list(request['system']));
  found.blocks(tools);
  const additional = record(request['additionalModelRequestFields']);
  const limits = [record(request['inferenceConfig'])['maxTokens'], ...maxTokensOf(additional)].filter(isNumber);
  return {
    maxTokens: limits.length > 0 ? Math.max(...limits) : undefined,
    messages: messages.length,
    tools: tools.length > 0,
    cacheWrite: found.cacheWrite,
    media: found.media,
    mediaBytes: found.mediaBytes,
    answers: 1,
    guardrail: request['guardrailConfig'] !== undefined,
    unpriced: [
      ...found.unpriced,
      ...tierProblem(record(request['serviceTier'])['type']),
      ...latencyProblem(record(request['performanceConfig'])['latency']),
      ...betaProblem(additional['anthropic_beta']),
    ],
  };
}

class Findings {
  cacheWrite = false;
  mediaBytes = 0;
  readonly media: Record<string, number> = {};
  readonly unpriced: string[] = [];

  blocks(blocks: readonly unknown[]): void {
    for (const each of blocks) {
      const block = record(each);
      if ('cachePoint' in block || 'cache_control' in block) this.cacheWrite = true;
      if ('systemTool' in block) this.unpriced.push("a tool that runs at the provider ('systemTool')");
      const { serverName } = record(record(block['toolAddition'])['tool']);
      if (serverName !== undefined) this.unpriced.push(`a tool of an MCP server ('${text(serverName)}')`);
      for (const kind of MEDIA) if (kind in block) this.count(kind, record(block[kind]));
      if ('toolResult' in block) this.blocks(list(record(block['toolResult'])['content']));
      if ('guardContent' in block) this.blocks([block['guardContent']]);
    }
  }

  private count(kind: MediaKind, media: Json): void {
    this.media[kind] = (this.media[kind] ?? 0) + 1;
    const bytes = record(media['source'])['bytes'];
    if (bytes instanceof Uint8Array) this.mediaBytes += 4 * Math.ceil(bytes.length / 3);
  }
}

/** Names under which models take the limit of their answer; the largest of those given counts. */
const MAX_TOKENS = [
  'max_tokens',
  'max_completion_tokens',
  'max_tokens_to_sample',
  'max_gen_len',
  'maxTokens',
  'maxTokenCount',
];

export function maxTokensOf(body: Json): readonly unknown[] {
  return MAX_TOKENS.map((name) => body[name]);
}

/** Priority and reserved capacity have prices of their own; flex costs less than what is reserved. */
export function tierProblem(tier: unknown): readonly string[] {
  return tier === undefined || tier === 'default' || tier === 'flex' ? [] : [`service tier '${text(tier)}'`];
}

export function latencyProblem(latency: unknown): readonly string[] {
  return latency === undefined || latency === 'standard' ? [] : [`latency '${text(latency)}'`];
}

/** Prompts above 200,000 tokens cost more with the models that want this flag for them. */
export function betaProblem(beta: unknown): readonly string[] {
  const long = list(beta).find((flag) => typeof flag === 'string' && flag.startsWith('context-'));
  return long === undefined ? [] : [`a long context ('${text(long)}')`];
}

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
