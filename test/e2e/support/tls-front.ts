import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificate } from '../../clients/certificate';

/** TLS before a server of this machine that speaks none. @param origin such as `http://127.0.0.1:34567` */
export async function tlsFront(
  origin: string,
): Promise<{ readonly origin: string; readonly trusted: string; readonly close: () => void }> {
  const { cert, key, file } = certificate();
  const server = createServer({ cert, key }, (incoming, outgoing) => {
    const { url = '/', method, headers } = incoming;
    const onwards = request(new URL(url, origin), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onwards.on('error', () => outgoing.destroy());
    incoming.pipe(onwards);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://127.0.0.1:${port}`,
    trusted: file,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
