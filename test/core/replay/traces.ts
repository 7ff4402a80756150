import { HOUR_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import type { ReplayLines } from '../../../core/replay/lines';
import { UsageTable } from '../../../core/replay/usage-table';
import type { PricedModel, UsageRow } from '../../../core/replay/usage';

export const price = {
  input: picoUsdPerToken(1),
  output: picoUsdPerToken(4),
  cacheRead: picoUsdPerToken('0.1'),
  cacheWrite: picoUsdPerToken('1.25'),
};
export const MODELS: readonly PricedModel[] = [
  { id: 'small', tier: 'small', price },
  { id: 'large', tier: 'large', price },
];
export const LINES: ReplayLines = {
  limit: usd(100),
  thresholds: [
    { atPercent: 50, effect: 'notify', basis: 'actual' },
    { atPercent: 90, effect: 'degrade', basis: 'actual' },
    { atPercent: 95, effect: 'stop', basis: 'actual' },
  ],
  stopAtPercent: 95,
  dailyLimit: usd(1000),
  hourlyBrake: usd(1000),
  worstCaseRatePerMinute: 'unknown',
  metricDelayMinutes: 2,
  tickMinutes: 1,
  enforcementMinutes: 1,
  graceMinutes: 0,
};
export const START = Date.parse('2026-11-02T00:00:00Z');

export const row = (at: number, dollars: number, modelId = 'small', spanMs = 0): UsageRow => ({
  at,
  spanMs,
  modelId,
  tokens: { input: Math.round(dollars * 1_000_000), output: 0, cacheRead: 0, cacheWrite: 0 },
});
export const inHour = (hours: number, dollars: number, modelId = 'small', spanMs = 0) =>
  row(START + hours * HOUR_MS, dollars, modelId, spanMs);
export const inOrder = (rows: readonly UsageRow[]) => rows.toSorted((a, b) => a.at - b.at);
export const tableOf = (rows: readonly UsageRow[]) => {
  const table = new UsageTable();
  for (const { modelId, at, spanMs, tokens } of rows) table.add(modelId, at, spanMs, tokens);
  return table;
};
export const minute = (text: string) => Date.parse(`2026-11-10T${text}:00Z`);
