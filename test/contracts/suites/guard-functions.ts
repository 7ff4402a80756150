import type { GuardFunctionsPort } from '../../../core/enforcement/ports';
import { contract } from './contract';

export interface GuardFunctionsSubject {
  readonly port: GuardFunctionsPort;
  /** How often auto-stop has run, once it has so often. */
  readonly runs: (atLeast: number) => Promise<number>;
  /** The function is not there. */
  readonly remove: () => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const guardFunctionsContract = contract<GuardFunctionsSubject>('guard-functions', [
  {
    name: 'auto-stop runs for each time that it was asked',
    async run({ port, runs }) {
      await port.converge();
      await port.converge();
      expect(await runs(2)).toBe(2);
    },
  },
  {
    name: 'one that is not there is a refusal',
    async run({ port, remove, runs }) {
      await remove();
      await expect(port.converge()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
      expect(await runs(0)).toBe(0);
    },
  },
  {
    name: 'a refusal is a ServiceError, and nothing runs',
    async run({ port, runs, throttle }) {
      await throttle();
      await expect(port.converge()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      expect(await runs(0)).toBe(0);
    },
  },
]);
