import { usd } from '../../../core/money';
import type { BudgetInPeriod, SharedBudgetsPort, StoredBudget } from '../../../core/report/ports';
import type { PeriodKey } from '../../../core/shared-budgets';
import { contract } from './contract';

export interface SharedBudgetsSubject {
  readonly port: SharedBudgetsPort;
  /** Replaces a budget's item, as callers of the environment would; attributes beside its key. */
  readonly store: (key: string, attributes: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export interface SharedBudgetsOnFake {
  /** How many budgets of each coming request the table leaves out, as it does where it is busy. */
  readonly leaveOut: (counts: readonly number[]) => void;
  /** How long the adapter has paused each time, in ms. */
  readonly paused: readonly number[];
}

const at = (path: string, period: string): BudgetInPeriod => ({ path, period: period as PeriodKey });
const MONTH = at('', '2026-11');
const WEEK = at('search', '2026-W48');
const DAY = at('search/nightly', '2026-11-28');
const KEYS = ['BUDGET#dev#2026-11', 'BUDGET#dev/search#2026-W48', 'BUDGET#dev/search/nightly#2026-11-28'] as const;

const amounts = (spent: number) => ({
  ...{ schemaVersion: 1, limit: usd(10), spent: usd(spent), remaining: usd(9 - spent), unsettled: usd(0) },
});
const read = (spent: number, more: Partial<StoredBudget> = {}) => ({
  kind: 'known',
  value: { limit: usd(10), spent: usd(spent), remaining: usd(9 - spent), unsettled: 0, carried: 0, ...more },
});
const NONE = { kind: 'known', value: undefined };

const many = Array.from({ length: 230 }, (_, number) => at(`team-${number}`, '2026-11'));

export const sharedBudgetsContract = contract<SharedBudgetsSubject, SharedBudgetsOnFake>(
  'shared-budgets',
  [
    {
      name: 'nothing is asked for',
      async run({ port }) {
        expect(await port.sharedBudgets([])).toEqual([]);
      },
    },
    {
      name: 'nobody has used them',
      async run({ port }) {
        expect(await port.sharedBudgets([MONTH, DAY])).toEqual([NONE, NONE]);
      },
    },
    {
      name: 'each of its own period, in the order that was asked for',
      async run({ port, store }) {
        await store(KEYS[0], amounts(1));
        await store(KEYS[1], { ...amounts(2), carried: usd(4) });
        await store(KEYS[2], amounts(3));
        const asked = [DAY, at('search/nightly', '2026-11-27'), WEEK, MONTH, at('search', '2026-11')];
        const answers = await port.sharedBudgets(asked);
        expect(answers).toEqual([read(3), NONE, read(2, { carried: usd(4) }), read(1), NONE]);
      },
    },
    {
      name: 'no neighbour’s: neither of another environment, nor of what is within or beside it',
      async run({ port, store }) {
        const neighbours = ['dev2/search', 'search', 'dev/search/nightly', 'dev/search-2', 'dev/searc', 'dev'];
        for (const scope of neighbours) await store(`BUDGET#${scope}#2026-W48`, amounts(1));
        expect(await port.sharedBudgets([WEEK])).toEqual([NONE]);
      },
    },
    {
      name: 'more than go into one request',
      async run({ port, store }) {
        for (const number of [0, 99, 100, 199, 200, 229]) await store(`BUDGET#dev/team-${number}#2026-11`, amounts(1));
        const answers = await port.sharedBudgets(many);
        expect(answers).toHaveLength(many.length);
        expect(
          answers.flatMap(({ kind, ...one }, number) => ('value' in one && one.value ? [[kind, number]] : [])),
        ).toEqual([0, 99, 100, 199, 200, 229].map((number) => ['known', number]));
      },
    },
    {
      name: 'of another release, or not what callers write: named, and never taken for none; the others are known',
      async run({ port, store }) {
        await store(KEYS[0], { ...amounts(1), schemaVersion: 2 });
        await store(KEYS[1], { ...amounts(2), carried: 0.5 });
        await store(KEYS[2], amounts(3));
        const unavailable = (key: string) => ({ kind: 'unavailable', why: expect.stringContaining(key) });
        const answers = await port.sharedBudgets([MONTH, WEEK, DAY]);
        expect(answers).toEqual([unavailable(KEYS[0]), unavailable(KEYS[1]), read(3)]);
      },
    },
    {
      name: 'a refusal of the table is a ServiceError',
      async run({ port, throttle }) {
        await throttle();
        const asked = port.sharedBudgets([MONTH]);
        await expect(asked).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      },
    },
  ],
  [
    {
      name: 'what a busy table leaves out is asked for again, after a pause that grows',
      async run({ port, store, leaveOut, paused }) {
        for (const key of KEYS) await store(key, amounts(1));
        leaveOut([2, 2, 1]);
        expect(await port.sharedBudgets([MONTH, WEEK, DAY])).toEqual([read(1), read(1), read(1)]);
        expect(paused).toHaveLength(3);
        expect(paused.toSorted((a, b) => a - b)).toEqual(paused);
      },
    },
    {
      name: 'what it leaves out each time is unknown, by name, and no other is',
      async run({ port, store, leaveOut }) {
        for (const key of KEYS) await store(key, amounts(1));
        leaveOut([1, 1, 1, 1, 1]);
        const why = expect.stringMatching(/left out budget 'search' of 2026-W48 in 5 tries/);
        expect(await port.sharedBudgets([WEEK, MONTH, DAY])).toEqual([{ kind: 'unavailable', why }, read(1), read(1)]);
      },
    },
  ],
);
