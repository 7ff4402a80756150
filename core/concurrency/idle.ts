import { MINUTE_MS } from '../calendar';
import type { Reading } from '../reading';
import type { ProvisionedConfig } from './configured';
import type { Session } from './ports';
import type { ManagedFunction } from './target';
import type { Idleness } from './wish';

export interface IdleReading {
  readonly managed: ManagedFunction;
  readonly config: ProvisionedConfig | undefined;
  /** Of the whole function, in the last `idleMinutes`. Unread is unavailable. */
  readonly invocations: Reading<number>;
  readonly session: Reading<Session | undefined>;
  readonly nowMs: number;
}

/**
 * Whether nobody uses a function. It counts calls of the whole function: a wrong set of dimensions would be answered with
 * silence, as no traffic (trap 21), and `FunctionName` alone is Lambda's own first one. No points of a complete answer
 * are no calls, once the configuration has been there for `idleMinutes`. A call of the last two minutes may not show
 * yet: the next run then wakes the function again.
 */
export function idlenessOf({ managed, config, invocations, session, nowMs }: IdleReading): Idleness {
  const minutes = managed.idleMinutes;
  if (minutes === undefined) return { kind: 'notAsked' };
  if (session.kind === 'unavailable') return { kind: 'unknown', reason: `sessions cannot be read: ${session.why}` };
  if (session.value) {
    const until = new Date(session.value.untilMs).toISOString();
    return { kind: 'busy', reason: `a session of ${session.value.by} is open until ${until}` };
  }
  if (invocations.kind === 'unavailable') {
    return { kind: 'unknown', reason: `traffic is unknown: ${invocations.why}` };
  }
  if (invocations.value > 0) {
    return { kind: 'busy', reason: `${invocations.value} calls in the last ${minutes} minutes` };
  }
  // A clock that is behind Lambda's makes it young, never old.
  if (config && nowMs - config.lastModifiedMs < minutes * MINUTE_MS) {
    return { kind: 'busy', reason: `its concurrency was set less than ${minutes} minutes ago` };
  }
  return { kind: 'idle', reason: `no calls in the last ${minutes} minutes` };
}
