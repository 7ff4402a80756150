import { createServer, type AddressInfo, type Server } from 'node:net';
import { demandPort, freePort, USUAL_PORT, usualOrFreePort } from '../../local/ports';

let server: Server | undefined;

function listenOn(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const made = createServer();
    server = made;
    made.once('error', reject);
    made.listen(port, '127.0.0.1', () => resolve((made.address() as AddressInfo).port));
  });
}

afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

test('a free port can be listened on', async () => {
  const port = await freePort();
  expect(await listenOn(port)).toBe(port);
});

test('a port that is demanded and free is taken', async () => {
  const port = await freePort();
  expect(await demandPort(port)).toBe(port);
});

test('a port that is demanded and in use: one line with the ways out', async () => {
  const port = await listenOn(0);
  await expect(demandPort(port)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: `port ${port} of 127.0.0.1 is in use by another program: end it, name another with --port, or leave --port out for a free one`,
  });
});

test('where the usual port is in use another one is taken', async () => {
  // Somebody else may hold it already, which is as good.
  await listenOn(USUAL_PORT).catch(() => (server = undefined));
  expect(await usualOrFreePort()).not.toBe(USUAL_PORT);
});
