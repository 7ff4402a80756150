import { EventStreamCodec } from '@smithy/core/event-streams';
import type { HttpAnswer } from './message';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text),
);

const text = (value: string) => ({ type: 'string' as const, value });

/** An output of the SDK's, of a local model, in the bytes in which Bedrock would have sent it. */
export function written(output: object): HttpAnswer {
  const { stream, $metadata: _, ...rest } = output as { readonly stream?: AsyncIterable<object>; $metadata?: unknown };
  if (stream) {
    return { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: encoded(stream) };
  }
  const body = Buffer.from(JSON.stringify(rest));
  return { status: 200, headers: { 'content-type': 'application/json', 'content-length': String(body.length) }, body };
}

async function* encoded(stream: AsyncIterable<object>): AsyncGenerator<Uint8Array> {
  for await (const event of stream) {
    const [[type, payload] = ['', {}]] = Object.entries(event);
    const headers = {
      ':message-type': text('event'),
      ':event-type': text(type),
      ':content-type': text('application/json'),
    };
    yield codec.encode({ headers, body: Buffer.from(JSON.stringify(payload)) });
  }
}
