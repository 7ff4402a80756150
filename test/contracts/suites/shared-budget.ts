import type { UtcMonth } from '../../../core/calendar';
import { usd } from '../../../core/money';
import type { SharedBudgetPort } from '../../../core/report/ports';
import { contract } from './contract';
import { LEDGER_MONTH } from '../ledger-store';

export interface SharedBudgetSubject {
  readonly port: SharedBudgetPort;
  /** A caller with a limit of $10 has spent $0.4 by the in-path ledger, $0.1 of it without known usage, and holds $2. */
  readonly spend: () => Promise<void>;
  /** Replaces an attribute of the budget, as another release or an accident would. */
  readonly alter: (attribute: string, value: unknown) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const sharedBudgetContract = contract<SharedBudgetSubject>('shared-budget', [
  {
    name: 'nobody has used it',
    async run({ port }) {
      expect(await port.sharedBudget(LEDGER_MONTH)).toBeUndefined();
    },
  },
  {
    name: 'what the plugin’s own ledger has written, of that month alone',
    async run({ port, spend }) {
      await spend();
      const expected = { limit: usd(10), spent: usd('0.4'), remaining: usd('7.6'), unsettled: usd('0.1') };
      expect(await port.sharedBudget(LEDGER_MONTH)).toEqual(expected);
      expect(await port.sharedBudget('2026-12' as UtcMonth)).toBeUndefined();
    },
  },
  {
    name: 'of another release it is an error, and never taken for none',
    async run({ port, spend, alter }) {
      await spend();
      await alter('schemaVersion', 2);
      await expect(port.sharedBudget(LEDGER_MONTH)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    },
  },
  {
    name: 'a refusal of the table is a ServiceError',
    async run({ port, throttle }) {
      await throttle();
      const asked = port.sharedBudget(LEDGER_MONTH);
      await expect(asked).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
    },
  },
]);
