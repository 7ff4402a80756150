import { deserialize, serialize } from 'node:v8';
import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { isConverse, isStream, type MeteredOperation } from '../../core/in-path/operations';
import { list, record } from '../../core/in-path/request';
import { WholeAnswer } from '../../core/in-path/whole-answer';
import type { Answer } from '../answer';
import { bytesOf, parseJson } from '../body';

/** An answer that can be given again, as bytes; undefined where it is none, or not whole. @param body of InvokeModel, parsed */
export function keep(operation: MeteredOperation, output: object, body: unknown): Uint8Array | undefined {
  const { $metadata: _, ...answer } = record(output);
  const whole = new WholeAnswer().add(isConverse(operation) ? answer : body).whole;
  if (!whole) return undefined;
  if (isConverse(operation)) return serialize(answer);
  return serialize({ ...answer, body: new Uint8Array(bytesOf(answer['body'])) });
}

/** A stream's answer from copies of all its events; undefined where it is none, or was cut off. */
export function keepStream(
  operation: MeteredOperation,
  output: object,
  events: readonly unknown[],
): Uint8Array | undefined {
  const answer = new WholeAnswer();
  for (const event of events) answer.add(isConverse(operation) ? event : chunkOf(event));
  return answer.whole ? serialize({ ...without(output, '$metadata', 'stream', 'body'), events }) : undefined;
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
