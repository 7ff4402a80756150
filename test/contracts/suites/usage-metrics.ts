import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import type { SeriesId } from '../../../core/meter/types';
import type { Refusal } from '../../../core/errors';
import type { UsageMetricsPort } from '../../../core/meter/ports';
import { contract, differs, type Case } from './contract';

export type Incomplete = 'PartialData' | 'InternalError' | 'Forbidden';

export interface UsageMetricsSubject {
  readonly port: UsageMetricsPort;
  /** Of the account's Regions, two without any metrics so far. */
  readonly region: string;
  readonly otherRegion: string;
  /** Adds to a metric, at ms since the epoch. @param unit @default - Count, as Bedrock's */
  readonly record: (id: SeriesId, at: number, value: number, unit?: 'None') => Promise<void>;
  /** A call of any model. */
  readonly recordCall: (region: string, at: number) => Promise<void>;
  /** Where it answers by the page, few to a page. */
  readonly smallPages: () => Promise<void>;
  /** From now on a series is listed so late after its first point; 0: at once. @default - at once */
  readonly listLate: (minutes: number) => Promise<void>;
  /** Two weeks have passed since the last point of the series. */
  readonly age: (id: SeriesId) => Promise<void>;
  /** Of every series from now on. */
  readonly answerWith: (status: Incomplete) => Promise<void>;
  /** Every later request. */
  readonly refuse: (how: 'throttled' | 'unavailable' | 'accessDenied') => Promise<void>;
}

/** A whole day of the last two weeks: CloudWatch takes no points that are older, and lists none. */
const FROM = Math.floor(Date.now() / DAY_MS) * DAY_MS - 3 * DAY_MS;

const inputOf = (region: string, over: Partial<SeriesId> = {}): SeriesId => ({
  namespace: 'AWS/Bedrock',
  region,
  metric: 'InputTokenCount',
  dimensions: { ModelId: 'abc123' },
  ...over,
});

const refusals: readonly (Refusal & ('throttled' | 'unavailable' | 'accessDenied'))[] = [
  'throttled',
  'unavailable',
  'accessDenied',
];

export const usageMetricsContract = contract<UsageMetricsSubject>(
  'usage-metrics',
  [
    {
      name: 'trap 21: lists what costs, of its own Region, with all dimensions',
      async run({ port, region, otherRegion, record }) {
        const costs = [
          inputOf(region),
          inputOf(region, { metric: 'OutputTokenCount', dimensions: { ModelId: 'abc123', ServiceTier: 'flex' } }),
          inputOf(region, { namespace: 'AWS/BedrockMantle', metric: 'TotalInputTokens', dimensions: { Model: 'm' } }),
        ];
        const others = [inputOf(region, { metric: 'Invocations' }), inputOf(otherRegion)];
        for (const one of [...costs, ...others]) await record(one, FROM, 1);
        expect(new Set(await port.list(region))).toEqual(new Set(costs));
        expect(await port.list(otherRegion)).toEqual([inputOf(otherRegion)]);
      },
    },
    {
      name: 'a Region without metrics lists none',
      async run({ port, region }) {
        expect(await port.list(region)).toEqual([]);
      },
    },
    {
      name: 'sums whole hours of [from, to), in the order asked for, oldest first',
      async run({ port, region, record }) {
        const [input, output] = [inputOf(region), inputOf(region, { metric: 'OutputTokenCount' })];
        for (const [when, value] of [
          [FROM + HOUR_MS + MINUTE_MS, 4],
          [FROM - 1000, 100],
          [FROM, 1],
          [FROM + 59 * MINUTE_MS, 2],
          [FROM + 2 * HOUR_MS, 100],
        ] as const) {
          await record(input, when, value);
        }
        await record(output, FROM + 5 * HOUR_MS, 9);
        expect(await port.hourly(region, [output, input], FROM, FROM + 2 * HOUR_MS)).toEqual({
          kind: 'complete',
          series: [
            { id: output, points: [] },
            {
              id: input,
              points: [
                { at: FROM, value: 3 },
                { at: FROM + HOUR_MS, value: 4 },
              ],
            },
          ],
        });
      },
    },
    {
      name: 'an hour without data has no point, which is not one of zero',
      async run({ port, region, record }) {
        const [silent, unknown] = [inputOf(region), inputOf(region, { dimensions: { ModelId: 'never-seen' } })];
        await record(silent, FROM, 5);
        await record(silent, FROM + 3 * HOUR_MS, 0);
        expect(await port.hourly(region, [silent, unknown], FROM + HOUR_MS, FROM + 4 * HOUR_MS)).toEqual({
          kind: 'complete',
          series: [
            { id: silent, points: [{ at: FROM + 3 * HOUR_MS, value: 0 }] },
            { id: unknown, points: [] },
          ],
        });
      },
    },
    {
      name: 'one dimension more is another series, and so is another Region',
      async run({ port, region, otherRegion, record }) {
        await record(inputOf(region, { dimensions: { ModelId: 'abc123', ServiceTier: 'flex' } }), FROM, 5);
        await record(inputOf(otherRegion), FROM, 7);
        expect(await port.hourly(region, [inputOf(region)], FROM, FROM + HOUR_MS)).toEqual({
          kind: 'complete',
          series: [{ id: inputOf(region), points: [] }],
        });
      },
    },
    {
      name: 'over all pages, of the list and of a series that goes on on the next',
      async run({ port, region, record, smallPages }) {
        const all = ['a', 'b', 'c', 'd', 'e'].map((ModelId) => inputOf(region, { dimensions: { ModelId } }));
        const hours = [0, 1, 2];
        for (const one of all) for (const hour of hours) await record(one, FROM + hour * HOUR_MS, 1 + hour);
        await smallPages();
        expect(new Set(await port.list(region))).toEqual(new Set(all));
        const points = hours.map((hour) => ({ at: FROM + hour * HOUR_MS, value: 1 + hour }));
        expect(await port.hourly(region, all, FROM, FROM + 3 * HOUR_MS)).toEqual({
          kind: 'complete',
          series: all.map((id) => ({ id, points })),
        });
      },
    },
    {
      name: 'nothing asked for is complete',
      async run({ port, region }) {
        expect(await port.hourly(region, [], FROM, FROM + HOUR_MS)).toEqual({ kind: 'complete', series: [] });
      },
    },
    {
      name: 'more series than one request takes are read all the same',
      async run({ port, region, record }) {
        const all = Array.from({ length: 501 }, (_, at) => inputOf(region, { dimensions: { ModelId: `m${at}` } }));
        await record(all[500]!, FROM, 7);
        const read = await port.hourly(region, all, FROM, FROM + HOUR_MS);
        expect(read.kind).toBe('complete');
        expect(read.kind === 'complete' && read.series.map(({ id }) => id)).toEqual(all);
        expect(read.kind === 'complete' && read.series[500]?.points).toEqual([{ at: FROM, value: 7 }]);
      },
    },
    {
      name: 'the gate says how many calls each minute of [from, to) has, oldest first',
      async run({ port, region, otherRegion, recordCall }) {
        const gate = () => port.activity(region, FROM, FROM + 10 * MINUTE_MS);
        expect(await gate()).toEqual([]);
        for (const minute of [-1, 10]) await recordCall(region, FROM + minute * MINUTE_MS);
        await recordCall(otherRegion, FROM + 9 * MINUTE_MS);
        expect(await gate()).toEqual([]);
        for (const minute of [0, 7.5, 3, 7]) await recordCall(region, FROM + minute * MINUTE_MS);
        expect(await gate()).toEqual([
          { at: FROM, calls: 1 },
          { at: FROM + 3 * MINUTE_MS, calls: 1 },
          { at: FROM + 7 * MINUTE_MS, calls: 2 },
        ]);
      },
    },
    {
      name: 'trap 46: a series that is new is listed up to 15 minutes late, and read by its name at once',
      async run({ port, region, record, listLate }) {
        await listLate(15);
        const [first, other] = [inputOf(region), inputOf(region, { metric: 'CacheWriteInputTokens' })];
        await record(first, FROM, 5);
        expect(await port.list(region)).toEqual([]);
        const read = await port.hourly(region, [first, other], FROM, FROM + HOUR_MS);
        expect(read).toEqual({
          kind: 'complete',
          series: [
            { id: first, points: [{ at: FROM, value: 5 }] },
            { id: other, points: [] },
          ],
        });
        await listLate(0);
        expect(await port.list(region)).toEqual([first]);
      },
    },
    {
      name: 'trap 46: one that is listed does not bring the listing of another forward',
      async run({ port, region, record, listLate }) {
        const [known, late] = [inputOf(region), inputOf(region, { metric: 'CacheReadInputTokens' })];
        await record(known, FROM, 5);
        expect(await port.list(region)).toEqual([known]);
        await listLate(15);
        await record(known, FROM + MINUTE_MS, 5);
        await record(late, FROM, 7);
        await listLate(15);
        expect((await port.list(region)).filter((id) => id.metric === late.metric)).toEqual([]);
      },
    },
    {
      name: 'what was not used for two weeks is listed no more, and read when asked for',
      async run({ port, region, record, age }) {
        const old = inputOf(region);
        const then = FROM - 20 * DAY_MS;
        await record(old, then, 5);
        await age(old);
        const read = await port.hourly(region, [old], then, then + HOUR_MS);
        expect(read).toMatchObject({ series: [{ points: [{ value: 5 }] }] });
        expect(await port.list(region)).toEqual([]);
      },
      differs: differs(
        'emulator',
        'it lists every metric that it has',
        'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html (2026-11)',
      ),
    },
    ...(['PartialData', 'InternalError', 'Forbidden'] as const).map((status): Case<UsageMetricsSubject> => ({
      name: `trap 21: ${status}: lists go on, a read gives nothing, the gate is refused`,
      async run({ port, region, record, answerWith }) {
        await record(inputOf(region), FROM, 1);
        await answerWith(status);
        expect(await port.list(region)).toEqual([inputOf(region)]);
        const read = await port.hourly(region, [inputOf(region)], FROM, FROM + HOUR_MS);
        expect(read).toEqual({ kind: 'incomplete', why: expect.stringContaining(status) });
        const gate = port.activity(region, FROM, FROM + HOUR_MS);
        await expect(gate).rejects.toMatchObject({ name: 'ServiceError', refusal: 'unavailable' });
      },
    })),
    ...refusals.map((refusal): Case<UsageMetricsSubject> => ({
      name: `${refusal}: every question is refused`,
      async run({ port, region, record, refuse }) {
        const input = inputOf(region);
        await record(input, FROM, 1);
        await refuse(refusal);
        await expect(port.list(region)).rejects.toMatchObject({ name: 'ServiceError', refusal });
        await expect(port.hourly(region, [input], FROM, FROM + HOUR_MS)).rejects.toMatchObject({ refusal });
        await expect(port.activity(region, FROM, FROM + HOUR_MS)).rejects.toMatchObject({ refusal });
      },
    })),
  ],
  [
    {
      name: 'trap 21: whatever the unit of a point, it counts',
      async run({ port, region, record }) {
        await record(inputOf(region), FROM, 5);
        await record(inputOf(region), FROM + MINUTE_MS, 7, 'None');
        const read = await port.hourly(region, [inputOf(region)], FROM, FROM + HOUR_MS);
        expect(read).toMatchObject({ kind: 'complete', series: [{ points: [{ at: FROM, value: 12 }] }] });
      },
    },
    {
      name: 'calls of every model show in one metric without dimensions',
      async run({ port, region, recordCall }) {
        await recordCall(region, FROM);
        expect(await port.activity(region, FROM, FROM + HOUR_MS)).toEqual([{ at: FROM, calls: 1 }]);
      },
    },
  ],
);
