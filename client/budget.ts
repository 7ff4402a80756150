import { utcDay, utcMonth, type UtcDay, type UtcMonth } from '../core/calendar';
import type { FailMode } from '../core/in-path';
import { add, formatUsd, nanoUsd, ZERO, type NanoUsd } from '../core/money';
import type { LedgerPort, Reservation } from '../core/ledger';
import { type BudgetPath, ENVIRONMENT_BUDGET } from '../core/shared-budgets';
import { throwIfAborted } from './abort';
import { after } from './after';
import type { Budgets } from './budgets';
import { Deadline, soon, type Availability } from './deadline';
import { exhausted, type Refused } from './exhausted';
import { SpendGuardRefused } from './refusal';

/** Reserved for one attempt. `settle` counts once; later calls change nothing. */
export interface Held {
  readonly amount: NanoUsd;
  /** @param unsettled the part of `spent` that no source tells. Default: nothing */
  settle(spent: NanoUsd, unsettled?: NanoUsd): Promise<void>;
}

/** Spent while the table was away. */
interface Spent {
  readonly spent: NanoUsd;
  readonly unsettled: NanoUsd;
}

interface Owed extends Spent {
  readonly day: UtcDay;
  readonly budget: BudgetPath | undefined;
}

/** Between looks for room that calls in flight give back. */
const LOOK_EVERY_MS = 200;
/** An answer that has been paid for does not wait longer for the table. */
const SETTLE_WAIT_MS = 1_000;
/** For so long after a refusal for want of budget others are likely. */
const TIGHT_MS = 60_000;

export interface BudgetDeps {
  readonly ledger: LedgerPort;
  readonly budgets: Pick<Budgets, 'configured'>;
  readonly failMode: FailMode;
  readonly availability: Availability;
  readonly now: () => number;
  /** For how long a call waits for room where only calls in flight are in its way. */
  readonly waitMs: number;
  /** A settlement that the table did not take: the reservation stays charged in full. */
  readonly notTaken: (reservation: Reservation, spent: NanoUsd) => void;
  /** Something was charged to a budget, or refused since it has no room. */
  readonly changed: (budget: BudgetPath | undefined) => void;
}

/** The environment's budget, and those within it, as one call sees them: the ledger where it answers, else what the fail mode allows. */
export class Budget {
  private readonly local = new LocalCap();
  /** What the table has not heard of, by day and budget. */
  private readonly owed = new Map<string, Owed>();
  private readonly refusedAt = new Map<BudgetPath | undefined, number>();
  /** On their way to the table. */
  private readonly settling = new Set<Promise<unknown>>();

  constructor(private readonly deps: BudgetDeps) {}

  /** Whether its calls were refused for want of budget of late. */
  isTight(budget: BudgetPath | undefined): boolean {
    const refusedAt = this.refusedAt.get(budget);
    return refusedAt !== undefined && this.deps.now() - refusedAt < TIGHT_MS;
  }

  /**
   * @param budget undefined: the environment's own alone
   * @param doubtful the meter's word is too old to go by: the fail mode's cap holds beside the ledger
   * @throws SpendGuardRefused
   */
  async reserve(
    amount: NanoUsd,
    budget: BudgetPath | undefined,
    deadline: Deadline,
    doubtful: boolean,
    signal?: AbortSignal,
  ): Promise<Held> {
    const { availability } = this.deps;
    const capped = doubtful ? this.reserveLocally(amount) : undefined;
    try {
      const reserved = await availability.ask(() => this.fromLedger(amount, budget, deadline, signal));
      if (reserved) {
        if (this.owed.size > 0) void this.payOwed();
        return once(reserved.amount, (spent, unsettled) => this.settle(reserved, budget, { spent, unsettled }, capped));
      }
    } catch (error) {
      void capped?.settle(ZERO);
      throw error;
    }
    const local = capped ?? this.reserveLocally(amount);
    const day = utcDay(this.deps.now());
    return once(amount, async (spent, unsettled) => {
      await local.settle(spent);
      this.owe({ day, budget, spent, unsettled });
      await this.payOwed();
    });
  }

  /**
   * Charges what was spent while the table was away, once: what the table does not take now the ledger keeps, and tries again.
   * @param last nothing comes after it, so it is tried though the table was away a moment ago
   */
  async payOwed(last = false): Promise<void> {
    const { ledger, availability } = this.deps;
    if (availability.away && !last) return;
    const all = [...this.owed.values()];
    this.owed.clear();
    await Promise.allSettled(
      all.map(async ({ day, budget, spent, unsettled }) => ledger.charge(day, spent, unsettled, budget)),
    );
  }

  /** Waits for what is being charged, and charges what the table has not heard of. */
  async close(): Promise<void> {
    await Promise.allSettled(this.settling);
    await this.payOwed(true);
  }

  private owe({ day, budget, spent, unsettled }: Owed): void {
    if (spent === 0) return;
    const key = `${day} ${budget ?? ENVIRONMENT_BUDGET}`;
    const before = this.owed.get(key) ?? { spent: ZERO, unsettled: ZERO };
    const both = { spent: add(before.spent, spent), unsettled: add(before.unsettled, unsettled) };
    this.owed.set(key, { day, budget, ...both });
  }

  /** @throws SpendGuardRefused where calls may not be made without the table */
  admitAway(): void {
    if (this.deps.failMode.kind === 'closed' || this.deps.availability.denied) throw unavailable();
  }

  private async fromLedger(
    amount: NanoUsd,
    budget: BudgetPath | undefined,
    deadline: Deadline,
    signal?: AbortSignal,
  ): Promise<Reservation> {
    const { ledger, now, waitMs } = this.deps;
    const from = now();
    for (let looks = 0; ; looks += 1) {
      throwIfAborted(signal);
      // Waiting for room is no silence of the table: each look has the time of one.
      const outcome = await (looks === 0 ? deadline : new Deadline(now)).within(
        ledger.reserve(amount, budget),
        (late) => {
          if (late.kind === 'reserved') void ledger.settle(late.reservation, ZERO).catch(() => {});
        },
      );
      if (outcome.kind === 'reserved') return outcome.reservation;
      if (!outcome.soft || now() - from + LOOK_EVERY_MS > waitMs) {
        this.refusedAt.set(budget, now());
        this.deps.changed(budget);
        throw outcome.unsettled ? heldUp(outcome.retryAfterSeconds) : this.exhausted(amount, budget, outcome);
      }
      await new Promise<void>((resolve) => void after(LOOK_EVERY_MS, resolve));
    }
  }

  private async settle(
    reservation: Reservation,
    budget: BudgetPath | undefined,
    { spent, unsettled }: Spent,
    capped: Held | undefined,
  ): Promise<void> {
    void capped?.settle(spent);
    const { ledger, notTaken, changed } = this.deps;
    const settled = ledger.settle(reservation, spent, unsettled).catch(() => notTaken(reservation, spent));
    this.settling.add(settled);
    void settled.finally(() => this.settling.delete(settled));
    if (!(await soon(settled))) {
      await Promise.race([settled, new Promise<void>((resolve) => void after(SETTLE_WAIT_MS, resolve, 'background'))]);
    }
    changed(budget);
  }

  private exhausted(amount: NanoUsd, asked: BudgetPath | undefined, refused: Refused): SpendGuardRefused {
    const { ledger, budgets, now } = this.deps;
    const { budget = ENVIRONMENT_BUDGET } = refused;
    const { limit, period } = budgets.configured(budget);
    const known = ledger.known?.(asked).find((view) => view.budget === budget);
    return exhausted(amount, refused, { limit: known?.limit ?? limit, period }, now());
  }

  private reserveLocally(amount: NanoUsd): Held {
    const { failMode, now, availability } = this.deps;
    if (failMode.kind === 'closed' || availability.denied) throw unavailable();
    return this.local.reserve(amount, failMode.cap, utcMonth(now()));
  }
}

/** What one process may spend in a month while nobody can tell it more. */
class LocalCap {
  private month: UtcMonth | undefined;
  private used: NanoUsd = ZERO;

  reserve(amount: NanoUsd, cap: NanoUsd, month: UtcMonth): Held {
    if (month !== this.month) [this.month, this.used] = [month, ZERO];
    if (add(this.used, amount) > cap) {
      throw new SpendGuardRefused({
        code: 'GUARD_UNAVAILABLE',
        message:
          `the budget cannot be asked, and ${formatUsd(amount)} more would pass the ${formatUsd(cap)} that this process may ` +
          'spend without it (whenAway). Try again when the leases table and the meter answer.',
        retryAfterSeconds: 60,
      });
    }
    this.used = add(this.used, amount);
    return once(amount, (spent) => {
      if (month === this.month) this.used = nanoUsd(this.used - amount + spent);
      return Promise.resolve();
    });
  }
}

/** Counts the first settlement, and no other. */
export function once(amount: NanoUsd, settle: (spent: NanoUsd, unsettled: NanoUsd) => Promise<void>): Held {
  let settled: Promise<void> | undefined;
  return { amount, settle: (spent, unsettled = ZERO) => (settled ??= settle(spent, unsettled)) };
}

/** No call that is made again helps, and none is to blame: the provider does not answer, or answers are broken off. */
function heldUp(retryAfterSeconds: number): SpendGuardRefused {
  return new SpendGuardRefused({
    code: 'GUARD_UNAVAILABLE',
    message:
      'in this hour so many calls were charged without known usage (unsettledPerHourUsd), as in an outage of Bedrock, that no ' +
      'more are made before the next: what they did not use comes back by the meter, or by `spend-guard release`.',
    retryAfterSeconds,
  });
}

function unavailable(): SpendGuardRefused {
  return new SpendGuardRefused({
    code: 'GUARD_UNAVAILABLE',
    message:
      "the budget cannot be asked: the leases table does not answer, or the meter's word is over 10 minutes old, and this " +
      "environment calls nothing without them (whenAway: 'closed'). `spend-guard status` says which.",
    retryAfterSeconds: 30,
  });
}
