import { type UtcMonth } from '../../../core/calendar';
import type { SeriesId } from '../../../core/meter/types';
import { at } from '../../helpers/meter-world';
import { costCheck, item, type World } from './harness';

export const LITE = 'amazon.nova-lite-v1:0';

export function inputOf(modelId: string, region = 'us-east-1'): SeriesId {
  return { namespace: 'AWS/Bedrock', region, metric: 'InputTokenCount', dimensions: { ModelId: modelId } };
}

/** `[day, dollars]` of Nova Lite by the meter, whose million tokens is a dollar; series as it keeps them. */
export function metered(world: World, spend: readonly (readonly [string, number])[], profile = 'litelitelite') {
  const check = costCheck(world);
  for (const [day, dollars] of spend) {
    check.usage.record(inputOf(profile), at(`${day}T12:00`), Math.round(dollars * 1_000_000));
  }
  const months = ['2026-10', '2026-11', '2026-12'] as UtcMonth[];
  for (const month of months) void check.meter.saveSeries({ month, series: [inputOf(profile)], profiles: {} });
  return check;
}

export const billed = (...days: readonly (readonly [string, string])[]) =>
  days.map(([day, amount]) => item(day, amount));
