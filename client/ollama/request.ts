import { randomUUID } from 'node:crypto';
import { converseShape, list, record } from '../../core/in-path';
import { textBytes } from '../body';

/** Body of POST /api/chat. https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion (2026-11) */
export interface OllamaChat {
  readonly model: string;
  readonly messages: readonly OllamaMessage[];
  readonly tools?: readonly object[];
  /** Said either way: Ollama streams where it is absent. */
  readonly stream: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface OllamaMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** Base64. */
  readonly images?: readonly string[];
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: unknown } }[];
  readonly tool_name?: string;
}

type Json = Record<string, unknown>;

/** Beyond its context Ollama cuts a prompt without a word: a request that may be larger is not sent to it. */
export const CONTEXT_TOKENS = 8_192;

/**
 * What an image takes of the context, which only the model knows: a ceiling for models such as LLaVA 1.6 (5 tiles of 576) and
 * Gemma 3 (256), not measured.
 */
export const IMAGE_TOKENS = 4_096;

/** Fields of a ConverseRequest that have no counterpart: a local model would answer another question. */
const NOT_LOCAL = [
  'guardrailConfig',
  'additionalModelRequestFields',
  'additionalModelResponseFieldPaths',
  'promptVariables',
  'outputConfig',
];

/** All that `ollamaChat` gives on, or that loses nothing by being left out. What is not known here is not local. */
const KNOWN = {
  system: ['text', 'cachePoint'],
  tools: ['toolSpec', 'cachePoint'],
  content: ['text', 'image', 'toolUse', 'toolResult', 'cachePoint', 'reasoningContent'],
  toolResult: ['text', 'json'],
};

/** Why a local model cannot answer this request; undefined where it can. */
export function notLocal(input: object, defaultMaxTokens: number): string | undefined {
  const request = record(input);
  const field = NOT_LOCAL.find((name) => request[name] !== undefined);
  if (field) return `it has ${field}`;
  if (record(request['toolConfig'])['toolChoice'] !== undefined) return 'it has toolChoice';
  const shape = converseShape(input);
  const media = Object.keys(shape.media).find((kind) => kind !== 'image');
  if (media) return `it has a ${media}`;
  if (shape.unpriced.length > 0) return `it asks for ${shape.unpriced.join(' and ')}`;
  const blocks = list(request['messages']).flatMap((message) => list(record(message)['content']));
  if (blocks.length === 0) return 'it has no messages';
  const results = blocks.flatMap((block) => list(record(record(block)['toolResult'])['content']));
  const block =
    unknownIn(blocks, KNOWN.content) ??
    unknownIn(results, KNOWN.toolResult) ??
    unknownIn(list(request['system']), KNOWN.system) ??
    unknownIn(list(record(request['toolConfig'])['tools']), KNOWN.tools);
  if (block) return `it has a block of ${block}`;
  if (blocks.some((each) => 'image' in record(each) && !(imageBytes(each) instanceof Uint8Array))) {
    return 'it has an image that is not inline';
  }
  const tokens = textBytes(JSON.stringify({ ...request, messages: textOnly(request['messages']) }));
  const images = IMAGE_TOKENS * (shape.media['image'] ?? 0);
  const needed = tokens + images + (shape.maxTokens ?? defaultMaxTokens);
  return needed > CONTEXT_TOKENS ? `it may need ${needed} tokens of context, of ${CONTEXT_TOKENS}` : undefined;
}

function unknownIn(blocks: readonly unknown[], known: readonly string[]): string | undefined {
  return blocks.flatMap((block) => Object.keys(record(block))).find((name) => !known.includes(name));
}

/** @param input a ConverseRequest for which `notLocal` knows no reason */
export function ollamaChat(tag: string, input: object, maxTokens: number, stream: boolean): OllamaChat {
  const request = record(input);
  const system = list(request['system']).flatMap((block) => textOf(block) ?? []);
  const messages = list(request['messages']).flatMap((message) => messagesOf(record(message), toolNames(request)));
  const tools = list(record(request['toolConfig'])['tools']).flatMap((tool) => toolOf(record(tool)));
  const { temperature, topP, stopSequences } = record(request['inferenceConfig']);
  return {
    model: tag,
    messages: [...(system.length > 0 ? [{ role: 'system' as const, content: system.join('\n') }] : []), ...messages],
    ...(tools.length > 0 ? { tools } : {}),
    stream,
    options: {
      num_predict: maxTokens,
      num_ctx: CONTEXT_TOKENS,
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { top_p: topP }),
      ...(stopSequences === undefined ? {} : { stop: stopSequences }),
    },
  };
}

/** A tool's result comes as a message of its own, before what else is said. */
function messagesOf({ role, content }: Json, names: ReadonlyMap<string, string>): OllamaMessage[] {
  const blocks = list(content).map(record);
  const results = blocks.flatMap(({ toolResult }): OllamaMessage[] => {
    if (toolResult === undefined) return [];
    const { toolUseId, content: result } = record(toolResult);
    const name = names.get(String(toolUseId));
    const text = list(result).map((block) => textOf(block) ?? JSON.stringify(record(block)['json'] ?? null));
    return [{ role: 'tool', content: text.join('\n'), ...(name === undefined ? {} : { tool_name: name }) }];
  });
  const text = blocks.flatMap((block) => textOf(block) ?? []);
  const images = blocks.flatMap((block) => {
    const bytes = imageBytes(block);
    return bytes ? [Buffer.from(bytes).toString('base64')] : [];
  });
  const calls = blocks.flatMap(({ toolUse }) =>
    toolUse === undefined
      ? []
      : [{ function: { name: String(record(toolUse)['name']), arguments: record(toolUse)['input'] ?? {} } }],
  );
  if (text.length === 0 && images.length === 0 && calls.length === 0) return results;
  const said: OllamaMessage = {
    role: role === 'assistant' ? 'assistant' : 'user',
    content: text.join('\n'),
    ...(images.length > 0 ? { images } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  return [...results, said];
}

function toolNames(request: Json): ReadonlyMap<string, string> {
  const blocks = list(request['messages']).flatMap((message) => list(record(message)['content']));
  return new Map(
    blocks.flatMap((block): [string, string][] => {
      const { toolUseId, name } = record(record(block)['toolUse']);
      return typeof toolUseId === 'string' && typeof name === 'string' ? [[toolUseId, name]] : [];
    }),
  );
}

function toolOf(tool: Json): object[] {
  const { name, description, inputSchema } = record(tool['toolSpec']);
  if (name === undefined) return [];
  return [
    { type: 'function', function: { name, description: description ?? '', parameters: record(inputSchema)['json'] } },
  ];
}

function textOf(block: unknown): string | undefined {
  const { text } = record(block);
  return typeof text === 'string' ? text : undefined;
}

function imageBytes(block: unknown): Uint8Array | undefined {
  const { bytes } = record(record(record(block)['image'])['source']);
  return bytes instanceof Uint8Array ? bytes : undefined;
}

/** What counts as text for the context: images have tokens of their own. */
function textOnly(messages: unknown): unknown {
  return list(messages).map((message) => ({
    ...record(message),
    content: list(record(message)['content']).filter((block) => !('image' in record(block))),
  }));
}

/** Ollama's calls of tools have no id, by which a result could name its call. */
export function newToolUseId(): string {
  return `local_${randomUUID()}`;
}
