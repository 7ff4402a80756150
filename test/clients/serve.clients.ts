import { afterEach, describe, expect, test } from '@jest/globals';
import { ENVIRONMENT_BUDGET } from '../../core/shared-budgets';
import type { CallerDirectory } from '../../server';
import { bedrockServer, type BedrockServer, type Received } from '../helpers/bedrock-server';
import { CONFIG, cost, PROFILE } from '../helpers/guarded-client';
import { certificate } from './certificate';
import { answerTo } from './serve-answers';
import { CLIENTS, type Call, type Client } from './serve-clients';
import { TOKENS } from './serve-requests';
import { served, SERVERS_KEY, type Served, type ServedOptions } from './serve-world';

const KEY = 'sgk-abcdefghij-0123456789abcdefghijABCDEFGHIJ0123456789abcd';

const ONCE: readonly Call[] = [{ kind: 'plain', stream: false }];
const keysOf = (key: string, asked: string[]): CallerDirectory => ({
  find: async (given) => {
    asked.push(given);
    return given === key ? { id: 'abcdefghij', budget: ENVIRONMENT_BUDGET, person: 'alex@example.com' } : undefined;
  },
});

const stopped: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stopped.splice(0).toReversed()) await stop();
});

async function bedrock(protocol: 'h1' | 'h2' = 'h1'): Promise<BedrockServer> {
  const server = await bedrockServer(answerTo, protocol);
  stopped.push(() => server.stop());
  return server;
}

async function guarded(options: ServedOptions = {}): Promise<{ upstream: BedrockServer; server: Served }> {
  const upstream = await bedrock();
  const server = await served(upstream, options);
  stopped.push(() => server.stop());
  return { upstream, server };
}

const callsOf = ({ streams }: Client): readonly Call[] =>
  (streams ? [false, true] : [false]).flatMap((stream) => [
    { kind: 'plain', stream },
    { kind: 'full', stream },
  ]);

/** What of a request is for the model, to the byte. */
function forModel({ operation, modelId, raw, headers }: Received) {
  const said = Object.entries(headers).filter(([name]) =>
    /^(content-type|accept|anthropic-|x-amzn-bedrock-)/.test(name),
  );
  return { operation, modelId, body: raw.toString(), headers: Object.fromEntries(said) };
}

const authorizations = ({ received }: BedrockServer) => received.map(({ headers }) => String(headers['authorization']));
const priceOf = (modelId: string) =>
  CONFIG.models.find((model) => [model.calledId, model.profile].includes(modelId))!.price;

describe.each(CLIENTS)('$name', (client) => {
  test('asks and is answered as without the server, to the byte, and is charged what the answers say', async () => {
    const calls = callsOf(client);
    const direct = await bedrock(client.protocol);
    const expected = await client.run({ url: direct.endpoint }, calls);
    const { upstream, server } = await guarded();
    const outcomes = await client.run({ url: server.url }, calls);

    expect(expected.filter((outcome) => 'error' in outcome)).toEqual([]);
    expect(direct.received).toHaveLength(calls.length);
    expect(outcomes).toEqual(expected);
    expect(upstream.received.map(forModel)).toEqual(direct.received.map(forModel));
    expect(server.ledger.spent).toBe(calls.length * cost(TOKENS, priceOf(client.modelId)));
    expect([server.ledger.active, server.counted(), server.refused]).toEqual([0, calls.length, []]);
  });

  test('its key says who it is, and is not sent on: requests are signed with the credentials of the server', async () => {
    const asked: string[] = [];
    const { upstream, server } = await guarded({
      callers: keysOf(KEY, asked),
      ...(client.keyNeedsTls ? { tls: certificate() } : {}),
    });
    const way = { url: server.url, ...(client.keyNeedsTls ? { ca: certificate().file } : {}) };
    const [answered] = await client.run({ ...way, key: KEY }, ONCE);
    expect(answered).toEqual({ answer: expect.anything() });
    expect(authorizations(upstream)).toEqual([expect.stringContaining(`Credential=${SERVERS_KEY}/`)]);
    expect(JSON.stringify(upstream.received)).not.toContain(KEY);

    const [refused] = await client.run({ ...way, key: `${KEY}x` }, ONCE);
    expect(refused).toEqual({ error: expect.stringMatching(/this key is none of dev[^]*spend-guard callers add/) });
    expect([asked, upstream.received.length]).toEqual([[KEY, `${KEY}x`], 1]);
  });

  const streaming = client.streams ? [false, true] : [false];
  test.each(streaming)(
    'stream: %s: a budget that is used up ends it at once: one request, the code, what to do',
    async (stream) => {
      const { upstream, server } = await guarded({ limitUsd: 0 });
      const [outcome] = await client.run({ url: server.url }, [{ kind: 'plain', stream }]);
      expect(outcome).toEqual({ error: expect.stringMatching(/BUDGET_EXHAUSTED[^]*(raise|limit)/) });
      expect([server.refused, upstream.received]).toEqual([['BUDGET_EXHAUSTED'], []]);
    },
  );

  test('a request limit is waited for', async () => {
    const { upstream, server } = await guarded({ rates: [{ kind: 'refused', window: 'hour', retryAfterSeconds: 1 }] });
    const [outcome] = await client.run({ url: server.url }, ONCE);
    expect(server.refused).toEqual(['RATE_LIMITED']);
    if (client.comesBack) expect([outcome, upstream.received.length]).toEqual([{ answer: expect.anything() }, 1]);
    else expect([outcome, upstream.received]).toEqual([{ error: expect.stringContaining('RATE_LIMITED') }, []]);
  });
});

test('the clients ask for the models of the test', () => {
  expect(new Set(CLIENTS.map(({ modelId }) => modelId)).has(PROFILE)).toBe(true);
});
