import { afterEach, expect } from '@jest/globals';
import type {
  ConverseCommandOutput,
  ConverseStreamCommandOutput,
  ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { localConverse, localConverseStream } from '../../../client/ollama/chat';
import { chatLines, ollamaServer, type LocalReply, type OllamaServer } from '../../helpers/ollama-server';

export const servers: OllamaServer[] = [];
afterEach(async () => {
  for (const one of servers.splice(0)) await one.stop();
});
/** Of the last call. */
export const last: { server?: OllamaServer } = {};

export const INPUT = { messages: [{ role: 'user', content: [{ text: 'Why?' }] }] };
export const CALL = { function: { name: 'weather', arguments: { city: 'Łódź' } } };

export async function call(reply: LocalReply, signal?: AbortSignal) {
  const server = await ollamaServer(() => reply);
  servers.push(server);
  last.server = server;
  return { endpoint: server.endpoint, tag: 'llama3.1:8b', input: INPUT, maxTokens: 100, signal };
}

/** Without a cast: the compiler holds the answers to the SDK's own types. */
export const converse = async (reply: LocalReply, signal?: AbortSignal): Promise<ConverseCommandOutput> =>
  localConverse(await call(reply, signal));

/** Up to the end, and how it ended. */
export async function readOf({ stream }: ConverseStreamCommandOutput) {
  const seen: ConverseStreamOutput[] = [];
  try {
    for await (const event of stream ?? []) seen.push(event);
  } catch (error) {
    return { seen, error };
  }
  return { seen, error: undefined };
}

export async function events(reply: LocalReply): Promise<ConverseStreamOutput[]> {
  const { seen, error } = await readOf(await localConverseStream(await call(reply)));
  expect(error).toBeUndefined();
  return seen;
}

export const names = (seen: readonly ConverseStreamOutput[]) => seen.map((event) => Object.keys(event)[0]);
export const lineOf = (words: readonly string[], more?: Parameters<typeof chatLines>[1]) =>
  Buffer.from(`${chatLines(words, more).toString().split('\n')[0]}\n`);
