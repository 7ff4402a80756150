import type { SeriesId } from '../../../core/meter/types';
import type { ListedSeriesPort } from '../../../core/verify/ports';
import { contract } from './contract';

export interface ListedSeriesSubject {
  readonly port: ListedSeriesPort;
  /** Two Regions, and ids that no series has yet. */
  readonly region: string;
  readonly otherRegion: string;
  readonly modelId: string;
  readonly otherId: string;
  /** Writes a point now. */
  readonly record: (id: SeriesId) => Promise<void>;
  /** How late a new series is listed from now on. */
  readonly listLate: (minutes: number) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const series = (region: string, ModelId: string, metric: string): SeriesId => ({
  namespace: 'AWS/Bedrock',
  region,
  metric,
  dimensions: { ModelId },
});

export const listedSeriesContract = contract<ListedSeriesSubject>('listed-series', [
  {
    name: 'all names of one id, also those that the meter does not know, and nobody else’s',
    async run({ port, region, otherRegion, modelId, otherId, record }) {
      const own = [series(region, modelId, 'InputTokenCount'), series(region, modelId, 'SomethingNew')];
      for (const id of [...own, series(region, otherId, 'InputTokenCount'), series(otherRegion, modelId, 'Far')])
        await record(id);
      const found = await port.of(region, modelId);
      expect(found.toSorted((a, b) => (a.metric < b.metric ? -1 : 1))).toEqual(own);
    },
  },
  {
    name: 'trap 46: what is new is not listed at once',
    async run({ port, region, modelId, record, listLate }) {
      await listLate(15);
      await record(series(region, modelId, 'InputTokenCount'));
      expect(await port.of(region, modelId)).toEqual([]);
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, region, modelId, throttle }) {
      await throttle();
      await expect(port.of(region, modelId)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
    },
  },
]);
