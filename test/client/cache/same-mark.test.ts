import { afterEach, expect, test } from '@jest/globals';
import { ConverseCommand, ConverseStreamCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { Question } from '../../../client/cache/fingerprint';
import { bedrockServer, converseEvents, converseReply, type BedrockServer } from '../../helpers/bedrock-server';
import { CONFIG, guarded, SMALL } from '../../helpers/guarded-client';

const servers: BedrockServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const LONG = 'x'.repeat(20_000);
const ask = (text: string): ConverseCommandInput => ({
  modelId: SMALL,
  messages: [{ role: 'user', content: [{ text }] }],
});
const other = `${LONG.slice(0, 3)}y${LONG.slice(4)}`;

async function world() {
  const server = await bedrockServer(({ operation }) =>
    operation === 'ConverseStream'
      ? { events: converseEvents({ input: 1, output: 1 }) }
      : converseReply({ input: 1, output: 1 }),
  );
  servers.push(server);
  return { server, ...guarded(server.endpoint, { config: { ...CONFIG, cacheMinutes: 60 } }) };
}

test('these two questions have the same mark, and other fingerprints', () => {
  const [one, two] = [LONG, other].map((text) => new Question('Converse', SMALL, ask(text))) as [Question, Question];
  expect(one.mark).toBe(two.mark);
  expect(one.fingerprint).not.toBe(two.fingerprint);
});

test.each(['at the same time', 'one after the other'])('%s, each gets its own answer', async (when) => {
  const { client, server } = await world();
  const send = (text: string) => client.send(new ConverseCommand(ask(text)));
  if (when === 'at the same time') await Promise.all([LONG, other, LONG, other].map(send));
  else for (const text of [LONG, other, LONG, other]) await send(text);
  expect(server.received).toHaveLength(2);
});

test('what its owner makes of a question while it is asked is another question', async () => {
  const { client, server } = await world();
  const asked = ask('hello');
  const first = client.send(new ConverseCommand(asked));
  asked.messages!.push({ role: 'assistant', content: [{ text: 'yes' }] }, { role: 'user', content: [{ text: 'why' }] });
  await first;
  await client.send(new ConverseCommand(asked));
  expect(server.received).toHaveLength(2);
  await client.send(new ConverseCommand(ask('hello')));
  expect(server.received).toHaveLength(2);
});

test.each([1, 70])('%i streams read in one go are all kept', async (count) => {
  const { client, server } = await world();
  const read = async (n: number) => {
    const { stream } = await client.send(new ConverseStreamCommand(ask(`question ${n}`)));
    for await (const event of stream!) void event;
  };
  for (const _ of [1, 2]) await Promise.all(Array.from({ length: count }, (__, n) => read(n)));
  expect(server.received).toHaveLength(count);
});
