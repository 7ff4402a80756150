import type { EnvironmentConfig } from '../config';
import { HOUR_MS } from '../core/calendar';
import { usd, type NanoUsd } from '../core/money';
import { durationMs } from './durations';
import { UsageError } from './errors';
import type { World } from './world';

/** What people give with an order, and how it is asked for. */

const LONGEST_MS = 31 * 24 * HOUR_MS;

/**
 * @param kept what becomes of it, for the error
 * @throws UsageError
 */
export function reasonOf(text: string | undefined, kept = 'it is mailed and audited'): string {
  if (text !== undefined && text.trim() !== '') return text.trim();
  throw new UsageError(`--reason: must say why, such as --reason "load test agreed with finance"; ${kept}`);
}

/** Of `--limit`. @throws UsageError */
export function dollars(text: string): NanoUsd {
  if (/^\d{1,7}(\.\d{1,2})?$/.test(text) && Number(text) > 0 && Number(text) <= 1_000_000) return usd(text);
  throw new UsageError(
    `--limit ${text}: not an amount; allowed: dollars above 0 and up to 1000000, with at most two decimals, such as 100 or 99.50`,
  );
}

/** Of `--until`: a duration from now, or a time with its zone. @throws UsageError */
export function untilOf(text: string, now: number): number {
  if (/^\d+[mh]$/.test(text)) return now + durationMs('--until', text, LONGEST_MS);
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new UsageError(
    `--until ${text}: not a time; allowed: a duration such as 6h, or a time with its zone such as 2026-11-30T18:00Z`,
  );
}

/** Production asks. @throws DeclinedError */
export async function asked(
  environment: EnvironmentConfig,
  question: string,
  { yes }: { readonly yes?: true | undefined },
  world: World,
): Promise<void> {
  if (environment.class === 'production') await world.confirm(`${question} It is production.`, yes ?? false);
}
