import type { UtcMonth } from '../../../core/calendar';
import type { ConcurrencyRecord } from '../../../core/concurrency/record';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import type { ConcurrencyStatePort } from '../../../core/concurrency/ports';
import { contract, type Case } from './contract';

export interface ConcurrencyStateSubject {
  readonly port: ConcurrencyStatePort;
  /** As the meter writes its month. */
  readonly meterWants: (month: UtcMonth, desired: DesiredState) => Promise<void>;
  /** A record that another release, or an accident, has left under this key. */
  readonly leaveUnreadable: (key: string) => Promise<void>;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

const NOVEMBER = '2026-11' as UtcMonth;
const NOON = Date.parse('2026-11-12T12:00:00Z');

/** With every field that may be absent. */
export function concurrencyRecord(over: Partial<ConcurrencyRecord> = {}): ConcurrencyRecord {
  return {
    schemaVersion: 1,
    functionName: 'models',
    qualifier: 'live',
    revision: 1,
    status: 'lowered',
    loweredFor: 'stopped',
    saved: {
      value: 5,
      details: { functionVersion: '7', revisionId: 'r-1', memoryMb: 1024, architecture: 'arm64' },
      scaling: { min: 1, max: 9, suspended: { scalingIn: false, scalingOut: true, scheduled: false } },
    },
    savedAtMs: NOON,
    loweredTo: 0,
    claimedUntilMs: NOON + 60_000,
    goneAtMs: NOON + 1,
    problem: { text: 'throttled', runs: 2 },
    closedAs: 'superseded',
    expiresAtMs: NOON + 90_000,
    ...over,
  };
}

const stale: readonly [string, number, number][] = [
  ['the first write where there is one already', 1, 0],
  ['an older revision', 2, 1],
  ['a revision that is not there yet', 1, 2],
];

export const concurrencyStateContract = contract<ConcurrencyStateSubject>('concurrency-state', [
  {
    name: 'nothing there is nothing, never a default',
    async run({ port }) {
      expect(await port.records()).toEqual({ records: [], unreadable: [] });
      expect(await port.hold()).toBeUndefined();
      expect(await port.desired(NOVEMBER)).toBeUndefined();
    },
  },
  {
    name: 'records come back whole, a record for each alias and version, closed ones among them',
    async run({ port }) {
      const { goneAtMs: _, problem: __, closedAs: ___, expiresAtMs: ____, ...plain } = concurrencyRecord();
      const all = [concurrencyRecord(), { ...plain, qualifier: '7' }, { ...plain, functionName: 'other' }];
      for (const one of all) await port.save(one, 0);
      const { records, unreadable } = await port.records();
      expect(new Set(records)).toEqual(new Set(all));
      expect(unreadable).toEqual([]);
    },
  },
  ...stale.map(([what, stored, replaces]): Case<ConcurrencyStateSubject> => ({
    name: `${what} is a conflict, and changes nothing`,
    async run({ port }) {
      const before = concurrencyRecord({ revision: stored });
      await port.save(before, 0);
      const later = concurrencyRecord({ revision: 9, status: 'closed' });
      await expect(port.save(later, replaces)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect((await port.records()).records).toEqual([before]);
    },
  })),
  {
    name: 'of two that read the same revision one wins',
    async run({ port }) {
      await port.save(concurrencyRecord(), 0);
      const both = await Promise.allSettled([
        port.save(concurrencyRecord({ revision: 2, status: 'restoring' }), 1),
        port.save(concurrencyRecord({ revision: 2, status: 'closed' }), 1),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect((await port.records()).records).toMatchObject([{ revision: 2 }]);
    },
  },
  {
    name: 'what cannot be read is named, and the others still come',
    async run({ port, leaveUnreadable }) {
      await port.save(concurrencyRecord(), 0);
      await leaveUnreadable('other:live');
      expect(await port.records()).toEqual({ records: [concurrencyRecord()], unreadable: ['other:live'] });
    },
  },
  {
    name: 'a deploy’s hold is kept beside the records, and replaced',
    async run({ port }) {
      await port.save(concurrencyRecord(), 0);
      for (const untilMs of [NOON, NOON + 5]) await port.saveHold({ untilMs, by: 'ann' });
      expect(await port.hold()).toEqual({ untilMs: NOON + 5, by: 'ann' });
      expect((await port.records()).records).toHaveLength(1);
    },
  },
  {
    name: 'what the meter wants, by month',
    async run({ port, meterWants }) {
      await meterWants(NOVEMBER, 'stopped');
      expect(await port.desired(NOVEMBER)).toBe('stopped');
      expect(await port.desired('2026-12' as UtcMonth)).toBeUndefined();
    },
  },
  {
    name: 'a refusal of the table is a ServiceError everywhere',
    async run({ port, throttle }) {
      await throttle();
      const asked = [
        () => port.records(),
        () => port.save(concurrencyRecord(), 0),
        () => port.hold(),
        () => port.saveHold({ untilMs: NOON, by: 'ann' }),
        () => port.desired(NOVEMBER),
      ];
      for (const ask of asked) await expect(ask()).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
