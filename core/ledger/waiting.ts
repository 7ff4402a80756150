import type { NanoUsd } from '../money';
import type { Reservation, ReserveOutcome } from './ports';

/** A reservation that takes a write; `giveUp` once nobody wants it any more: what it is granted then goes back. */
export interface Later {
  readonly outcome: Promise<ReserveOutcome>;
  giveUp(): void;
}

export interface Waiting<Tag = unknown> {
  readonly amount: NanoUsd;
  /** Of the one who made it wait. */
  readonly within: Tag;
  readonly done: (outcome: ReserveOutcome) => void;
  readonly failed: (error: unknown) => void;
  gone: boolean;
}

/** Calls that wait for a write, first come, first served. */
export class WaitingLine<Tag = undefined> {
  private line: Waiting<Tag>[] = [];

  get length(): number {
    return this.line.length;
  }

  get amounts(): readonly NanoUsd[] {
    return this.line.map(({ amount }) => amount);
  }

  join(amount: NanoUsd, within: Tag): Later {
    const entry: { waiting?: Waiting<Tag> } = {};
    const outcome = new Promise<ReserveOutcome>((done, failed) => {
      entry.waiting = { amount, within, done, failed, gone: false };
      this.line.push(entry.waiting);
    });
    return {
      outcome,
      giveUp() {
        if (entry.waiting) entry.waiting.gone = true;
      },
    };
  }

  /** @param fits by their places in line; the others are told why not, and leave it */
  refuseOthers(fits: readonly boolean[], why: (amount: NanoUsd) => ReserveOutcome): void {
    const refused = this.line.filter((_, index) => fits[index] !== true);
    this.line = this.line.filter((_, index) => fits[index] === true);
    for (const { amount, done } of refused) done(why(amount));
  }

  /** Those who still want it, who stay in line until they are served. */
  present(): readonly Waiting<Tag>[] {
    this.line = this.line.filter(({ gone }) => !gone);
    return [...this.line];
  }

  /**
   * Those that came meanwhile, behind them in line, wait on, as do those that are not authorised after all.
   * @param grants who were `present`
   * @returns whether room was made for one who has gone since
   */
  serve(grants: readonly Waiting<Tag>[], authorise: (waiting: Waiting<Tag>) => Reservation | undefined): boolean {
    let forNobody = false;
    const left = grants.filter((waiting) => {
      if (waiting.gone) forNobody = true;
      const reservation = waiting.gone ? undefined : authorise(waiting);
      if (reservation) waiting.done({ kind: 'reserved', reservation });
      return !reservation && !waiting.gone;
    });
    this.line = [...left, ...this.line.slice(grants.length)];
    return forNobody;
  }

  fail(error: unknown): void {
    for (const { failed } of this.line.splice(0)) failed(error);
  }
}
