import { isConverse, isStream, type MeteredOperation } from '../core/in-path/operations';
import { record } from '../core/in-path/request';
import { converseUsage, headerUsage, invocationMetrics } from '../core/in-path/usage';
import type { TokenUsage } from '../core/prices';

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

/** As the answer itself says it; undefined where it does not. @param promptCache whether the request used one */
export function usageOf(operation: MeteredOperation, answer: Answer, promptCache: boolean): TokenUsage | undefined {
  if (isConverse(operation)) return converseUsage(record(answer.output)['usage']);
  return headerUsage(record(record(answer.response)['headers']) as Record<string, string>, promptCache);
}

const METRICS = Buffer.from('"amazon-bedrock-invocationMetrics"');

/** Of one event of a stream; undefined where it is not the one that tells. */
export function usageInEvent(
  operation: MeteredOperation,
  event: unknown,
  promptCache: boolean,
): TokenUsage | undefined {
  if (isConverse(operation)) {
    const { metadata } = record(event);
    return metadata === undefined ? undefined : converseUsage(record(metadata)['usage']);
  }
  const { bytes } = record(record(event)['chunk']);
  // Of the many chunks only the last has it: found by its bytes, and only that one is parsed.
  if (
    !(bytes instanceof Uint8Array) ||
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(METRICS) < 0
  ) {
    return undefined;
  }
  try {
    const chunk: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return invocationMetrics(record(chunk)['amazon-bedrock-invocationMetrics'], promptCache);
  } catch {
    return undefined;
  }
}

/** Ends the connection of a stream that nobody reads on. */
export function closeConnection(response: unknown): void {
  const { body } = record(response);
  const { destroy } = record(body);
  if (typeof destroy === 'function') (destroy as () => void).call(body);
}
