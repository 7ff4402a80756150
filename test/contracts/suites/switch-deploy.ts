import type { SwitchDeployPort } from '../../../core/enforcement/ports';
import { contract } from './contract';

export interface SwitchDeploySubject {
  readonly port: SwitchDeployPort;
  /** The orders that the function has had, in order, once they are so many. */
  readonly orders: (atLeast: number) => Promise<readonly string[]>;
  /** The function is not there. */
  readonly remove: () => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const switchDeployContract = contract<SwitchDeploySubject>('switch-deploy', [
  {
    name: 'each order is had by the function when it returns',
    async run({ port, orders }) {
      await port.repair();
      await port.liftBill();
      await port.repair();
      expect(await orders(3)).toEqual(['repair', 'liftBill', 'repair']);
    },
  },
  {
    name: 'a function that is not there is a refusal',
    async run({ port, remove, orders }) {
      await remove();
      for (const order of [() => port.repair(), () => port.liftBill()]) {
        await expect(order()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
      }
      expect(await orders(0)).toEqual([]);
    },
  },
  {
    name: 'a refusal is a ServiceError, and nothing runs',
    async run({ port, orders, throttle }) {
      await throttle();
      await expect(port.repair()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      expect(await orders(0)).toEqual([]);
    },
  },
]);
