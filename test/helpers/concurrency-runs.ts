import { type ConvergeDeps, converge } from '../../core/concurrency/converge';
import { targetKey, type ManagedFunction, type Target } from '../../core/concurrency/target';
import type { ConcurrencyWorld } from './concurrency-world';

/** One call of a port, as it is about to happen or has happened. */
export interface Call {
  readonly run: number;
  /** Such as `state.save lowering`, `concurrency.put`. */
  readonly name: string;
  readonly key: string | undefined;
  readonly args: readonly unknown[];
}

export interface Crash {
  /** Counts the run's calls from 0. */
  readonly atCall: number;
  readonly when: 'before' | 'after';
}

export interface Observer {
  before(call: Call): void;
  after(call: Call): void;
}

export interface Plan {
  /** For each run started together, whether and where it dies. */
  readonly crashes: readonly (Crash | undefined)[];
  /** Whose turn it is, one number a call; turns go round when they run out. */
  readonly turns: readonly number[];
  /** Something else that happens between two calls. */
  readonly meanwhile: readonly { readonly afterCalls: number; readonly act: () => void }[];
}

export interface Ran {
  /** The last call before and the first call after the point of each crash that came true. */
  readonly windows: readonly string[];
}

/** Runs that share one world, interleaved call by call, some of which die half-way. */
export async function runTogether(
  world: ConcurrencyWorld,
  functions: readonly ManagedFunction[],
  plan: Plan,
  observer: Observer,
): Promise<Ran> {
  const windows: string[] = [];
  /** By run: a run may ask several things at once. */
  const waiting = new Map<number, (() => Promise<void>)[]>();
  const alive = new Set<number>();
  plan.crashes.forEach((crash, run) => {
    let calls = 0;
    let previous = 'start';
    const gate = (name: string, key: string | undefined, args: readonly unknown[], act: () => Promise<unknown>) =>
      new Promise<unknown>((resolve, reject) => {
        const at = calls;
        calls += 1;
        const die = (window: string) => {
          windows.push(window);
          alive.delete(run);
        };
        const queue = waiting.get(run) ?? [];
        waiting.set(run, queue);
        queue.push(async () => {
          if (crash?.atCall === at && crash.when === 'before') return die(`${previous} | ${name}`);
          const call = { run, name, key, args };
          observer.before(call);
          let settled: () => void;
          try {
            const value = await act();
            settled = () => resolve(value);
          } catch (error) {
            settled = () => reject(error as Error);
          }
          observer.after(call);
          previous = name;
          if (crash?.atCall === at) return die(`${name} | lost answer`);
          settled();
        });
      });
    alive.add(run);
    void converge(gated(world.deps(), gate), { environment: 'test', region: 'us-east-1', functions })
      .catch(() => undefined)
      .then(() => void alive.delete(run));
  });
  let steps = 0;
  for (;;) {
    // Lets every live run come to its next call, or to its end.
    await new Promise((resolve) => setImmediate(resolve));
    for (const { afterCalls, act } of plan.meanwhile) if (afterCalls === steps) act();
    const ready = [...waiting].filter(([run, queue]) => alive.has(run) && queue.length > 0).map(([run]) => run);
    if (ready.length === 0) break;
    const run = ready[(plan.turns[steps % Math.max(1, plan.turns.length)] ?? 0) % ready.length]!;
    steps += 1;
    await waiting.get(run)!.shift()!();
  }
  return { windows };
}

type Gate = (
  name: string,
  key: string | undefined,
  args: readonly unknown[],
  act: () => Promise<unknown>,
) => Promise<unknown>;

function gated(deps: ConvergeDeps, gate: Gate): ConvergeDeps {
  const port = <P extends object>(label: string, real: P): P =>
    new Proxy(real, {
      get(object, method) {
        const value: unknown = Reflect.get(object, method);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const [first] = args as [{ status?: string } & Partial<Target>];
          const status = label === 'state' && method === 'save' ? ` ${first.status}` : '';
          const key = first?.functionName && first.qualifier ? targetKey(first as Target) : undefined;
          return gate(`${label}.${String(method)}${status}`, key, args, () =>
            (value as (...all: unknown[]) => Promise<unknown>).apply(object, args),
          );
        };
      },
    });
  return {
    concurrency: port('concurrency', deps.concurrency),
    scaling: port('scaling', deps.scaling),
    state: port('state', deps.state),
    sessions: deps.sessions,
    traffic: deps.traffic,
    now: deps.now,
  };
}
