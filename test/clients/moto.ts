import { spawn } from 'node:child_process';
import { Agent, createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/ports';
import { pythonOf } from '../helpers/python';

const HOST = '127.0.0.1';
const START_TRIES = 300;
const START_PAUSE_MS = 100;

/** moto's server, and an end to it where the tests were killed and could not stop it. */
const SERVE = `
import os, sys, threading, time
parent = os.getppid()
def watch():
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(1)
threading.Thread(target=watch, daemon=True).start()
from moto.server import main
main(['-H', '${HOST}', '-p', sys.argv[1]])
`;

export interface Moto {
  readonly endpoint: string;
  /** Requests that it has answered. */
  requests(): number;
  stop(): Promise<void>;
}

/**
 * A DynamoDB that is not the one of the local AWS (https://github.com/getmoto/moto), on loopback. One request at a time reaches
 * it: its transactions are not atomic across its threads.
 */
export async function startMoto(): Promise<Moto> {
  const python = pythonOf(path.join(__dirname, 'moto-requirements.txt'));
  const port = await freePort();
  const server = spawn(python, ['-c', SERVE, String(port)], { stdio: 'ignore' });
  let answered = 0;
  const agent = new Agent({ keepAlive: false });
  const pass = (incoming: IncomingMessage, body: Buffer, response: ServerResponse) =>
    new Promise<void>((resolve) => {
      const { method, url, headers } = incoming;
      const upstream = forward({ host: HOST, port, method, path: url, headers, agent }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('end', () => {
          answered += 1;
          resolve();
        });
      });
      upstream.on('error', () => {
        response.destroy();
        resolve();
      });
      upstream.end(body);
    });
  let turn = Promise.resolve();
  const proxy = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      turn = turn.then(() => pass(incoming, Buffer.concat(chunks), response));
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, HOST, resolve));
  await listening(`http://${HOST}:${port}/moto-api/`, () => server.exitCode);
  return {
    endpoint: `http://${HOST}:${(proxy.address() as AddressInfo).port}`,
    requests: () => answered,
    async stop() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      const ended = new Promise((resolve) => server.once('exit', resolve));
      if (server.exitCode === null && server.kill()) await ended;
    },
  };
}

async function listening(url: string, ended: () => number | null): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (tries === START_TRIES || ended() !== null) throw new Error('moto does not start', { cause: error });
    }
    await sleep(START_PAUSE_MS);
  }
}
