import { EventStreamCodec } from '@smithy/core/event-streams';
import { record } from '../../core/in-path';
import { parseJson } from '../body';

/** A piece of a stream with the bytes that it came in; beside them what the meter reads, in the form of the SDK's events. */
export interface Frame {
  readonly raw: Uint8Array;
  readonly metadata?: unknown;
  readonly chunk?: { readonly bytes: Uint8Array };
  /** The name of the error with which Bedrock ends a stream. */
  readonly exception?: string;
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text),
);

/** Lengths and checksums of a message without headers or payload. */
const SHORTEST = 16;
/** Far more than any event of a model: what gives a greater length is no event stream, and is not waited for. */
const LONGEST = 32 * 1024 * 1024;

/** The same bytes, message by message. What is no event stream passes as it comes, and says no usage. */
export async function* frames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let pending = Buffer.alloc(0);
  let lost = false;
  try {
    for await (const piece of source) {
      pending = pending.length === 0 ? Buffer.from(piece) : Buffer.concat([pending, piece]);
      while (!lost && pending.length >= 4) {
        const length = pending.readUInt32BE(0);
        lost = length < SHORTEST || length > LONGEST;
        if (lost || pending.length < length) break;
        yield frame(pending.subarray(0, length));
        pending = pending.subarray(length);
      }
      if (lost && pending.length > 0) {
        yield { raw: pending };
        pending = Buffer.alloc(0);
      }
    }
  } catch (error) {
    // What came of a message before its connection broke is the reader's, as it would be without the guard.
    if (pending.length > 0) yield { raw: pending };
    throw error;
  }
  if (pending.length > 0) yield { raw: pending };
}

function frame(raw: Buffer): Frame {
  try {
    const { headers, body } = codec.decode(raw);
    const type = headers[':event-type']?.value;
    if (headers[':message-type']?.value !== 'event') {
      return { raw, exception: String(headers[':exception-type']?.value ?? headers[':error-code']?.value) };
    }
    if (type === 'metadata') return { raw, metadata: parseJson(Buffer.from(body)) };
    // What the others hold nobody here reads, only that they came.
    if (type !== 'chunk') return { [String(type)]: {}, raw };
    const { bytes } = record(parseJson(Buffer.from(body)));
    return typeof bytes === 'string' ? { raw, chunk: { bytes: Buffer.from(bytes, 'base64') } } : { raw };
  } catch {
    // A checksum that does not match is for the reader to complain of.
    return { raw };
  }
}
