import { ZERO, type NanoUsd } from '../money';
import { type BudgetPath, ENVIRONMENT_BUDGET } from '../shared-budgets';
import type { BudgetLedger } from './budget-ledger';
import { LedgerUnavailable, type Reservation, type ReserveOutcome } from './ports';
import type { PeriodLedger } from './period-ledger';
import type { Later } from './waiting';

/**
 * Reserves the same in each budget of a line, from the environment's own down to the one that is named, or in none. What is held
 * of a budget is so held first of those that it is within: whatever crashes, none is charged less than what it holds.
 */
export function reserveInAll(line: readonly BudgetLedger[], amount: NanoUsd): Reservation | Later {
  const [only] = line;
  if (line.length === 1 && only) return only.running.reserve(amount);
  const running = line.map((ledger) => ledger.running);
  if (!running.every((ledger, at) => ledger.covers(amount, running[at + 1]))) return new Line(line, amount);
  const taken: Reservation[] = [];
  let above: PeriodLedger | undefined;
  for (let at = 0; at < running.length; at += 1) {
    const ledger = running[at] as PeriodLedger;
    taken.push(ledger.take(amount, running[at + 1]));
    above?.arrivedWithin((taken[at - 1] as Reservation).id);
    above = ledger;
  }
  return joined(line, taken);
}

/**
 * From the one that was named up, each once the one before is stored: a budget so gives back last what those within it may still be
 * charged. @returns what to wait for, in lease mode nothing
 */
export function settleInAll(
  ledgers: ReadonlyMap<BudgetPath, BudgetLedger>,
  reservation: Reservation,
  spent: NanoUsd,
  unsettled: NanoUsd,
): Promise<void> | undefined {
  const { within = [] } = reservation;
  const settle = (part: Reservation) => ledgers.get(part.budget ?? ENVIRONMENT_BUDGET)?.settle(part, spent, unsettled);
  let first = settle(reservation);
  let at = within.length - 1;
  while (first === undefined && at >= 0) first = settle(within[at--] as Reservation);
  if (at < 0 || first === undefined) return first;
  return theRest(first, within.slice(0, at + 1).toReversed(), settle);
}

async function theRest(
  first: Promise<void>,
  parts: readonly Reservation[],
  settle: (part: Reservation) => Promise<void> | undefined,
): Promise<void> {
  let failure: { readonly why: unknown } | undefined;
  const ended = (stored: Promise<void> | undefined) => stored?.catch((why: unknown) => void (failure ??= { why }));
  await ended(first);
  for (const part of parts) await ended(settle(part));
  if (failure) throw failure.why;
}

/** One reservation of the last, with those of the others; field by field, as spreads took longer than all else that is done here. */
function joined(line: readonly BudgetLedger[], parts: readonly Reservation[]): Reservation {
  const within: Reservation[] = [];
  const last = parts.length - 1;
  for (let at = 0; at < last; at += 1) {
    const { id, period, amount } = parts[at] as Reservation;
    within.push({ id, period, amount, budget: line[at]?.path ?? ENVIRONMENT_BUDGET });
  }
  const { id, period, amount } = parts[last] as Reservation;
  return { id, period, amount, budget: line[last]?.path ?? ENVIRONMENT_BUDGET, within };
}

/** A reservation in several budgets of which some take a request. */
class Line implements Later {
  readonly outcome: Promise<ReserveOutcome>;
  private readonly held: Reservation[] = [];
  /** Of one time: a period that turns meanwhile turns for the next. */
  private readonly running: readonly { readonly path: BudgetPath; readonly ledger: PeriodLedger }[];
  private current: Later | undefined;
  private isGone = false;

  constructor(
    private readonly line: readonly BudgetLedger[],
    private readonly amount: NanoUsd,
  ) {
    this.running = line.map(({ path, running }) => ({ path, ledger: running }));
    this.outcome = this.reserve();
  }

  giveUp(): void {
    this.isGone = true;
    this.current?.giveUp();
    void this.giveBack();
  }

  private async reserve(): Promise<ReserveOutcome> {
    try {
      return (await this.refusedBelow()) ?? (await this.reserveEach());
    } catch (error) {
      void this.giveBack();
      throw error;
    }
  }

  /** A budget that has refused of late is asked before anything is written for it to those it is within, which others use. */
  private async refusedBelow(): Promise<ReserveOutcome | undefined> {
    for (const { path, ledger } of this.running.toReversed()) {
      const { admission } = ledger;
      const outcome = admission.isTight ? await admission.wouldRefuse(this.amount) : undefined;
      if (outcome) return named(outcome, path);
    }
    return undefined;
  }

  private async reserveEach(): Promise<ReserveOutcome> {
    for (const [at, { path, ledger }] of this.running.entries()) {
      const reserved = ledger.reserve(this.amount, this.running[at + 1]?.ledger);
      this.current = 'outcome' in reserved ? reserved : undefined;
      const outcome: ReserveOutcome =
        'outcome' in reserved ? await reserved.outcome : { kind: 'reserved', reservation: reserved };
      if (outcome.kind === 'refused') {
        await this.giveBack();
        return named(outcome, path);
      }
      const above = this.held.at(-1);
      if (above) this.running[at - 1]?.ledger.arrivedWithin(above.id);
      this.held.push({ ...outcome.reservation, budget: path });
      if (this.isGone) throw new LedgerUnavailable('what was given up is not reserved');
    }
    return { kind: 'reserved', reservation: joined(this.line, this.held) };
  }

  /** Where the store does not answer, with a later write. */
  private async giveBack(): Promise<void> {
    for (const part of this.held.splice(0).toReversed()) {
      const { ledger } = this.running.find(({ path }) => path === part.budget) ?? {};
      await ledger?.settle(part, ZERO, ZERO)?.catch(() => {});
    }
  }
}

function named(outcome: ReserveOutcome, budget: BudgetPath): ReserveOutcome {
  return outcome.kind === 'refused' && budget !== ENVIRONMENT_BUDGET ? { ...outcome, budget } : outcome;
}
