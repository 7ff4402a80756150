import { bodyFields } from './body-fields';
import { latencyProblem, list, numberOrNaN, record, text, tierProblem, type Json } from './json';
import { MEDIA, type MediaKind } from './media';

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
  /** The flag that asks for a long context, where the request has one. */
  readonly longContext?: string | undefined;
  /** Tokens that the model may think with, where the request says; the limit of its answer is above them. */
  readonly thinking?: number | undefined;
  /** An embedding: only its input costs. */
  readonly noAnswer?: boolean;
  /** The model refuses a limit with this request. */
  readonly takesNoLimit?: boolean;
}

/** A ConverseRequest. Field names: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html (2026-11). */
export function converseShape(input: object): RequestShape {
  const request = input as Json;
  const messages = list(request['messages']);
  const tools = list(record(request['toolConfig'])['tools']);
  const found = new Findings();
  for (const message of messages) found.blocks(list(record(message)['content']));
  found.blocks(list(request['system']));
  found.blocks(tools);
  const fields = bodyFields(record(request['additionalModelRequestFields']));
  const { maxTokens } = record(request['inferenceConfig']);
  const limits = [...(maxTokens === undefined || maxTokens === null ? [] : [numberOrNaN(maxTokens)]), ...fields.limits];
  return {
    maxTokens: limits.length > 0 ? largest([...limits, fields.thinking ?? 0]) : undefined,
    messages: messages.length,
    tools: tools.length > 0,
    cacheWrite: found.cacheWrite || fields.cacheWrite,
    media: added(found.media, fields.media),
    mediaBytes: found.mediaBytes + fields.mediaBytes,
    answers: fields.answers,
    guardrail: request['guardrailConfig'] !== undefined,
    unpriced: [
      ...found.unpriced,
      ...tierProblem(record(request['serviceTier'])['type']),
      ...latencyProblem(record(request['performanceConfig'])['latency']),
      ...fields.unpriced,
    ],
    longContext: fields.longContext,
    thinking: fields.thinking,
    takesNoLimit: fields.takesNoLimit,
  };
}

/** NaN where one of them is no limit that a model could keep: it must not be hidden by a larger one. */
export function largest(limits: readonly number[]): number {
  return Math.max(...limits);
}

function added(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) {
  const sum: Record<string, number> = { ...one };
  for (const [kind, pieces] of Object.entries(other)) sum[kind] = (sum[kind] ?? 0) + pieces;
  return sum;
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
