import type { StandingEventsPort } from '../../../core/organization/ports';
import { contract } from './contract';
import { STANDING } from './organization-state';

export interface StandingEventsSubject {
  readonly port: StandingEventsPort;
  /** Details of the events that a rule on the guard's own source and type has matched, oldest first. */
  readonly matched: (count: number) => Promise<readonly unknown[]>;
  readonly throttle: () => Promise<void>;
}

export const standingEventsContract = contract<StandingEventsSubject>('standing-events', [
  {
    name: 'each standing is matched by its source and type, with the whole of its detail, an unknown amount as null',
    async run({ port, matched }) {
      const second = { ...STANDING, asOf: null, spentNano: null };
      await port.tell(STANDING);
      expect(await matched(1)).toEqual([STANDING]);
      await port.tell(second);
      expect(await matched(1 + 1)).toEqual([STANDING, second]);
    },
  },
  {
    name: 'a refusal is a ServiceError, and nothing is on the bus',
    async run({ port, matched, throttle }) {
      await throttle();
      await expect(port.tell(STANDING)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      expect(await matched(0)).toEqual([]);
    },
  },
]);
