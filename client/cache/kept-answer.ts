import { deserialize, serialize } from 'node:v8';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { isConverse, isStream, type MeteredOperation } from '../../core/in-path/operations';
import { list, record } from '../../core/in-path/request';
import type { Answer } from '../answer';
import { bytesOf, parseJson } from '../body';

/** Why a model stopped, where its answer is whole; in the words of Converse and of the models' own bodies. */
const WHOLE = new Set([
  ...['end_turn', 'stop_sequence', 'tool_use'],
  ...['stop', 'tool_calls', 'COMPLETE', 'FINISH', 'eos_token'],
]);
const REASONS = ['stopReason', 'stop_reason', 'finish_reason', 'completionReason'];

/** An answer that can be given again, as bytes; undefined where it is not whole, or does not say so. */
export function keep(operation: MeteredOperation, output: object): Uint8Array | undefined {
  if (isConverse(operation)) {
    const { $metadata: _, ...answer } = record(output);
    return WHOLE.has(String(answer['stopReason'])) ? serialize(answer) : undefined;
  }
  const rest = without(output, '$metadata', 'body');
  const bytes = bytesOf(record(output)['body']);
  return stopped(parseJson(bytes)) ? serialize({ ...rest, body: new Uint8Array(bytes) }) : undefined;
}

/** A stream's answer from copies of all its events; undefined where it was cut off. */
export function keepStream(
  operation: MeteredOperation,
  output: object,
  events: readonly unknown[],
): Uint8Array | undefined {
  const rest = without(output, '$metadata', 'stream', 'body');
  const whole = events.some((event) =>
    isConverse(operation) ? stopped(record(event)['messageStop']) : stopped(chunkOf(event)),
  );
  return whole ? serialize({ ...rest, events }) : undefined;
}

/** The answer as the SDK would give it, a copy for this caller alone. @throws where the bytes are of another release */
export function replay(operation: MeteredOperation, kept: Uint8Array): Answer {
  // Byte arrays in what is read are windows on what it is read from.
  const { events, body, ...rest } = record(deserialize(Buffer.from(kept)));
  const output = { $metadata: { attempts: 0, totalRetryDelay: 0 }, ...rest };
  if (isStream(operation)) {
    return {
      response: undefined,
      output: { ...output, [isConverse(operation) ? 'stream' : 'body']: streamOf(list(events)) },
    };
  }
  if (isConverse(operation)) return { response: undefined, output };
  return { response: undefined, output: { ...output, body: Uint8ArrayBlobAdapter.mutate(body as Uint8Array) } };
}

function streamOf(events: readonly unknown[]): AsyncIterable<unknown> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* events;
    },
  };
}

/** A copy of an event: its reader may change his, and a chunk is a window on the connection's buffers. */
export function copyOf(event: unknown): unknown {
  const { chunk } = record(event);
  const { bytes } = record(chunk);
  if (!(bytes instanceof Uint8Array)) return structuredClone(event);
  return { chunk: { ...record(chunk), bytes: new Uint8Array(bytes) } };
}

function without(value: object, ...names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

function chunkOf(event: unknown): unknown {
  return parseJson(bytesOf(record(record(event)['chunk'])['bytes']));
}

/** Whether it says, anywhere near its top, that the model ended by itself; false where another reason is given as well. */
function stopped(answer: unknown): boolean {
  const reasons = reasonsIn(answer, 4);
  return reasons.length > 0 && reasons.every((reason) => WHOLE.has(reason));
}

function reasonsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.entries(value).flatMap(([name, inner]): readonly string[] =>
    REASONS.includes(name) ? (typeof inner === 'string' ? [inner] : []) : reasonsIn(inner, depth - 1),
  );
}
