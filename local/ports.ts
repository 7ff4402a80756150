import { createServer } from 'node:net';
import { LocalError } from './errors';

const LOOPBACK = '127.0.0.1';
/** Asked for first, so that what is printed is the same from run to run. */
export const USUAL_PORT = 4599;

/** @param port 0 for any. Resolves with the port, or undefined where somebody listens there. */
async function tried(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
    });
  });
}

/** A port of loopback that nobody listens on now; another process may be faster all the same. */
export async function freePort(): Promise<number> {
  const port = await tried(0);
  if (port === undefined) throw new LocalError('PORT_IN_USE', 'no free port on 127.0.0.1');
  return port;
}

/** The usual port where it is free, else another. */
export async function usualOrFreePort(): Promise<number> {
  return (await tried(USUAL_PORT)) ?? freePort();
}

/** @throws PORT_IN_USE */
export async function demandPort(port: number): Promise<number> {
  if ((await tried(port)) !== undefined) return port;
  throw new LocalError(
    'PORT_IN_USE',
    `port ${port} of 127.0.0.1 is in use by another program: end it, name another with --port, or leave --port out for a free one`,
  );
}
