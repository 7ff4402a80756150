import type { TemporaryBudgetsPort } from '../../../core/verify/ports';
import { contract } from './contract';

export interface TemporaryBudgetsSubject {
  readonly port: TemporaryBudgetsPort;
  /** A beginning of names that nothing has yet. */
  readonly prefix: string;
  readonly throttle: () => Promise<void>;
}

const RUN = '20261129T134500-ab12';

export const temporaryBudgetsContract = contract<TemporaryBudgetsSubject>('temporary-budgets', [
  {
    name: 'both spellings of a key are made with their tag, found by their names, and gone once they are removed',
    async run({ port, prefix }) {
      const names = [`${prefix}-plain`, `${prefix}-prefixed`];
      await port.create({ name: names[0]!, key: 'spend-guard:models', value: 'dev', runId: RUN });
      await port.create({ name: names[1]!, key: 'user:spend-guard:models', value: 'dev', runId: RUN });
      const found = await port.list(prefix);
      expect(found.map(({ name }) => name).toSorted()).toEqual(names);
      for (const { name, arn, runId } of found) {
        expect(runId).toBe(RUN);
        expect(arn.endsWith(`:budget/${name}`)).toBe(true);
      }
      for (const name of names) await port.remove(name);
      expect(await port.list(prefix)).toEqual([]);
    },
  },
  {
    name: 'a name that is taken is refused',
    async run({ port, prefix }) {
      const budget = { name: `${prefix}-plain`, key: 'spend-guard:models', value: 'dev', runId: RUN };
      await port.create(budget);
      await expect(port.create(budget)).rejects.toMatchObject({
        name: 'ServiceError',
        errorName: 'DuplicateRecordException',
      });
    },
  },
  {
    name: 'to remove one that is gone is no error',
    async run({ port, prefix }) {
      await expect(port.remove(`${prefix}-none`)).resolves.toBeUndefined();
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, prefix, throttle }) {
      await throttle();
      const refused = { name: 'ServiceError', refusal: 'throttled' };
      const budget = { name: `${prefix}-plain`, key: 'spend-guard:models', value: 'dev', runId: RUN };
      await expect(port.create(budget)).rejects.toMatchObject(refused);
      await expect(port.list(prefix)).rejects.toMatchObject(refused);
      await expect(port.remove(budget.name)).rejects.toMatchObject(refused);
    },
  },
]);
