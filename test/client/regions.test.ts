import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ConverseCommand, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { Regions } from '../../client/regions';
import { guarded, PROFILE, SMALL, type Guarded } from '../helpers/guarded-client';

afterEach(() => void jest.restoreAllMocks());

describe('what a host says of its Region', () => {
  test.each([
    ['bedrock-runtime.eu-west-1.amazonaws.com', 1],
    ['bedrock-runtime-fips.us-gov-west-1.amazonaws.com', 1],
    ['bedrock-runtime.cn-north-1.amazonaws.com.cn', 1],
    ['bedrock-runtime.eu-west-1.api.aws', 1],
    ['vpce-0123-abcd.bedrock-runtime.eu-west-1.vpce.amazonaws.com', 1],
    ['bedrock-runtime.us-east-1.amazonaws.com', 0],
    ['proxy.example.com', 0],
    ['127.0.0.1', 0],
    ['not-bedrock-runtime.eu-west-1.example.com', 0],
    [undefined, 0],
  ])('%s: %i warnings, however often it is asked', (host, count) => {
    const warned: string[] = [];
    const regions = new Regions('us-east-1', (message) => warned.push(message));
    for (const _ of [1, 2]) regions.arrives(host);
    expect(warned).toHaveLength(count);
  });

  test('a Region is warned of once, by whichever name it came', () => {
    const warned: string[] = [];
    const regions = new Regions('us-east-1', (message) => warned.push(message));
    regions.called('eu-west-1');
    regions.arrives('bedrock-runtime.eu-west-1.amazonaws.com');
    regions.arrives('bedrock-runtime.eu-west-2.amazonaws.com');
    expect(warned).toEqual([expect.stringContaining('eu-west-1'), expect.stringContaining('eu-west-2')]);
  });
});

const ELSEWHERE = 'https://bedrock-runtime.eu-west-1.amazonaws.com';
const answer = {
  output: { message: { role: 'assistant', content: [{ text: 'yes' }] } },
  stopReason: 'end_turn',
  usage: {},
};
const response = () => ({
  response: {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(answer)),
  },
});
const handler = { handle: async () => response() } as unknown as NonNullable<
  BedrockRuntimeClientConfig['requestHandler']
>;
const ask = { messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }], inferenceConfig: { maxTokens: 9 } };
const body = JSON.stringify(ask);
const path = `/model/${encodeURIComponent(PROFILE)}/converse`;

describe('a call to an endpoint of another Region than the config is warned of, and made', () => {
  test.each<[string, () => { all: Guarded; send: () => Promise<unknown> }]>([
    [
      'by the plugin, on a client of the right Region',
      () => {
        const all = guarded(ELSEWHERE, { client: { region: 'us-east-1', requestHandler: handler } });
        return { all, send: () => all.client.send(new ConverseCommand({ modelId: SMALL, ...ask })) };
      },
    ],
    [
      'by guard.fetch',
      () => {
        const all = guarded(ELSEWHERE);
        jest.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json(answer));
        return { all, send: () => all.guard.fetch(`${ELSEWHERE}${path}`, { method: 'POST', body }) };
      },
    ],
    [
      'by guard.requestHandler',
      () => {
        const all = guarded(ELSEWHERE);
        const inner = all.guard.requestHandler({ handle: async () => response() });
        const request = { method: 'POST', hostname: new URL(ELSEWHERE).hostname, path, headers: {}, body };
        return { all, send: () => (inner.handle as (request: unknown) => Promise<unknown>)(request) };
      },
    ],
  ])('%s', async (_, make) => {
    const { all, send } = make();
    for (const _ of [1, 2]) await send();
    const warnings = all.events
      .filter(({ name }) => name === 'warning')
      .map(({ attributes }) => String(attributes['spend_guard.message']));
    expect(warnings.filter((message) => message.includes('eu-west-1'))).toHaveLength(1);
    expect(all.ledger.settled).toHaveLength(2);
  });
});
