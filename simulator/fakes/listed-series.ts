import type { ServiceError } from '../../core/errors';
import { seriesName, type SeriesId } from '../../core/meter';
import type { ListedSeriesPort } from '../../core/verify';

/** CloudWatch's listing of one namespace: a new series comes late. */
export class FakeListedSeries implements ListedSeriesPort {
  /** After its first point. */
  delayMs = 0;
  /** In place of every answer. */
  failure: ServiceError | undefined;
  private readonly since = new Map<string, { readonly id: SeriesId; readonly at: number }>();

  constructor(private readonly now: () => number = () => 0) {}

  /** @param at when its point was written */
  record(id: SeriesId, at = this.now()): void {
    const name = seriesName(id);
    if (!this.since.has(name)) this.since.set(name, { id, at });
  }

  async of(region: string, modelId: string): Promise<readonly SeriesId[]> {
    if (this.failure) throw this.failure;
    return [...this.since.values()]
      .filter(
        ({ id, at }) => id.region === region && id.dimensions['ModelId'] === modelId && this.now() >= at + this.delayMs,
      )
      .map(({ id }) => id);
  }
}
