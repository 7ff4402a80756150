import {
  isConverse,
  isStream,
  type MeteredOperation,
  record,
  bodyCounts,
  converseCounts,
  headerCounts,
  larger,
  told,
  type Told,
} from '../core/in-path';
import { bytesOf, parseJson } from './body';

/** What a middleware's `next` gives: the HTTP response, absent where none was made, and the parsed output. */
export interface Answer {
  readonly response: unknown;
  readonly output: object;
}

export type StreamField = 'stream' | 'body';

/** Where the operation's output has its events; undefined for those without. */
export function streamField(operation: MeteredOperation): StreamField | undefined {
  if (!isStream(operation)) return undefined;
  return isConverse(operation) ? 'stream' : 'body';
}

/** What an answer that is no stream says of itself, read once. */
export interface Read {
  readonly told: Told;
  /** Of InvokeModel; undefined where it is no JSON. */
  readonly body: unknown;
}

/** @param promptCache whether the request used one */
export function readAnswer(operation: MeteredOperation, answer: Answer, promptCache: boolean): Read {
  const output = record(answer.output);
  const headers = headerCounts(record(record(answer.response)['headers']));
  if (isConverse(operation)) {
    const usage = converseCounts(output['usage']);
    return { told: told(larger(usage, headers), promptCache), body: undefined };
  }
  const body = parseJson(bytesOf(output['body']));
  return { told: told(larger(bodyCounts(body), headers), promptCache), body };
}

/** Ends the connection of a stream that nobody reads on. */
export function closeConnection(response: unknown): void {
  const { body } = record(response);
  const { destroy } = record(body);
  if (typeof destroy === 'function') (destroy as () => void).call(body);
}
