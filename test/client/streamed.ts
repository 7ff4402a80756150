import { ConverseStreamCommand, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { CLAUDE } from '../helpers/guarded-client';
import { ask, type World } from '../helpers/guarded-server';

export const PROTOCOLS = ['h1', 'h2'] as const;

export const body = JSON.stringify({ max_tokens: 50, messages: [] });
export const tokens = { input: 10, output: 20 };
export const exact = 10 * 1_000 + 20 * 4_000;

/** Up to the end, and how it ended. */
export async function read(stream: AsyncIterable<unknown> | undefined) {
  let seen = 0;
  try {
    for await (const event of stream!) seen += event === undefined ? 0 : 1;
  } catch (error) {
    return { seen, error: error as Error & { by?: string } };
  }
  return { seen, error: undefined };
}
/** The SDK reads the first event before it gives the stream: what that one fails by, `send` throws. */
const thrown = (error: unknown) => ({ seen: 0, error: error as Error & { by?: string } });
export const converse = ({ client }: World, signal?: AbortSignal) =>
  client
    .send(new ConverseStreamCommand(ask()), signal ? { abortSignal: signal } : {})
    .then(({ stream }) => read(stream), thrown);
export const invoke = ({ client }: World) =>
  client
    .send(new InvokeModelWithResponseStreamCommand({ modelId: CLAUDE, body }))
    .then((sent) => read(sent.body), thrown);

export const spent = ({ ledger }: World) => ledger.settled.map((each) => each.spent as number);
export const reserved = ({ ledger }: World) => ledger.reserved.map(Number);
export const ends = ({ events }: World) =>
  events.map(({ attributes }) => attributes['spend_guard.stream_end']).filter(Boolean);
