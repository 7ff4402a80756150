import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spendGuard } from '../client';
import { appOf } from './app';
import { refusal } from './answers';
import { GuardedBedrock } from './bedrock';
import { isLoopback, ourHosts } from './host';
import { LIMITS } from './limits';
import { onePort, type OnePort } from './listen';
import type { ServeOptions, Serving } from './options';
import { regionOf } from './region';
import { upstreamOf } from './upstream';

/**
 * Bedrock's runtime protocol on one port, with the guard before the real endpoint.
 * @throws TypeError on a config that is incomplete, and on an address that others reach without keys and TLS; what `listen` throws
 */
export async function startServer(options: ServeOptions): Promise<Serving> {
  const { host, port, tls, credentials, onEvent } = options;
  mayListen(options);
  const limits = { ...LIMITS, ...options.limits };
  const guard = spendGuard(options.config, {
    ...(credentials === undefined ? {} : { tableCredentials: credentials }),
    ...(onEvent === undefined ? {} : { onEvent }),
    ...options.guard,
  });
  const upstream = upstreamOf(regionOf(options.config), options, limits.connections);
  let listening: OnePort | undefined;
  let isOurs = (_header: string | undefined) => false;
  const app = appOf({
    bedrock: new GuardedBedrock(guard, upstream),
    limits,
    listener: (handler) => {
      listening = onePort(handler, limits, tls);
      return listening.server;
    },
    admit: async ({ headers }) => {
      if (!isOurs(hostOf(headers)))
        return refusal(
          403,
          'AccessDeniedException',
          'FOREIGN_HOST',
          'this request names another host than this server.',
        );
      return undefined;
    },
  });
  await app.fastify.listen({ host, port });
  const { port: taken } = app.fastify.server.address() as AddressInfo;
  isOurs = ourHosts(host, taken);
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    const late = setTimeout(() => {
      app.breakOff();
      setTimeout(() => listening?.destroyAll(), 500).unref();
    }, limits.stopMs);
    listening?.closeSessions();
    await app.fastify.close();
    clearTimeout(late);
    upstream.destroy();
    await guard.close();
  };
  return {
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    stop: () => (stopped ??= stop()),
  };
}

function mayListen({ host, tls, requireKey, behindTls, callers }: ServeOptions): void {
  if (requireKey && !callers) throw new TypeError('requireKey: needs `callers`, which know the keys');
  if (isLoopback(host)) return;
  if (!requireKey || (!tls && !behindTls))
    throw new TypeError(
      `host: others reach ${host}, so it needs --require-key, and --tls-cert with --tls-key, or --behind-tls where something in front speaks TLS.`,
    );
}

function hostOf(headers: IncomingMessage['headers']): string | undefined {
  return headers.host ?? (headers[':authority'] as string | undefined);
}
