import type { RateOutcome } from '../../core/ledger/ports';
import { usd } from '../../core/money';
import { startServer, type CallerDirectory } from '../../server';
import type { BedrockServer } from '../helpers/bedrock-server';
import { CONFIG, MemoryLedger, openStatus } from '../helpers/guarded-client';

export interface ServedOptions {
  readonly limitUsd?: number;
  /** Of the first requests; those after them are admitted. */
  readonly rates?: readonly RateOutcome[];
  readonly callers?: CallerDirectory;
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface Served {
  readonly url: string;
  readonly ledger: MemoryLedger;
  /** Of each request that the guard refused, its code. */
  readonly refused: string[];
  /** Requests that were counted, refused ones too. */
  counted(): number;
  stop(): Promise<void>;
}

export const SERVERS_KEY = 'AKIDSERVER';

/** The server before a Bedrock of the tests, with stores in memory. */
export async function served(upstream: BedrockServer, options: ServedOptions = {}): Promise<Served> {
  const ledger = new MemoryLedger(usd(options.limitUsd ?? 10));
  const refused: string[] = [];
  const rates = [...(options.rates ?? [])];
  let counted = 0;
  const serving = await startServer({
    config: { config: CONFIG },
    host: '127.0.0.1',
    port: 0,
    requireKey: options.callers !== undefined,
    behindTls: false,
    ...(options.callers ? { callers: options.callers } : {}),
    ...(options.tls ? { tls: options.tls } : {}),
    upstream: { endpoint: upstream.endpoint },
    credentials: { accessKeyId: SERVERS_KEY, secretAccessKey: 'example' },
    onEvent: ({ name, attributes }) => {
      if (name === 'refused') refused.push(String(attributes['error.type']));
    },
    guard: {
      ledger,
      waitMs: 0,
      status: { read: async () => openStatus(Date.now()) },
      rateLimit: {
        admit: async () => {
          counted += 1;
          return rates.shift() ?? { kind: 'admitted' };
        },
      },
    },
  });
  return { url: serving.url, ledger, refused, counted: () => counted, stop: () => serving.stop() };
}
