import { afterEach, expect } from '@jest/globals';
import type {
  ConverseCommandOutput,
  ConverseStreamCommandOutput,
  ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { localConverse, localConverseStream } from '../../../client/ollama/chat';
import { chatLines, ollamaServer, type LocalReply, type OllamaServer } from '../../helpers/ollama-server';

export const servers: OllamaServer[] = [];

/** Of the last call. */
export let server: OllamaServer | undefined;

afterEach(async () => {
  for (const one of servers.splice(0)) await one.stop();
});

export const INPUT = { messages: [{ role: 'user', content: [{ text: 'Why?' }] }] };

export const CALL = { function: { name: 'weather', arguments: { city: 'Łódź' } } };

export async function call(reply: LocalReply, signal?: AbortSignal) {
  server = await ollamaServer(() => reply);
  servers.push(server);
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

export const eventually = async (holds: () => boolean) => {
  for (let tries = 0; tries < 200 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
};

export const TOOLS = { toolConfig: { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: {} } } }] } };

export const NO_ANSWERS: readonly [string, Record<string, unknown>, Record<string, unknown>, string][] = [
  ['loaded the model only', { content: '' }, { done_reason: 'load' }, 'only loaded'],
  ['said nothing', { content: '' }, {}, 'said nothing'],
  ['said blanks', { content: ' \n' }, {}, 'said nothing'],
  ['thought only', { content: '', thinking: 'hm' }, {}, 'said nothing'],
  ['was cut before it spoke', { content: '' }, { done_reason: 'length' }, 'said nothing'],
  ['wrote its call', { content: '{"name": "weather", "parameters": {"city": "x"}}' }, {}, 'as text'],
  ['wrote its call with a fence', { content: '```json\n[{"name":"weather","arguments":{}}]\n```' }, {}, 'as text'],
  ['wrote its call in tags', { content: '<tool_call>{"name": "weather"}</tool_call>' }, {}, 'as text'],
  ['wrote half its call', { content: '{"name": "weather", "parameters": {"ci' }, {}, 'as text'],
  ['gave a call without a name', { content: '', tool_calls: [{ function: { arguments: {} } }] }, {}, 'half a call'],
  [
    'gave a call that is text',
    { content: '', tool_calls: [{ function: { name: 'weather', arguments: '{"a' } }] },
    {},
    'half a call',
  ],
];
