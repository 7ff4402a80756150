import { startServer, type ServeOptions } from '../../server';
import { utcMonth } from '../../core/calendar';
import type { ClientConfig } from '../../core/in-path';
import { ZERO } from '../../core/money';

/** What an instance in a process of its own is told, as JSON. */
export interface InstanceOptions {
  readonly config: ClientConfig;
  readonly upstream: string;
  readonly limits?: ServeOptions['limits'];
  /** As of the plugin. */
  readonly waitMs?: number;
}

const { config, upstream, limits, waitMs } = JSON.parse(process.argv[2] ?? '') as InstanceOptions;

// The meter's word, which no meter writes here: the month is open.
const read = async () => {
  const now = Date.now();
  return { desired: 'open', asOf: now, month: utcMonth(now), spentAtLeast: ZERO, limit: config.limit } as const;
};

void startServer({
  config: { config },
  ...{ host: '127.0.0.1', port: 0, requireKey: false, behindTls: false },
  upstream: { endpoint: upstream },
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  ...(limits === undefined ? {} : { limits }),
  guard: { status: { read }, ...(waitMs === undefined ? {} : { waitMs }) },
}).then((serving) => {
  process.on('disconnect', () => process.exit(1));
  process.on('SIGTERM', () => {
    void serving.stop().then(() => process.exit(0));
  });
  process.send?.(serving.url);
});
