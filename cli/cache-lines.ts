import { type CacheBurn, burnsOf, burnsToTell, type KnownAssessment, ratioText, unjudged } from '../core/meter';
import { formatUsd, ZERO, type NanoUsd } from '../core/money';
import type { Line } from './result';

/** Prompt caches that cost more than they save, or than they did: of the last hours, else of the report. */
export function burningCaches(known: KnownAssessment | undefined, limit: NanoUsd): readonly CacheBurn[] {
  if (known?.cache === undefined) return [];
  const lately = burnsToTell(known.cache, limit);
  const told = new Set(lately.map(nameOf));
  return [...lately, ...burnsOf(known.cache, limit).filter((burn) => !told.has(nameOf(burn)))];
}

/** The same for people, with those that nobody can judge. */
export function cacheLines(known: KnownAssessment | undefined, limit: NanoUsd): readonly Line[] {
  const unknown = known?.cache === undefined ? [] : unjudged(known.cache, limit);
  return [
    ...burningCaches(known, limit).map((burn): Line => ({
      text: `  prompt cache      ${burnText(burn)}`,
      tone: 'warning',
    })),
    ...unknown.map(
      ({ modelId, region, why }): Line =>
        `  prompt cache      ${modelId} in ${region}: whether it pays is unknown: ${why}`,
    ),
  ];
}

function burnText({ modelId, region, readsPerWrite, before, lost, aboveBefore = ZERO, from, to }: CacheBurn): string {
  const earlier = before === undefined ? '' : `, ${ratioText(before)} earlier this month`;
  const amount =
    aboveBefore > lost ? `${formatUsd(aboveBefore)} more than before` : `${formatUsd(lost)} more than without it`;
  return `${modelId} in ${region}: ${ratioText(readsPerWrite)} reads a write${earlier}: up to ${amount}${during(from, to)}`;
}

function during(from: number | undefined, to: number | undefined): string {
  return from === undefined || to === undefined ? '' : `, ${time(from)} to ${time(to)} UTC`;
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function nameOf({ region, metricId }: CacheBurn): string {
  return `${region} ${metricId}`;
}
