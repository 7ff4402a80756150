import { deserialize, serialize } from 'node:v8';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import {
  isConverse,
  isStream,
  type MeteredOperation,
  list,
  record,
  unbilled,
  type AnswerUsage,
  WholeAnswer,
} from '../../core/in-path';
import type { Answer } from '../answer';
import { bytesOf, parseJson } from '../body';
import { Copier, copyOf } from './copy';

/** An answer that can be given again: a copy that nobody else has, or writes to. */
export interface Kept {
  readonly answer: Readonly<Record<string, unknown>>;
  /** What it was charged by. */
  readonly usage: AnswerUsage;
  /** In memory, about. */
  readonly bytes: number;
}

/** Undefined where it is no answer, or not whole. @param body of InvokeModel, parsed */
export function keep(operation: MeteredOperation, output: object, body: unknown, usage: AnswerUsage): Kept | undefined {
  if (!new WholeAnswer().add(isConverse(operation) ? output : body).whole) return undefined;
  const copier = new Copier();
  const answer = isConverse(operation)
    ? copier.without(output, ['$metadata'])
    : { ...copier.without(output, ['$metadata', 'body']), body: copier.copy(bytesOf(record(output)['body'])) };
  return { answer, usage, bytes: copier.bytes };
}

/** A stream's answer from copies of all its events; undefined where it is none, or was cut off. */
export function keepStream(
  operation: MeteredOperation,
  output: object,
  events: readonly unknown[],
  usage: AnswerUsage,
): Kept | undefined {
  const whole = new WholeAnswer();
  for (const event of events) whole.add(isConverse(operation) ? event : chunkOf(event));
  if (!whole.whole) return undefined;
  const copier = new Copier();
  const answer = { ...copier.without(output, ['$metadata', 'stream', 'body']), events: copier.copy(events) };
  return { answer, usage, bytes: copier.bytes };
}

/** For a store outside of this process. */
export function toBytes({ answer, usage }: Kept): Uint8Array {
  return serialize({ answer, usage });
}

/** Undefined where the bytes are of another release. */
export function fromBytes(bytes: Uint8Array): Kept | undefined {
  try {
    const { answer, usage } = record(deserialize(Buffer.from(bytes)));
    if (typeof answer !== 'object' || answer === null || usage === undefined) return undefined;
    return { answer: record(answer), usage: usage as AnswerUsage, bytes: bytes.length };
  } catch {
    return undefined;
  }
}

/** The answer as the SDK would give it, a copy for this caller alone; it says that nothing was billed for it. */
export function replay(operation: MeteredOperation, { answer, usage }: Kept): Answer {
  const $metadata = { attempts: 0, totalRetryDelay: 0, spendGuard: { cached: true, usage: converseWords(usage) } };
  const { events, body, ...rest } = copyOf(answer);
  const output = { $metadata, ...rest };
  if (isStream(operation)) {
    const free = list(events).map((event) => (isConverse(operation) ? unbilled(event) : unbilledChunk(event)));
    return { response: undefined, output: { ...output, [isConverse(operation) ? 'stream' : 'body']: streamOf(free) } };
  }
  if (isConverse(operation)) return { response: undefined, output: record(unbilled(output)) };
  const bytes = unbilledBytes(body as Uint8Array);
  return { response: undefined, output: { ...output, body: Uint8ArrayBlobAdapter.mutate(bytes) } };
}

function converseWords({ input, output, cacheRead, cacheWrite }: AnswerUsage) {
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + output + cacheRead + cacheWrite,
    cacheReadInputTokens: cacheRead,
    cacheWriteInputTokens: cacheWrite,
  };
}

function unbilledChunk(event: unknown): unknown {
  const { chunk } = record(event);
  const { bytes } = record(chunk);
  return bytes instanceof Uint8Array ? { chunk: { ...record(chunk), bytes: unbilledBytes(bytes) } } : event;
}

/** What has no usage keeps its bytes; so does what has a number that JSON in JavaScript would round. */
function unbilledBytes(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  if (!/usage|token_?count|invocationMetrics/i.test(text) || /\d{16}/.test(text)) return bytes;
  const parsed = parseJson(text);
  return parsed === undefined ? bytes : new Uint8Array(Buffer.from(JSON.stringify(unbilled(parsed))));
}

function streamOf(events: readonly unknown[]): AsyncIterable<unknown> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* events;
    },
  };
}

function chunkOf(event: unknown): unknown {
  return parseJson(bytesOf(record(record(event)['chunk'])['bytes']));
}
