import { createHash, timingSafeEqual } from 'node:crypto';
import { callerState, type CallersPort, parseKey, type StoredCaller } from '../../core/callers';
import type { Reading } from '../../core/reading';
import type { BudgetPath } from '../../core/shared-budgets';
import { Kept } from './kept';

/** Whom a key is of. */
export interface CallerOf {
  readonly id: string;
  /** What its calls are charged to. */
  readonly budget: BudgetPath;
  readonly person: string;
}

export interface CallerDirectory {
  /**
   * Undefined: no such key, expired or revoked; nobody is told which.
   * @throws CallersUnavailable where it cannot be known now
   */
  find(key: string): Promise<CallerOf | undefined>;
}

/** The table that says who may call does not answer, or not in a form that this release reads: that is no word about the key. */
export class CallersUnavailable extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'CallersUnavailable';
  }
}

export interface CallerDirectoryOptions {
  readonly callers: CallersPort;
  readonly now: () => number;
  /** Told once of each reason why keys cannot be read, for the log: callers are told no more than that they cannot. */
  readonly away?: (why: string) => void;
}

/** A key that was found is believed for so long: within it one that is revoked stops, in each instance. */
export const FRESH_MS = 5_000;
/** Older than this it is asked for again beside the request, so that who calls all the time never waits for the table. */
export const AHEAD_MS = 2_500;
/** One that was refused is refused again for so long without a question: a new key works at once, and a loop costs a read a second. */
export const REFUSED_MS = 1_000;
/** While the table is away, keys that it has confirmed within so long go on. */
export const GOES_ON_MS = 60_000;
/** An outage is asked after so often, whoever calls. */
export const AGAIN_MS = 1_000;
/** Remembered at most: somebody may try millions. */
export const MOST_REFUSED = 10_000;
const MOST_KNOWN = 10_000;
/** Questions about keys that are not known, at a time: a flood of them takes no connection from those that are. */
export const MOST_ASKED = 64;

interface Known {
  readonly caller: StoredCaller;
  /** When it was asked for, which is before it was read. */
  readonly at: number;
}

/** Nobody's: what is compared where there is no key of an id, so that it is told from a wrong secret by nothing. */
const NOBODYS = Buffer.alloc(32);

/** Keys by a table of their hashes, with a memory of a few seconds. */
export function callerDirectory({ callers, now, away = () => {} }: CallerDirectoryOptions): CallerDirectory {
  const known = new Kept<Known>(MOST_KNOWN);
  /** By id, of unknown ones and wrong secrets alike; it hinders no right one, whose hash the same question has brought. */
  const refused = new Kept<number>(MOST_REFUSED);
  const reading = new Map<string, Promise<StoredCaller | undefined>>();
  let failedAt = Number.NEGATIVE_INFINITY;
  let told: string | undefined;

  const tell = (why: string): void => {
    if (why !== told) away(why);
    told = why;
  };

  const read = async (id: string): Promise<StoredCaller | undefined> => {
    const at = now();
    let answer: Reading<StoredCaller | undefined>;
    try {
      answer = await callers.find(id);
    } catch (error) {
      failedAt = now();
      tell(error instanceof Error ? error.message : String(error));
      throw new CallersUnavailable('the table of keys does not answer', { cause: error });
    }
    if (answer.kind === 'unavailable') {
      known.delete(id);
      tell(answer.why);
      throw new CallersUnavailable(answer.why);
    }
    told = undefined;
    if (answer.value) known.set(id, { caller: answer.value, at });
    else known.delete(id);
    return answer.value;
  };

  /** One question at a time for each id. */
  const ask = async (id: string): Promise<StoredCaller | undefined> => {
    const under = reading.get(id);
    if (under) return under;
    if (now() - failedAt < AGAIN_MS) throw new CallersUnavailable('the table of keys did not answer a moment ago');
    if (!known.has(id) && reading.size >= MOST_ASKED) throw new CallersUnavailable('too many keys are asked for');
    const asked = read(id).finally(() => reading.delete(id));
    reading.set(id, asked);
    return asked;
  };

  const current = async (id: string, hash: Buffer): Promise<StoredCaller | undefined> => {
    const before = known.get(id);
    const isKnown = isOf(before?.caller, hash);
    if (before && isKnown && now() - before.at < FRESH_MS) {
      if (now() - before.at >= AHEAD_MS) ask(id).catch(() => {});
      return before.caller;
    }
    if (!isKnown && now() - (refused.get(id) ?? Number.NEGATIVE_INFINITY) < REFUSED_MS) return undefined;
    try {
      const found = await ask(id);
      if (isOf(found, hash)) return found;
      refused.set(id, now());
      return undefined;
    } catch (error) {
      // Nobody can revoke in a table that is away, and a minute is what a table that is away for its readers alone may hide.
      const last = known.get(id);
      if (error instanceof CallersUnavailable && last && isOf(last.caller, hash) && now() - last.at < GOES_ON_MS) {
        return last.caller;
      }
      throw error;
    }
  };

  return {
    async find(text) {
      const key = parseKey(text);
      if (!key) return undefined;
      const caller = await current(key.id, createHash('sha256').update(key.secret).digest());
      if (!caller || callerState(caller, now()) !== 'active') return undefined;
      return { id: caller.id, budget: caller.budget, person: caller.person };
    },
  };
}

/** In the same time whatever is wrong. */
function isOf(caller: StoredCaller | undefined, hash: Buffer): boolean {
  const isSame = timingSafeEqual(caller ? Buffer.from(caller.hash, 'hex') : NOBODYS, hash);
  return isSame && caller !== undefined;
}
