import type { After } from './alarms';
import { LedgerContended } from './ports';

/** Writes lost to other processes in a row before those who wait are told to come back. */
const ROUNDS = 12;
const PAUSE_MS = 25;

export interface ContentionDeps {
  readonly after: After;
  /** 0 to 1. */
  readonly random: () => number;
}

/** Writes that others overtook: too little remained, or another process charged this one's hold. */
export class Contention {
  private inARow = 0;

  constructor(private readonly deps: ContentionDeps) {}

  /** The next round goes by what is stored now. */
  get wasOvertaken(): boolean {
    return this.inARow > 0;
  }

  over(): void {
    this.inARow = 0;
  }

  /** Until the write may be repeated. @throws LedgerContended after twelve in a row */
  async overtaken(): Promise<void> {
    const { after, random } = this.deps;
    this.inARow += 1;
    if (this.inARow > ROUNDS) throw new LedgerContended(`${ROUNDS} writes in a row were overtaken by others`);
    // The first is repeated at once: most often too little remained, which the next round sees.
    if (this.inARow > 1) await new Promise<void>((resume) => void after(random() * PAUSE_MS * this.inARow, resume));
  }
}
