import type { ToldMarkPort } from '../../../core/meter/ports';
import { contract } from './contract';

export interface ToldMarkSubject {
  readonly port: ToldMarkPort;
  /** A release of another schemaVersion writes it. */
  readonly leaveOtherVersion: () => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const toldMarkContract = contract<ToldMarkSubject>('told-mark', [
  {
    name: 'without an event there is none',
    async run({ port }) {
      expect(await port.last()).toBeUndefined();
    },
  },
  {
    name: 'the last one is read at once, also where its time is earlier',
    async run({ port }) {
      await port.put(2_000);
      expect(await port.last()).toBe(2_000);
      await port.put(1_000);
      expect(await port.last()).toBe(1_000);
    },
  },
  {
    name: 'what another release has left is no answer, and the next event replaces it',
    async run({ port, leaveOtherVersion }) {
      await port.put(1_000);
      await leaveOtherVersion();
      await expect(port.last()).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
      await port.put(3_000);
      expect(await port.last()).toBe(3_000);
    },
  },
  {
    name: 'a refusal is a refusal',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.last()).rejects.toMatchObject({ refusal: 'throttled' });
      await expect(port.put(1_000)).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
