import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import type { Limits } from './limits';

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export interface OnePort {
  readonly server: http.Server;
  /** Connections on which nothing was asked, and sessions of HTTP/2 as soon as nothing is in flight on them. */
  endIdle(): void;
  /** Whatever is in flight. */
  destroyAll(): void;
}

/** With which a client of HTTP/2 begins (RFC 9113, 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * HTTP/1.1 and HTTP/2 on one port: AWS's SDK for JavaScript speaks HTTP/2 from the first byte on also where there is no TLS in
 * which to agree on it, others speak HTTP/1.1.
 */
export function onePort(handler: Handler, limits: Limits, tls?: https.ServerOptions): OnePort {
  const sockets = new Set<Socket>();
  /** Have not said yet which of both they speak. */
  const silent = new Set<Socket>();
  const sessions = new Set<http2.ServerHttp2Session>();
  const second = http2.createServer(
    {
      maxHeaderListPairs: 128,
      maxSessionInvalidFrames: 100,
      maxSessionMemory: 64,
      settings: { maxConcurrentStreams: limits.streams, maxHeaderListSize: limits.headerBytes, enablePush: false },
    },
    handler as never,
  );
  second.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.setTimeout(limits.idleMs, () => session.close());
  });
  second.on('sessionError', () => {});
  const options: http.ServerOptions = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: 1_000,
    insecureHTTPParser: false,
    requireHostHeader: true,
  };
  const server = tls
    ? https.createServer(
        { ...options, ...tls, ALPNProtocols: ['h2', 'http/1.1'], handshakeTimeout: limits.headersMs },
        handler,
      )
    : http.createServer(options, handler);
  server.on('connect', (_request, socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  server.maxConnections = limits.connections;
  const event = tls ? 'secureConnection' : 'connection';
  // Before the handshake it is no connection of TLS yet.
  if (tls) server.on('connection', (socket: Socket) => track(socket, sockets));
  const [first] = server.listeners(event) as ((this: http.Server, socket: Socket) => void)[];
  server.removeAllListeners(event);
  server.on(event, (socket: Socket) => {
    track(socket, sockets);
    track(socket, silent);
    sniff(socket, limits.headersMs, (isSecond) => {
      silent.delete(socket);
      if (isSecond) {
        // A server of HTTP/1 keeps what its client has ended open, by which a client that has left would not be noticed.
        socket.allowHalfOpen = false;
        second.emit('connection', socket);
      } else {
        first?.call(server, socket);
      }
    });
  });
  return {
    server,
    endIdle: () => {
      for (const session of sessions) session.close();
      for (const socket of silent) socket.destroy();
    },
    destroyAll: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function track(socket: Socket, among: Set<Socket>): void {
  among.add(socket);
  socket.once('close', () => among.delete(socket));
}

/** Looks at the first bytes of a connection and leaves them there. */
function sniff(socket: Socket, withinMs: number, found: (isSecond: boolean) => void): void {
  const gone = () => socket.destroy();
  const timer = setTimeout(gone, withinMs);
  timer.unref();
  const ignored = () => {};
  socket.on('error', ignored);
  let seen = Buffer.alloc(0);
  const look = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, PREFACE.length);
    const same = seen.subarray(0, length).equals(PREFACE.subarray(0, length));
    if (same && length < PREFACE.length) return;
    done();
    socket.unshift(seen);
    found(same);
  };
  const done = () => {
    clearTimeout(timer);
    socket.removeListener('readable', look);
    socket.removeListener('end', gone);
    socket.removeListener('error', ignored);
  };
  socket.once('close', () => clearTimeout(timer));
  socket.on('end', gone);
  socket.on('readable', look);
}
