import { nanoUsd, type NanoUsd } from '../money';

/** One process's ledger of a budget, as that of the budget which it is within sees it. */
export interface Roomy {
  /**
   * All that the process is charged there if it ends now, stored as spent and held, but for calls that it lets in just now; the
   * most where a write is on its way.
   */
  readonly mostCharged: NanoUsd;
  /** The same after the write that it is about to send. */
  readonly wanted: NanoUsd;
  /** Looks again at how much it holds for calls to come. */
  reconsider(): void;
}

/** A call that has reserved here, and in a budget within. */
interface CallWithin {
  readonly ledger: Roomy;
  readonly bound: NanoUsd;
  isComing: boolean;
}

interface Use {
  /** Spent and reserved here, since the ledger began, by calls of it. */
  whole: number;
  /** The part of it that is not reserved there yet. */
  coming: number;
}

/**
 * What one process holds of the budgets within a budget, for calls to come. A process that is gone is charged its whole hold, in
 * each budget by itself. So that none is ever charged less than those within it, whatever was written there last, a process keeps
 * as much held here: what it may be charged there, less what its calls of there have spent and may spend here.
 */
export class Rooms {
  private readonly uses = new Map<Roomy, Use>();
  /** Those in flight, by their reservations here. */
  private readonly calls = new Map<string, CallWithin>();

  add(ledger: Roomy): void {
    this.uses.set(ledger, { whole: 0, coming: 0 });
  }

  /** A call has reserved here, and does so there next. */
  began(id: string, ledger: Roomy, bound: NanoUsd): void {
    const use = this.uses.get(ledger);
    if (!use) return;
    this.calls.set(id, { ledger, bound, isComing: true });
    use.whole += bound;
    use.coming += bound;
  }

  /** By now it has reserved there as well, or never will. */
  arrived(id: string): void {
    const call = this.calls.get(id);
    const use = call?.isComing === true ? this.uses.get(call.ledger) : undefined;
    if (!call || !use) return;
    use.coming -= call.bound;
    call.isComing = false;
  }

  ended(id: string, spent: NanoUsd): void {
    const call = this.calls.get(id);
    if (!call) return;
    this.arrived(id);
    this.calls.delete(id);
    this.charged(call.ledger, nanoUsd(spent - call.bound));
  }

  /** Without a reservation, or more or less than it. */
  charged(ledger: Roomy, amount: NanoUsd): void {
    const use = this.uses.get(ledger);
    if (use) use.whole += amount;
  }

  get held(): NanoUsd {
    let sum = 0;
    for (const [{ mostCharged }, use] of this.uses) sum += beyond(mostCharged, use);
    return nanoUsd(sum);
  }

  /** With what they are about to write: it is nobody else's by then. */
  get claimed(): NanoUsd {
    let sum = 0;
    for (const ledger of this.uses.keys()) sum += this.claim(ledger);
    return nanoUsd(sum);
  }

  /** Calls are refused here while budgets within hold more than their calls use: near the cap they hold nothing ahead. */
  giveBack(): void {
    for (const ledger of this.uses.keys()) if (this.claim(ledger) > 0) ledger.reconsider();
  }

  /** What is still claimed once `ledger` has used so much of its own. */
  claimedAfter(ledger: Roomy, amount: NanoUsd): NanoUsd {
    return nanoUsd(this.claimed - Math.min(amount, this.claim(ledger)));
  }

  private claim(ledger: Roomy): number {
    const use = this.uses.get(ledger);
    return use ? beyond(Math.max(ledger.mostCharged, ledger.wanted), use) : 0;
  }
}

function beyond(charged: number, { whole, coming }: Use): number {
  return Math.max(0, charged - (whole - coming));
}
