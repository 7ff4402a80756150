import { usd } from '../../../core/money';
import type { DecisionEvent, DecisionEventsPort } from '../../../core/enforcement/ports';
import { contract } from './contract';

export interface DecisionEventsSubject {
  readonly port: DecisionEventsPort;
  /** Details of the events that a rule on the guard's own source and type has matched, oldest first. */
  readonly matched: (count: number) => Promise<readonly unknown[]>;
  readonly throttle: () => Promise<void>;
}

const EVENT: DecisionEvent = {
  schemaVersion: 1,
  environment: 'dev',
  at: '2026-11-12T12:00:00.000Z',
  from: 'open',
  desired: 'stopped',
  reason: 'spend 96.0% >= 95%, “over”',
  cause: 'threshold',
  enforce: true,
  blind: false,
  monthToDate: usd('96.000000001'),
  limit: usd(100),
  alerts: ['threshold', 'state'],
};

export const decisionEventsContract = contract<DecisionEventsSubject>('decision-events', [
  {
    name: 'each decision is matched by its source and type, with the whole of its detail',
    async run({ port, matched }) {
      const { monthToDate: _, ...second } = { ...EVENT, desired: 'open' };
      await port.record(EVENT);
      expect(await matched(1)).toEqual([EVENT]);
      await port.record(second);
      expect(await matched(1 + 1)).toEqual([EVENT, second]);
    },
  },
  {
    name: 'a refusal is a ServiceError, and nothing is on the bus',
    async run({ port, matched, throttle }) {
      await throttle();
      await expect(port.record(EVENT)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      expect(await matched(0)).toEqual([]);
    },
  },
]);
