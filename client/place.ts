import type { Deadline } from './deadline';

/** A call's one place in the request limits, over all its attempts and models. What ends without having been sent gives it back. */
export class Place {
  private taken: Promise<void> | undefined;
  private isUsed = false;

  /** @param free absent: a place that was taken stays taken, so it is taken last of all */
  constructor(
    private readonly admit: (deadline: Deadline) => Promise<void>,
    private readonly free?: () => Promise<void>,
  ) {}

  /** Whether it may be taken before it is known to be needed. */
  get canBeGivenBack(): boolean {
    return this.free !== undefined;
  }

  /** @throws SpendGuardRefused */
  take(deadline: Deadline): Promise<void> {
    return (this.taken ??= this.admit(deadline));
  }

  use(): void {
    this.isUsed = true;
  }

  /** Where it was not used. */
  async giveBack(): Promise<void> {
    if (!this.taken || this.isUsed || !this.free) return;
    const { taken } = this;
    this.taken = undefined;
    const isTaken = await taken.then(
      () => true,
      () => false,
    );
    // One that is not taken back counts until its hour is over.
    if (isTaken) await this.free().catch(() => {});
  }
}
