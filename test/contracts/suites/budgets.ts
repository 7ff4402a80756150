import { MINUTE_MS } from '../../../core/calendar';
import { decimalToNano } from '../../../core/money';
import type { BudgetsPort } from '../../../core/bill/ports';
import { contract } from './contract';

export interface BudgetsSubject {
  readonly port: BudgetsPort;
  /** A budget in USD with an action that waits for its line. */
  readonly budget: () => Promise<{ readonly name: string; readonly actionId: string }>;
  /** Its spend has passed the action's line, which runs by itself. */
  readonly cross: (name: string) => Promise<void>;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

export const budgetsContract = contract<BudgetsSubject>('budgets', [
  {
    name: 'a budget, in its currency',
    async run({ port, budget }) {
      expect(await port.budget((await budget()).name)).toMatchObject({ kind: 'known', currency: 'USD' });
    },
  },
  {
    name: 'trap 10: what it has counted, and since when: a new one starts at $0',
    async run({ port, budget }) {
      const { name } = await budget();
      const read = await port.budget(name);
      if (read.kind !== 'known') throw new Error(read.kind);
      expect(decimalToNano(read.spent!)).toBe(0);
      expect(Math.abs(Date.now() - read.changedAtMs!)).toBeLessThan(10 * MINUTE_MS);
    },
  },
  {
    name: 'one that does not exist is missing, which is no trouble of the service',
    async run({ port, budget }) {
      const { name } = await budget();
      expect(await port.budget('nothing-of-this-name')).toEqual({ kind: 'missing' });
      expect(await port.action(name, '11111111-2222-4333-8444-555555555555')).toEqual({ kind: 'missing' });
    },
  },
  {
    name: 'an action waits until its line is crossed, and has been executed then',
    async run({ port, budget, cross }) {
      const { name, actionId } = await budget();
      expect(await port.action(name, actionId)).toEqual({ kind: 'known', status: 'STANDBY' });
      await cross(name);
      expect(await port.action(name, actionId)).toEqual({ kind: 'known', status: 'EXECUTION_SUCCESS' });
    },
  },
  {
    name: 'trouble of the service is unavailable, and never missing',
    async run({ port, budget, throttle }) {
      const { name, actionId } = await budget();
      await throttle();
      const trouble = { kind: 'unavailable', why: expect.stringContaining('ThrottlingException') };
      expect(await port.budget(name)).toEqual(trouble);
      expect(await port.action(name, actionId)).toEqual(trouble);
    },
  },
]);
