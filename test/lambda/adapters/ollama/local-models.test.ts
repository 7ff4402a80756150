import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ollama } from '../../../../lambda/adapters/ollama/local-models';

const signal = new AbortController().signal;
let server: Server;
let endpoint: string;
let answer: (path: string, body: string, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => answer(`${request.method} ${request.url}`, body, response));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

it('lists tags', async () => {
  answer = (path, _, response) =>
    response.end(JSON.stringify(path === 'GET /api/tags' ? { models: [{ name: 'llama3.1:8b', size: 1 }] } : {}));
  expect(await ollama.tags(`${endpoint}/`, signal)).toEqual(['llama3.1:8b']);
});

it('asks for one token with streaming off', async () => {
  let asked: unknown;
  answer = (path, body, response) => {
    asked = [path, JSON.parse(body)];
    response.end(JSON.stringify({ model: 'm', response: 'OK', done: true }));
  };
  await ollama.generateOnce(endpoint, 'm', signal);
  expect(asked).toEqual([
    'POST /api/generate',
    expect.objectContaining({ model: 'm', stream: false, options: { num_predict: 1 } }),
  ]);
});

it.each([
  [
    'an error of Ollama',
    404,
    JSON.stringify({ error: "model 'm' not found" }),
    'httpStatus',
    "404 model 'm' not found at /api/generate",
  ],
  ['an error of something else', 502, 'Bad Gateway', 'httpStatus', '502 at /api/generate'],
  ['a web page', 200, '<html>', 'notOllama', '/api/generate answers something that is not JSON'],
])('%s is named', async (_, status, body, kind, text) => {
  answer = (_path, _body, response) => response.writeHead(status).end(body);
  await expect(ollama.generateOnce(endpoint, 'm', signal)).rejects.toMatchObject({ kind, text });
});

it('a server that is not Ollama is named', async () => {
  answer = (_path, _body, response) => response.end('{"hello":1}');
  await expect(ollama.tags(endpoint, signal)).rejects.toMatchObject({ kind: 'notOllama' });
});

it('nothing that listens is told from nothing that can be reached', async () => {
  const free = createServer();
  await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
  const { port } = free.address() as AddressInfo;
  await new Promise((done) => free.close(done));
  await expect(ollama.tags(`http://127.0.0.1:${port}`, signal)).rejects.toMatchObject({ kind: 'nothingListens' });
  await expect(ollama.tags(`http://localhost:${port}`, signal)).rejects.toMatchObject({ kind: 'nothingListens' });
  await expect(ollama.tags('http://no-such-host.invalid:1', signal)).rejects.toMatchObject({ kind: 'unreachable' });
});

it('no answer in time is said so', async () => {
  answer = () => {};
  await expect(ollama.tags(endpoint, AbortSignal.timeout(20))).rejects.toMatchObject({
    kind: 'unreachable',
    text: 'no answer in time',
  });
  server.closeAllConnections();
});
