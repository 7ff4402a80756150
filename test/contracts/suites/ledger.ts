import type { UtcMonth } from '../../../core/calendar';
import { usd, type NanoUsd } from '../../../core/money';
import { LedgerUnavailable, type LedgerPort } from '../../../core/ledger/ports';
import { contract } from './contract';

export interface LedgerSubject {
  /** Another process of the same environment, whose limit is $10. */
  readonly process: () => LedgerPort;
  /** Calls that cost more than they reserved, of all processes. */
  readonly overspent: readonly { readonly amount: NanoUsd; readonly spent: NanoUsd }[];
  /** Of all processes; ten in the morning of the 12th of November, until it is moved. */
  readonly clock: { now: number };
  /** What is charged to a month by now, and what is neither charged nor held. @param month @default - November */
  readonly state: (month?: UtcMonth) => Promise<{ readonly spent: NanoUsd; readonly remaining: NanoUsd }>;
  readonly throttle: () => Promise<void>;
}

async function reserved(ledger: LedgerPort, amount: NanoUsd) {
  const outcome = await ledger.reserve(amount);
  if (outcome.kind === 'refused') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.reservation;
}

export const ledgerContract = contract<LedgerSubject>('ledger', [
  {
    name: 'what is left is granted to the last nano-dollar, and one more is refused',
    async run({ process }) {
      const ledger = process();
      const { amount } = await reserved(ledger, usd(10));
      expect(amount).toBe(usd(10));
      expect(await ledger.reserve(usd('0.000000001'))).toMatchObject({ kind: 'refused', soft: true, remaining: 0 });
      await ledger.close();
    },
  },
  {
    name: 'what was reserved and not spent is there again, for every process',
    async run({ process, state }) {
      const [one, other] = [process(), process()];
      const reservation = await reserved(one, usd(10));
      expect(await other.reserve(usd(1))).toMatchObject({ kind: 'refused', soft: true });
      await one.settle(reservation, usd(4));
      await one.close();
      await reserved(other, usd(6));
      expect((await other.reserve(usd(1))).kind).toBe('refused');
      await other.close();
      expect((await state()).spent).toBeGreaterThanOrEqual(usd(4));
    },
  },
  {
    name: 'spent for good is refused until the month ends',
    async run({ process }) {
      const ledger = process();
      await ledger.settle(await reserved(ledger, usd(10)), usd(10));
      const outcome = await ledger.reserve(usd(1));
      expect(outcome).toMatchObject({ kind: 'refused', soft: false, remaining: 0 });
      // From the morning of the 12th of November to December.
      expect(outcome).toMatchObject({ retryAfterSeconds: 18 * 86_400 + 14 * 3600 });
      await ledger.close();
    },
  },
  {
    name: 'settled twice counts once',
    async run({ process, state }) {
      const ledger = process();
      const reservation = await reserved(ledger, usd(5));
      for (const _ of [1, 2]) await ledger.settle(reservation, usd(3));
      await ledger.close();
      expect(await state()).toMatchObject({ spent: usd(3), remaining: usd(7) });
    },
  },
  {
    name: 'a call that cost more than its bound is charged in full, and reported',
    async run({ process, state, overspent }) {
      const ledger = process();
      await ledger.settle(await reserved(ledger, usd(1)), usd(4));
      await ledger.close();
      expect(await state()).toMatchObject({ spent: usd(4), remaining: usd(6) });
      expect(overspent).toEqual([{ amount: usd(1), spent: usd(4) }]);
    },
  },
  {
    name: 'many callers of many processes at once are never let past the limit',
    async run({ process, state }) {
      const processes = [process(), process(), process()];
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, async (_, index) => {
          const ledger = processes[index % 3]!;
          const outcome = await ledger.reserve(usd(1));
          if (outcome.kind === 'reserved') await ledger.settle(outcome.reservation, usd(1));
          return outcome.kind;
        }),
      );
      for (const ledger of processes) await ledger.close();
      const granted = outcomes.filter((kind) => kind === 'reserved').length;
      expect(granted).toBeLessThanOrEqual(10);
      expect(await state()).toEqual({ spent: usd(granted), remaining: usd(10 - granted) });
    },
  },
  {
    name: 'a call that ends after the month’s turn is charged to the month that it was made in',
    async run({ process, state, clock }) {
      const ledger = process();
      clock.now = Date.parse('2026-11-30T23:59:59Z');
      const reservation = await reserved(ledger, usd(6));
      clock.now = Date.parse('2026-12-01T00:00:30Z');
      const next = await reserved(ledger, usd(10));
      await ledger.settle(reservation, usd(5));
      await ledger.settle(next, usd(1));
      await ledger.close();
      expect(await state()).toMatchObject({ spent: usd(5) });
      expect(await state('2026-12' as UtcMonth)).toMatchObject({ spent: usd(1) });
    },
  },
  {
    name: 'what a process held that never came back is charged in full, and no more than that is lost',
    async run({ process, clock, state }) {
      await reserved(process(), usd(6));
      clock.now += 60 * 60_000;
      const ledger = process();
      expect(await ledger.reserve(usd(5))).toMatchObject({ kind: 'refused' });
      await ledger.settle(await reserved(ledger, usd(4)), usd(4));
      await ledger.close();
      expect(await state()).toEqual({ spent: usd(10), remaining: 0 });
    },
  },
  {
    name: 'a store that does not answer is no grant and no refusal',
    async run({ process, throttle }) {
      await throttle();
      await expect(process().reserve(usd(1))).rejects.toBeInstanceOf(LedgerUnavailable);
    },
  },
]);
