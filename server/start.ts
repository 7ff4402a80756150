import type { AddressInfo } from 'node:net';
import { spendGuard } from '../client/index';
import { budgetedDocuments, dynamoDbCallers } from '../client/adapters';
import { appOf } from './app';
import { GuardedBedrock } from './bedrock';
import { authorization, type CallerDirectory, callerDirectory } from './callers';
import { configOf } from './config';
import { entrance } from './entrance';
import { Pages } from './health';
import { isLoopback, ourHosts } from './host';
import { KeptAnswers } from './kept-answers';
import { KnownBudgets } from './known-budgets';
import { LIMITS } from './limits';
import { onePort, type OnePort } from './listen';
import { Observed } from './observed';
import type { ServeOptions, Serving } from './options';
import { upstreamOf } from './upstream';

/** A connection whose answer has been broken off has so long to take its end. */
const LAST_WORDS_MS = 500;

/**
 * Bedrock's runtime protocol on one port, with the guard before the real endpoint.
 * @throws TypeError on a config that is incomplete, and on an address that others reach without keys and TLS; what `listen` throws
 */
export async function startServer(options: ServeOptions): Promise<Serving> {
  const { host, port, tls, credentials, onEvent, requireKey } = options;
  mayListen(options);
  const limits = { ...LIMITS, ...options.limits };
  const now = options.guard?.now ?? Date.now;
  const observed = new Observed();
  const guard = spendGuard(options.config, {
    ...(credentials === undefined ? {} : { tableCredentials: credentials }),
    ...options.guard,
    onEvent: (event) => {
      observed.hear(event);
      return onEvent?.(event);
    },
  });
  const config = configOf(options.config);
  const { environment, cacheMinutes } = config;
  const budgets = (config.budgets ?? []).map(({ path }) => path);
  const upstream = upstreamOf(config.region, options, limits.connections);
  const { cache, allowSmaller } = options.guard ?? {};
  // Whether a smaller model has answered in place of another the server is not told: then no answer is kept.
  const kept = new KeptAnswers(cache === false || allowSmaller === true ? 0 : cacheMinutes * 60_000, now);
  await upstream.credentials();
  /** For `localhost` there are two, of both its addresses. */
  const ports: OnePort[] = [];
  let isOurs: (header: string | undefined) => boolean = () => false;
  let stopped: Promise<void> | undefined;
  const stopping = () => stopped !== undefined;
  const app = appOf({
    bedrock: new GuardedBedrock({ guard, upstream, kept, observed }),
    pages: new Pages({ environment, budgets, observed, known: new KnownBudgets(guard, now) }),
    limits,
    observed,
    stopping,
    listener: (handler) => {
      const one = onePort(handler, limits, tls);
      ports.push(one);
      return one.server;
    },
    admit: entrance({
      isOurs: (header) => isOurs(header),
      authorized: authorization({
        environment,
        budgets,
        requireKey,
        callers: options.callers ?? keysOf(config, options, now),
      }),
      stopping,
      isOpenHere: isLoopback(host),
      headerBytes: limits.headerBytes,
    }),
  });
  await app.fastify.listen({ host, port });
  const { port: taken } = app.fastify.server.address() as AddressInfo;
  isOurs = ourHosts(host, taken);
  const stop = async () => {
    let last: NodeJS.Timeout | undefined;
    const late = setTimeout(() => {
      app.breakOff();
      last = setTimeout(() => ports.forEach((one) => one.destroyAll()), LAST_WORDS_MS);
    }, limits.stopMs);
    for (const one of ports) one.endIdle();
    await app.fastify.close();
    clearTimeout(late);
    clearTimeout(last);
    await guard.close();
    upstream.destroy();
  };
  return {
    url: `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    stop: () => (stopped ??= stop()),
  };
}

function keysOf(
  { leasesTable, region }: ReturnType<typeof configOf>,
  { credentials, onEvent }: ServeOptions,
  now: () => number,
): CallerDirectory {
  const documents = budgetedDocuments({ region, ...(credentials === undefined ? {} : { credentials }) });
  return callerDirectory({
    callers: dynamoDbCallers({ tableName: leasesTable, documents }),
    now,
    away: (why) =>
      void onEvent?.({ name: 'warning', attributes: { 'spend_guard.message': `keys cannot be looked up: ${why}` } }),
  });
}

function mayListen({ host, tls, requireKey, behindTls }: ServeOptions): void {
  if (isLoopback(host) || (requireKey && (tls || behindTls))) return;
  throw new TypeError(
    `host: others reach ${host}, so it needs keys (--require-key) and TLS (--tls-cert and --tls-key, or --behind-tls where what is in front speaks it)`,
  );
}
