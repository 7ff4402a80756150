import type { FailMode, InPathConfig } from '../core/in-path';
import { percentOf, usd, type NanoUsd } from '../core/money';
import type { EnvironmentInput } from './schema';

/**
 * Small enough that every model of the catalogue takes it, and that a forgotten limit does not reserve a large part of a
 * small budget.
 */
const DEFAULT_MAX_TOKENS = 2_048;
/** Of the limit, per process: production goes on through an outage of the table, but not without end. */
const OPEN_PERCENT = 1;

export function inPathConfig(env: EnvironmentInput, limit: NanoUsd): InPathConfig {
  const { mode = 'exact', defaultMaxTokens = DEFAULT_MAX_TOKENS, whenAway } = env.inPath ?? {};
  return { mode, defaultMaxTokens, whenAway: failMode(whenAway, env.class, limit) };
}

function failMode(
  whenAway: NonNullable<EnvironmentInput['inPath']>['whenAway'],
  environmentClass: EnvironmentInput['class'],
  limit: NanoUsd,
): FailMode {
  if (whenAway === 'closed') return { kind: 'closed' };
  if (whenAway) return { kind: 'open', cap: usd(whenAway.openUpToUsd) };
  return environmentClass === 'production' ? { kind: 'open', cap: percentOf(limit, OPEN_PERCENT) } : { kind: 'closed' };
}
