import { add, subtract, ZERO, type NanoUsd } from '../core/money';
import type { Held } from './budget';

/**
 * What one call has reserved over all its attempts. An attempt that may have been billed keeps its reservation, charged in
 * full, and the next one reserves again; one that was refused by the provider hands its reservation on.
 */
export class Charge {
  private held: Held | undefined;
  private inFull: NanoUsd = ZERO;

  constructor(private readonly reserve: (amount: NanoUsd) => Promise<Held>) {}

  /** What earlier attempts were charged without knowing better. */
  get chargedInFull(): NanoUsd {
    return this.inFull;
  }

  get reserved(): NanoUsd {
    return this.held?.amount ?? ZERO;
  }

  /** Before each attempt. @throws SpendGuardRefused */
  async hold(amount: NanoUsd): Promise<void> {
    if (this.held && this.held.amount >= amount) return;
    await this.giveBack();
    this.held = await this.reserve(amount);
  }

  settle(spent: NanoUsd): Promise<void> {
    return this.end(() => ({ spent }));
  }

  /** What was spent is not known: all that was reserved counts as spent, or `atLeast` where that is more. */
  settleInFull(atLeast: NanoUsd = ZERO): Promise<void> {
    return this.end((amount) => {
      const most = atLeast > amount ? atLeast : amount;
      this.inFull = add(this.inFull, most);
      return { spent: most, unsettled: subtract(most, atLeast) };
    });
  }

  /** Nothing was spent. */
  giveBack(): Promise<void> {
    return this.end(() => ({ spent: ZERO }));
  }

  private async end(
    cost: (amount: NanoUsd) => { readonly spent: NanoUsd; readonly unsettled?: NanoUsd },
  ): Promise<void> {
    const held = this.held;
    this.held = undefined;
    if (!held) return;
    const { spent, unsettled } = cost(held.amount);
    await held.settle(spent, unsettled);
  }
}
