import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localConverse } from '../../../client/ollama/chat';
import { ollama } from '../../../lambda/adapters/ollama/local-models';
import { chatAnswer } from '../../helpers/ollama-server';

let server: Server;
let port: number;
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    asked.push(request.url ?? '');
    if (request.url?.startsWith('/elsewhere/') === true) {
      response.writeHead(307, { location: request.url.replace('/elsewhere', '') }).end();
      return;
    }
    const answer = chatAnswer({ content: 'yes' }) as { json: object };
    response.end(JSON.stringify({ ...answer.json, models: [] }));
  });
  await new Promise<void>((done) => server.listen(0, '::', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((done) => server.close(done)));

describe('an endpoint that sends callers elsewhere is none, for both', () => {
  const input = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
  const signal = new AbortController().signal;
  test.each<[string, (endpoint: string) => Promise<unknown>]>([
    ['the plugin', (endpoint) => localConverse({ endpoint, tag: 'm', input, maxTokens: 1, signal })],
    ['the list of models', (endpoint) => ollama.tags(endpoint, signal)],
    ['one answer of the health check', (endpoint) => ollama.generateOnce(endpoint, 'm', signal)],
  ])('%s', async (_, ask) => {
    asked = [];
    await expect(ask(`http://127.0.0.1:${port}/elsewhere`)).rejects.toThrow();
    expect(asked).toHaveLength(1);
  });

  test('the health check says with what it was answered', async () => {
    await expect(ollama.tags(`http://127.0.0.1:${port}/elsewhere`, signal)).rejects.toThrow('307 at /api/tags');
  });
});

describe('the plugin and the health check ask below the same address', () => {
  test.each([
    ['no path', '127.0.0.1', '', '', ''],
    ['a trailing slash', '127.0.0.1', '/', '', ''],
    ['a path', '127.0.0.1', '/ollama', '/ollama', ''],
    ['a path and a slash', '127.0.0.1', '/ollama/', '/ollama', ''],
    ['a query', '127.0.0.1', '/ollama/?key=1', '/ollama', '?key=1'],
    ['IPv6', '[::1]', '/ollama', '/ollama', ''],
  ])('%s', async (_, host, rest, path, query) => {
    asked = [];
    const endpoint = `http://${host}:${port}${rest}`;
    const signal = new AbortController().signal;
    const input = { messages: [{ role: 'user', content: [{ text: 'hello' }] }] };
    await localConverse({ endpoint, tag: 'm', input, maxTokens: 1, signal });
    await ollama.tags(endpoint, signal);
    await ollama.generateOnce(endpoint, 'm', signal);
    expect(asked).toEqual(['chat', 'tags', 'generate'].map((name) => `${path}/api/${name}${query}`));
  });
});
