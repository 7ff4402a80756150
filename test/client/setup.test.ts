import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import type { SpendGuardOptions } from '../../client/options';
import { CONFIG, guarded, SMALL } from '../helpers/guarded-client';
import { spendGuard } from '../../client/plugin';

afterEach(() => {
  delete process.env['AWS_RETRY_MODE'];
});

const warnings = ({ events }: ReturnType<typeof guarded>) =>
  events.filter(({ name }) => name === 'warning').map(({ attributes }) => String(attributes['spend_guard.message']));

test('a second guard of another environment is refused, one of the same is not', () => {
  const { client } = guarded('http://127.0.0.1:9');
  const other = spendGuard({ config: { ...CONFIG, environment: 'prod' } });
  expect(() => other.applyTo(client)).toThrow("has the guard of 'dev' already");
  expect(spendGuard({ config: CONFIG }).applyTo(client)).toBeInstanceOf(BedrockRuntimeClient);
});

test.each([
  ['us-east-1', 0],
  ['eu-central-1', 1],
])('a client in %s, with a config of us-east-1: %d warnings', async (region, count) => {
  const all = guarded('http://127.0.0.1:9', { client: { region } });
  await new Promise(setImmediate);
  expect(warnings(all).filter((message) => message.includes(region))).toHaveLength(count);
});

test('AWS_RETRY_MODE=adaptive is warned of like the option', () => {
  process.env['AWS_RETRY_MODE'] = 'adaptive';
  expect(warnings(guarded('http://127.0.0.1:9')).join()).toContain('adaptive');
});

describe('the leases table is asked with', () => {
  /** A table that says by which key each request was signed, and that nothing is in it. */
  async function signers(options: SpendGuardOptions): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    const server = createServer((request, response) => {
      keys.add(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'none');
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#AccessDeniedException' }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    try {
      const client = new BedrockRuntimeClient({
        region: CONFIG.region,
        credentials: { accessKeyId: 'OFCLIENT', secretAccessKey: 'test' },
      });
      const guard = spendGuard({ config: CONFIG }, options);
      guard.applyTo(client);
      const command = new ConverseCommand({ modelId: SMALL, messages: [{ role: 'user', content: [{ text: 'hi' }] }] });
      await expect(client.send(command)).rejects.toMatchObject({ code: 'GUARD_UNAVAILABLE' });
      await guard.close();
      return keys;
    } finally {
      delete process.env['AWS_ENDPOINT_URL_DYNAMODB'];
      server.close();
      server.closeAllConnections();
    }
  }

  test('the credentials of the client', async () => {
    expect(await signers({})).toEqual(new Set(['OFCLIENT']));
  });

  test('its own, where the options name them', async () => {
    const tableCredentials = { accessKeyId: 'OFTABLE', secretAccessKey: 'test' };
    expect(await signers({ tableCredentials })).toEqual(new Set(['OFTABLE']));
  });
});
