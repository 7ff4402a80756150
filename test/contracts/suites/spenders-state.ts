import type { UtcDay } from '../../../core/calendar';
import type { NanoUsd } from '../../../core/money';
import type { SpendersDay, SpendersStatePort } from '../../../core/spenders';
import { contract } from './contract';

export interface SpendersStateSubject {
  readonly port: SpendersStatePort;
  readonly throttle: () => Promise<void>;
}

const day = (of: string) => of as UtcDay;
const FULL: SpendersDay = {
  ...{ day: day('2026-11-22'), logGroup: '/bedrock', readAt: 1_795_400_000_000, bytesScanned: 1_234 },
  usage: [
    {
      ...{
        day: day('2026-11-22'),
        arn: 'arn:aws:iam::1:user/<b>王</b>',
        modelId: 'lite',
        calls: 3,
        amount: 5 as NanoUsd,
      },
      tokens: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
    },
    {
      ...{ day: day('2026-11-22'), arn: '', modelId: '', calls: 1, uncounted: 1 },
      tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    },
  ],
  rest: { callers: 7, calls: 9, amount: 11 as NanoUsd, unpricedCalls: 2, uncounted: 3 },
  unknown: [
    { why: 'noTokenCounts', calls: 1 },
    { why: 'noOwner', calls: 2 },
    { why: 'beyondRows', calls: 3 },
  ],
  apart: [{ owner: 'staging', calls: 4 }],
};
const bare = (of: string): SpendersDay => ({
  ...{ day: day(of), logGroup: '/bedrock', readAt: 1, bytesScanned: 0, usage: [], unknown: [], apart: [] },
});

export const spendersStateContract = contract<SpendersStateSubject>('spenders-state', [
  {
    name: 'a day comes back as it was kept: an amount that is absent stays absent',
    async run({ port }) {
      const unpriced = { ...FULL, day: day('2026-11-23'), usage: [], rest: { callers: 1, calls: 1, unpricedCalls: 1 } };
      await port.keepDay(FULL);
      await port.keepDay(unpriced);
      expect(await port.days(day('2026-11-22'), day('2026-11-23'))).toEqual([FULL, unpriced]);
    },
  },
  {
    name: 'from and to are of the days, oldest first, over the end of a month',
    async run({ port }) {
      for (const one of ['2026-12-01', '2026-11-29', '2026-11-30', '2026-12-02']) await port.keepDay(bare(one));
      const days = await port.days(day('2026-11-30'), day('2026-12-01'));
      expect(days.map((one) => one.day)).toEqual(['2026-11-30', '2026-12-01']);
    },
  },
  {
    name: 'no day is none',
    async run({ port }) {
      expect(await port.days(day('2026-11-01'), day('2026-11-30'))).toEqual([]);
    },
  },
  {
    name: 'a day that is read again takes the place of what was',
    async run({ port }) {
      await port.keepDay(bare('2026-11-22'));
      await port.keepDay(FULL);
      expect(await port.days(day('2026-11-22'), day('2026-11-22'))).toEqual([FULL]);
    },
  },
  {
    name: 'a table that is throttled is no empty month',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.days(day('2026-11-22'), day('2026-11-22'))).rejects.toMatchObject({ refusal: 'throttled' });
      await expect(port.keepDay(FULL)).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
