import type { BrakeCallPort } from '../../../core/organization/ports';
import { contract } from './contract';

export interface BrakeCallSubject {
  readonly port: BrakeCallPort;
  /** The accounts that the brake was asked for, once it was so often. */
  readonly asked: (atLeast: number) => Promise<readonly string[]>;
  /** The function is not there. */
  readonly remove: () => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const brakeCallContract = contract<BrakeCallSubject>('brake-call', [
  {
    name: 'the brake is asked for each account',
    async run({ port, asked }) {
      await port.converge('111111111111');
      await port.converge('222222222222');
      expect((await asked(2)).toSorted()).toEqual(['111111111111', '222222222222']);
    },
  },
  {
    name: 'one that is not there is a refusal',
    async run({ port, remove, asked }) {
      await remove();
      await expect(port.converge('111111111111')).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
      expect(await asked(0)).toEqual([]);
    },
  },
  {
    name: 'a refusal is a ServiceError, and nothing runs',
    async run({ port, asked, throttle }) {
      await throttle();
      await expect(port.converge('111111111111')).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      expect(await asked(0)).toEqual([]);
    },
  },
]);
