import { createHash } from 'node:crypto';
import { DAY_MS } from '../../../core/calendar';
import type { CallersPort } from '../../../core/callers/ports';
import type { StoredCaller } from '../../../core/callers/caller';
import { keyText } from '../../../core/callers/key';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import type { Reading } from '../../../core/reading';

export const NOON = Date.parse('2026-11-12T12:00:00Z');

const secret = (letter: string) => letter.repeat(43);

/** A key, and what is stored of it. */
export function keyOf(id = 'abcdef0123', letter = 's', more: Partial<StoredCaller> = {}) {
  const hash = createHash('sha256').update(secret(letter)).digest('hex');
  const caller: StoredCaller = {
    ...{ id, hash, budget: 'search/nightly', person: 'alex@example.com' },
    ...{ createdAt: NOON, createdBy: 'ana', expiresAt: NOON + DAY_MS, ...more },
  };
  return { key: keyText({ id, secret: secret(letter) }), caller };
}

/** The table, and the questions that came. */
export class KeysTable implements CallersPort {
  readonly stored = new Map<string, StoredCaller>();
  readonly unreadable = new Set<string>();
  readonly asked: string[] = [];
  isAway = false;
  /** Set: answers wait until {@link answer}. */
  private waiting: (() => void)[] | undefined;

  add({ caller }: ReturnType<typeof keyOf>): void {
    this.stored.set(caller.id, caller);
  }

  hold(): void {
    this.waiting = [];
  }

  answer(): void {
    for (const go of this.waiting ?? []) go();
    this.waiting = undefined;
  }

  async find(id: string): Promise<Reading<StoredCaller | undefined>> {
    this.asked.push(id);
    const { isAway } = this;
    const value = this.stored.get(id);
    await new Promise<void>((go) => (this.waiting ? this.waiting.push(go) : go()));
    if (isAway) throw new LedgerUnavailable('table leases did not answer');
    if (this.unreadable.has(id)) return { kind: 'unavailable', why: `item CALLER#${id} cannot be read` };
    return { kind: 'known', value };
  }
}
