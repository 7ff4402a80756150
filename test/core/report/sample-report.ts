import { addDays, utcDay, type UtcDay } from '../../../core/calendar';
import type { NamedDay } from '../../../core/bill';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../../core/money';
import { moversOf } from '../../../core/report/movers';
import type { BillFigures, CostReport } from '../../../core/report/report';
import type { TopSpenders } from '../../../core/spenders';

export const NOW = Date.parse('2026-11-23T11:00:00Z');
export const LIMIT = usd(50);

/** `[day, dollars]` of a name. */
export function daysOf(name: string, days: readonly (readonly [string, number | string])[]): readonly NamedDay[] {
  return days.map(([day, dollars]) => ({ name, day: day as UtcDay, amount: usd(dollars) }));
}

/** So many dollars on each of the days up to one. */
export function each(name: string, dollars: number | string, last = '2026-11-20', count = 7): readonly NamedDay[] {
  return daysOf(
    name,
    Array.from({ length: count }, (_, at) => [addDays(last as UtcDay, -at), dollars] as const),
  );
}

export function figures(over: Partial<BillFigures> = {}): BillFigures {
  const monthToDate = over.monthToDate ?? usd('24.99');
  return {
    kind: 'known',
    nothingYet: false,
    percentOfLimit: (monthToDate / LIMIT) * 100,
    crossed: [],
    yesterday: usd('1.20'),
    usualDay: { kind: 'known', amount: usd('1.10') },
    forecast: { kind: 'known', amount: usd('34.08') },
    lastMonth: usd('31.5'),
    byService: [
      { name: 'Amazon Bedrock Service', amount: usd('20.99') },
      { name: 'Claude Haiku 4.5 (Amazon Bedrock Edition)', amount: usd(4) },
    ],
    byModel: {
      kind: 'known',
      byModel: [
        { name: 'Nova2.0Lite', amount: usd('20.99') },
        { name: 'Claude Haiku 4.5', amount: usd(4) },
      ],
    },
    movers: moversOf(
      [
        ...each('Nova2.0Lite', '1'),
        ...daysOf('Nova2.0Lite', [['2026-11-21', '4.10']]),
        ...each('Claude Haiku 4.5', '0.50'),
        ...daysOf('Titan Embed', [['2026-11-21', '0.25']]),
      ],
      'models',
      NOW,
    ),
    untagged: ZERO,
    foreign: ZERO,
    ...over,
    monthToDate,
  };
}

export function sample(over: Partial<CostReport> = {}): CostReport {
  return {
    schemaVersion: 1,
    environment: 'prod',
    asOf: new Date(NOW).toISOString(),
    month: '2026-11',
    limit: LIMIT,
    bill: figures(),
    meter: {
      denies: 'open',
      figures: {
        kind: 'known',
        asOf: '2026-11-23T10:59:00.000Z',
        monthToDate: usd('25.4'),
        percentOfLimit: 50.8,
        today: usd('0.6'),
        lowerBound: false,
        unattributed: [],
        unconfigured: [],
        foreign: [],
        unguarded: 0,
        findings: [],
      },
      order: { kind: 'none' },
      calibration: { kind: 'none' },
      comparison: { from: '2026-11-14' as UtcDay, to: '2026-11-20' as UtcDay, days: [], notCompared: [], drift: [] },
    },
    lines: [
      { line: 'cost report', state: 'armed', why: 'Cost Explorer answers' },
      { line: 'budget by tag', state: 'armed', why: 'its tag is active' },
      { line: 'budgets action', state: 'armed', why: 'denies all models at its line' },
      { line: 'meter', state: 'armed', why: 'it ran a minute ago' },
    ],
    neverStop: ['break-glass'],
    guardedUnmetered: [],
    requests: 2,
    ...over,
  };
}

export function spenders(count = 5, over: Partial<TopSpenders> = {}): TopSpenders {
  const amounts = Array.from({ length: count }, (_, at): NanoUsd => nanoUsd(Math.round(usd(10) / (at + 1))));
  const total = nanoUsd(amounts.reduce<number>((sum, amount) => sum + amount, 0) + usd(2) + usd(1));
  return {
    source: 'invocationLogs',
    from: '2026-11-01' as UtcDay,
    to: utcDay(NOW - 86_400_000),
    total,
    top: amounts.map((amount, at) => ({
      name: at % 2 === 0 ? `person-${at}@example.com` : `app-role/session-${at}`,
      isPerson: at % 2 === 0,
      amount,
      sharePercent: (amount / total) * 100,
    })),
    others: { count: 3, amount: usd(2) },
    nameless: usd(1),
    unknown: [],
    ...over,
  };
}
