import { type AddressInfo, createServer, type Server } from 'node:net';
import { https } from '../../../../lambda/adapters/https';
import { ChannelServer, type Mode } from '../../../helpers/channel-server';

const server = new ChannelServer();
let origin: string;
beforeAll(async () => void (origin = await server.listen()));
afterAll(() => server.close());
beforeEach(() => void (server.requests.length = 0));

const local = https(true);
const post = (path: string, within = 5_000) =>
  local.send({ url: `${origin}${path}`, headers: { 'content-type': 'application/json' }, body: '{}' }, within);

test.each<[string, Mode, object]>([
  ['200 and a body', { status: 200, body: 'ok' }, { kind: 'answered', status: 200, body: 'ok' }],
  ['a wait', { status: 429, retryAfter: '30' }, { kind: 'answered', status: 429, retryAfter: '30' }],
  ['a fault of its own', { status: 503 }, { kind: 'answered', status: 503 }],
  ['no answer: nobody knows', 'deaf', { kind: 'unanswered', why: 'nothing within 0.3 s' }],
  ['an answer that comes too late', { slowMs: 5_000 }, { kind: 'unanswered' }],
  ['a closed connection: nobody knows', 'closes', { kind: 'unanswered', why: 'ECONNRESET' }],
])('%s', async (_what, mode, answer) => {
  server.set('webhook', mode);
  expect(await post('/webhook', typeof mode === 'object' && 'status' in mode ? 5_000 : 300)).toMatchObject(answer);
});

test.each([301, 302, 303, 307, 308])('HTTP %i is followed nowhere', async (status) => {
  server.set('webhook', { status });
  expect(await post('/webhook')).toMatchObject({ kind: 'answered', status });
  expect(server.requests).toHaveLength(1);
});

test('where nothing listens, nothing was sent', async () => {
  const closed: Server = createServer();
  await new Promise<void>((resolve) => void closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const answer = await local.send({ url: `http://127.0.0.1:${port}/x`, headers: {} }, 5_000);
  expect(answer).toEqual({ kind: 'unsent', why: 'ECONNREFUSED' });
});

test('an answer that trickles ends with its deadline', async () => {
  const trickling = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    const timer = setInterval(() => socket.write('1\r\nx\r\n'), 20);
    socket.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => void trickling.listen(0, '127.0.0.1', resolve));
  const { port } = trickling.address() as AddressInfo;
  const answer = await local.send({ url: `http://127.0.0.1:${port}/x`, headers: {}, body: '{}' }, 300);
  expect(answer.kind).toBe('unanswered');
  await new Promise((resolve) => trickling.close(resolve));
});

test('an answer that is too long is read in part', async () => {
  server.set('webhook', { status: 200, body: 'x'.repeat(1_000_000) });
  const answer = await post('/webhook');
  expect(answer).toMatchObject({ kind: 'answered', status: 200 });
  expect((answer as { body: string }).body.length).toBeLessThan(70_000);
});

test.each([
  'http://hooks.slack.com/services/x',
  'http://169.254.169.254/latest/meta-data',
  'http://127.0.0.1.example.com/x',
  'http://user:secret@127.0.0.1/x',
  'ftp://127.0.0.1/x',
  'file:///etc/passwd',
  'no address',
])('%s is sent nothing, on the local AWS neither', async (url) => {
  const answer = await local.send({ url, headers: {} }, 1_000);
  expect(answer).toEqual({ kind: 'unsent', why: 'its address is none of HTTPS' });
});

test('this machine is sent nothing without TLS, but on the local AWS', async () => {
  expect(await https().send({ url: `${origin}/webhook`, headers: {} }, 1_000)).toMatchObject({ kind: 'unsent' });
  expect(server.requests).toEqual([]);
});

test('a certificate that nobody vouches for is no TLS: nothing is sent', async () => {
  // Speaks no TLS at all.
  const answer = await https().send({ url: origin.replace('http:', 'https:'), headers: {}, body: 'secret' }, 2_000);
  expect(answer.kind).toBe('unsent');
  expect(server.requests).toEqual([]);
});

test('no address stands in what went wrong', async () => {
  for (const url of ['https://no-such-host.invalid/secret-path', 'http://127.0.0.1:1/secret-path']) {
    expect(JSON.stringify(await local.send({ url, headers: {} }, 2_000))).not.toMatch(/secret-path|no-such-host/);
  }
});
