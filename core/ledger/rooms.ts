import { nanoUsd, type NanoUsd } from '../money';

/** A ledger of one process, as the one of the budget that its budget is within sees it. */
export interface Roomy {
  /** Held, or about to be, and used by no call. */
  readonly room: NanoUsd;
  /** What it would like to hold so, and asks for first. */
  readonly wanted: NanoUsd;
}

/**
 * What one process holds of the budgets within a budget, for calls to come. A process that is gone is charged its whole hold, in
 * each budget by itself; so that no budget is ever charged less than those within it, whatever was held there last, the same
 * process holds as much here, beside what its calls use.
 */
export class Rooms {
  private readonly ledgers = new Set<Roomy>();

  add(ledger: Roomy): void {
    this.ledgers.add(ledger);
  }

  /** @param but one that uses its own at the same time */
  held(but?: Roomy): NanoUsd {
    // Nearly always there is none.
    let sum = 0;
    for (const ledger of this.ledgers) if (ledger !== but) sum += ledger.room;
    return nanoUsd(sum);
  }

  get wanted(): NanoUsd {
    let sum = 0;
    for (const { room, wanted } of this.ledgers) sum += Math.max(room, wanted);
    return nanoUsd(sum);
  }
}
