import { overshoot, type OvershootAssumptions } from '../core/estimates';
import type { NanoUsd } from '../core/money';
import type { MeterConfig, ResolvedModel } from './guard-config';
import type { EnvironmentInput } from './schema';

/**
 * What the overshoot estimate rests on, until somebody has measured it in their own account. Delay of the metrics: a minute or
 * two (shared AWS facts, November 2026, "CloudWatch"). A deny works within seconds (same, "AWS Budgets"). The longest
 * generation and the rate of cache reads are assumptions and nothing else: an answer of 64K tokens is unseen for many minutes
 * (trap 20), and cache reads use no quota.
 */
export const ASSUMED: OvershootAssumptions = {
  longestGenerationMinutes: 10,
  metricDelayMinutes: 2,
  tickMinutes: 1,
  enforcementMinutes: 1,
  cacheReadPerQuotaToken: 5,
};

const UNKNOWN_AFTER_MINUTES = 15;
const GRACE_MINUTES = 60;

export function meterConfig(env: EnvironmentInput, models: readonly ResolvedModel[], limit: NanoUsd): MeterConfig {
  const regions = env.meterRegions ?? [env.region];
  const given = Object.fromEntries(Object.entries(env.overshoot ?? {}).filter(([, value]) => value !== undefined));
  return {
    enforce: env.enforce ?? true,
    onBlind: env.onBlind ?? 'page',
    unknownAfterMinutes: env.unknownAfterMinutes ?? UNKNOWN_AFTER_MINUTES,
    graceMinutes: env.graceMinutes ?? GRACE_MINUTES,
    regions,
    // An alarm sees its own Region, and whoever must ask another each minute saves nothing by it.
    activityAlarm: (env.activityAlarm ?? true) && regions.length === 1,
    stopBatchJobs: env.stopBatchJobs ?? true,
    overshoot: overshoot({ models, limit, assumptions: { ...ASSUMED, ...given } }),
    ...(env.acceptOvershoot === undefined ? {} : { acceptedOvershoot: env.acceptOvershoot }),
  };
}
