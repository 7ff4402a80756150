import { LedgerContended, LedgerUnavailable } from '../core/ledger';
import { after } from './after';
import { SpendGuardRefused } from './refusal';

/** Of the queue of microtasks: as deep as promises out of memory are nested here. */
const TURNS = 8;

/** Within which a call knows whether it may go on, whatever the table does; the answer's settlement is not part of it. */
export const DECISION_MS = 2_900;
/** For so long after the table did not answer nobody waits for it again. */
export const AWAY_MS = 5_000;

/** One budget of time for all that a single call asks of the table. */
export class Deadline {
  private readonly until: number;

  constructor(
    private readonly now: () => number,
    ms: number = DECISION_MS,
  ) {
    this.until = now() + ms;
  }

  /** @throws LedgerUnavailable when the time is up; what `late` gets then arrived too late. */
  async within<T>(answer: Promise<T>, late: (value: T) => void = () => {}): Promise<T> {
    // Out of memory, as in `lease`, the answer is there before a timer would be set.
    const quick = await soon(answer);
    if (quick) return quick.value;
    let over = false;
    let cancel = () => {};
    const tooLate = new Promise<never>((_, reject) => {
      cancel = after(Math.max(0, this.until - this.now()), () => {
        over = true;
        reject(new LedgerUnavailable('the leases table did not answer in time'));
      });
    });
    answer.then(
      (value) => {
        if (over) late(value);
      },
      () => {},
    );
    try {
      return await Promise.race([answer, tooLate]);
    } finally {
      cancel();
    }
  }
}

/** What a promise settles to without leaving this turn of the event loop; undefined: it takes longer. @throws its reason */
export async function soon<T>(answer: Promise<T>): Promise<{ readonly value: T } | undefined> {
  const seen: { settled?: { readonly value: T }; failed?: { readonly reason: unknown } } = {};
  answer.then(
    (value) => (seen.settled = { value }),
    (reason: unknown) => (seen.failed = { reason }),
  );
  for (let turns = 0; turns < TURNS; turns += 1) {
    if (seen.failed) throw seen.failed.reason;
    if (seen.settled) break;
    await Promise.resolve();
  }
  return seen.settled;
}

const DENIED = [
  ...['AccessDeniedException', 'ResourceNotFoundException', 'CredentialsProviderError', 'UnrecognizedClientException'],
  ...['ExpiredTokenException', 'InvalidSignatureException', 'MissingAuthenticationTokenException'],
];

/** Remembers that the table was away, so that not every call waits to find out. */
export class Availability {
  private awayUntil = 0;
  private reason: unknown;

  /** @param told once on going away, with the table's own error, and once on coming back */
  constructor(
    private readonly now: () => number,
    private readonly told: (change: { readonly away: unknown } | 'back') => void = () => {},
  ) {}

  /** The table's own error, while it is away. */
  get why(): unknown {
    return this.reason;
  }

  /** It answers, or would, and not to this caller: that is to be mended, and no outage to be bridged. */
  get denied(): boolean {
    return this.reason instanceof Object && DENIED.includes((this.reason as { readonly name?: string }).name ?? '');
  }

  get away(): boolean {
    return this.now() < this.awayUntil;
  }

  /**
   * What the table answers, or `undefined` where it is away. Other errors are the caller's; a table at which too many write is not
   * away, and opens nothing.
   * @throws SpendGuardRefused GUARD_UNAVAILABLE where others were always faster
   */
  async ask<T>(send: () => Promise<T>): Promise<T | undefined> {
    if (this.away) return undefined;
    try {
      const answer = await send();
      if (this.reason !== undefined) this.told('back');
      this.reason = undefined;
      return answer;
    } catch (error) {
      if (error instanceof LedgerContended) throw contended();
      if (!(error instanceof LedgerUnavailable)) throw error;
      this.awayUntil = this.now() + AWAY_MS;
      const before = this.reason;
      this.reason = error.cause ?? error;
      if (before === undefined) this.told({ away: this.reason });
      return undefined;
    }
  }
}

/** Without a cause: inside the SDK's retries one would bring another attempt. */
function contended(): SpendGuardRefused {
  return new SpendGuardRefused({
    code: 'GUARD_UNAVAILABLE',
    message:
      'the leases table answers, and so many write to it at once that this call did not get through. Try again; where it happens ' +
      "often, mode 'lease' needs far fewer writes than 'exact'.",
    retryAfterSeconds: 1,
  });
}
