import type { EnvironmentConfig } from '../../../config';
import { utcDay, utcMonth } from '../../../core/calendar';
import { nanoUsd, type NanoUsd } from '../../../core/money';
import { type BillFigures, budgetNote, budgetsConcern, type CostReport, type LineStatus } from '../../../core/report';
import { ENVIRONMENT_BUDGET } from '../../../core/shared-budgets';
import { utcMinute, type ReportFact } from '../story';
import type { EnvironmentReport, ReportData, ReportTable } from './data';
import { money } from './formats';
import { page } from './page';
import { configuredPart } from './sources';

/** The month of one environment, as far as anybody could be asked. */
export interface EnvironmentCosts {
  readonly environment: EnvironmentConfig;
  /** Or why there is none, in words. */
  readonly report: CostReport | string;
}

const BASIS =
  'The bill is from AWS Cost Explorer, without credits, refunds and tax, and 8 to 24 hours late; the meter counts tokens at list prices, minutes late.';

/** The running month, by the bill, as one file that needs no network. @param now ms since the epoch */
export function costsPage(parts: readonly EnvironmentCosts[], now: number): string {
  return page([costsData(parts, now)]);
}

export function costsData(parts: readonly EnvironmentCosts[], now: number): ReportData {
  return {
    title: `Bedrock in ${utcMonth(now)}, as of ${utcMinute(now)} UTC`,
    running: true,
    story: [],
    basis: BASIS,
    environments: parts.map(({ environment, report }) =>
      typeof report === 'string' ? unasked(environment, report) : ofReport(environment, report, utcDay(now)),
    ),
  };
}

/** What every environment of a running month has nothing of: nobody keeps when it was stopped. */
const NO_HISTORY = { points: [], events: [], holds: [] } as const;

function unasked(environment: EnvironmentConfig, why: string): EnvironmentReport {
  return {
    ...configuredPart(environment),
    ...NO_HISTORY,
    name: environment.name,
    spent: { kind: 'unavailable', why },
    days: [],
    models: [],
    facts: [],
    attention: [`${environment.name}: ${why}`],
  };
}

function ofReport(environment: EnvironmentConfig, report: CostReport, today: string): EnvironmentReport {
  const { bill, meter, limit } = report;
  const known = bill.kind === 'known' && !bill.nothingYet ? bill : undefined;
  const { figures, denies } = meter;
  return {
    ...configuredPart(environment),
    ...NO_HISTORY,
    limit,
    name: environment.name,
    spent:
      known === undefined
        ? { kind: 'unavailable', why: whyUnknown(bill) }
        : { kind: 'known', value: known.monthToDate },
    ...(known?.forecast.kind === 'known' && { forecast: known.forecast.amount }),
    ...(figures.kind === 'known' && {
      beside: `${figures.lowerBound ? 'at least ' : ''}${money(figures.monthToDate)} by the meter`,
    }),
    ...(figures.kind === 'known' && { counted: figures.monthToDate }),
    guard: guardOf(report),
    burns: figures.kind === 'known' && (figures.cacheBurn ?? []).length > 0,
    ...(denies !== undefined && { deniedNow: denies }),
    // Today's bill has hardly begun: a flat end of the line would say that nothing was used.
    days: (known?.byDay ?? []).filter(({ day }) => day < today).map(({ day, amount }) => ({ day, spent: amount })),
    models:
      known?.byModel.kind === 'known'
        ? known.byModel.byModel.map(({ name, amount }) => ({ model: name, spent: amount }))
        : [],
    facts: factsOf(report, known),
    more: [...servicesOf(known), linesTable(report), ...spendersOf(report), ...budgetsOf(report), ...cacheOf(report)],
    attention: attentionOf(report, known).map((text) => `${environment.name}: ${text}`),
  };
}

function guardOf({ lines }: CostReport): NonNullable<EnvironmentReport['guard']> {
  const of = (...states: readonly LineStatus['state'][]) =>
    lines.filter(({ state }) => states.includes(state)).map(({ line }) => line);
  return { waiting: of('waiting'), blind: of('blind', 'unknown') };
}

function whyUnknown(bill: CostReport['bill']): string {
  return bill.kind === 'unavailable'
    ? bill.why
    : 'nothing is billed yet this month, which is not the same as nothing used';
}

function factsOf(
  { meter: { figures }, limit, asOf, neverStop }: CostReport,
  known: BillFigures | undefined,
): readonly ReportFact[] {
  const estimate = (one: BillFigures['forecast']) => (one.kind === 'known' ? money(one.amount) : `unknown: ${one.why}`);
  return [
    { label: 'Billed this month', value: known === undefined ? 'unknown' : money(known.monthToDate) },
    { label: 'Limit', value: money(limit) },
    ...(known === undefined
      ? []
      : [
          { label: 'Expected at the end', value: estimate(known.forecast) },
          { label: 'Billed of yesterday so far', value: money(known.yesterday) },
          { label: 'A usual day', value: estimate(known.usualDay) },
          { label: 'Last month', value: money(known.lastMonth) },
        ]),
    { label: 'By the meter', value: figures.kind === 'known' ? money(figures.monthToDate) : `unknown: ${figures.why}` },
    ...(figures.kind === 'known' ? [{ label: 'The meter saw everything at', value: utcTime(figures.asOf) }] : []),
    { label: 'Never stopped', value: neverStop.length === 0 ? 'nobody' : neverStop.join(', ') },
    { label: 'As of', value: utcTime(asOf) },
  ];
}

function servicesOf(known: BillFigures | undefined): readonly ReportTable[] {
  if (known === undefined || known.byService.length === 0) return [];
  return [
    {
      caption: 'by service on the bill',
      head: ['Service', 'Spent'],
      rows: known.byService.map(({ name, amount }) => [name, amount]),
    },
  ];
}

function linesTable({ lines }: CostReport): ReportTable {
  return {
    caption: 'lines of defence',
    head: ['Line', 'State', 'Why'],
    rows: lines.map(({ line, state, why }) => [line, state === 'dryRun' ? 'dry run' : state, why]),
  };
}

function spendersOf({ spenders }: CostReport): readonly ReportTable[] {
  if (spenders === undefined) return [];
  const caption = 'who spent it';
  const head = ['Who', 'Spent', 'Share'];
  if (spenders.kind === 'unavailable') return [{ caption, head, rows: [], note: `Not known: ${spenders.why}` }];
  const { top, others, nameless, from, to, source, unknown } = spenders.value;
  const by = source === 'principalTag' ? 'the cost allocation tag of principals' : 'the invocation log';
  return [
    {
      caption,
      head,
      rows: [
        ...top.map(({ name, amount, sharePercent }) => [name, amount, `${sharePercent.toFixed(1)}%`]),
        ...(others.count > 0 ? [[`${others.count} others`, others.amount, '']] : []),
        ...(nameless > 0 ? [['nobody that is named', nameless, '']] : []),
      ],
      note: [`From ${from} to ${to}, by ${by}.`, ...unknown].join(' '),
    },
  ];
}

function budgetsOf({ budgets, environment }: CostReport): readonly ReportTable[] {
  if (budgets === undefined) return [];
  const concern = budgetsConcern(budgets);
  return [
    {
      caption: 'budgets within it',
      head: ['Budget', 'Period', 'Spent', 'Limit', 'Remarks'],
      rows: budgets.budgets.map((stand) => [
        stand.path === ENVIRONMENT_BUDGET ? environment : stand.path,
        stand.period,
        stand.figures.kind === 'known' ? stand.figures.spent : stand.figures.kind === 'unused' ? '-' : undefined,
        stand.figures.kind === 'known' ? stand.figures.limit : stand.configured,
        budgetNote(stand),
      ]),
      ...(concern !== undefined && { note: concern }),
    },
  ];
}

function cacheOf({ meter: { figures } }: CostReport): readonly ReportTable[] {
  const burning = figures.kind === 'known' ? (figures.cacheBurn ?? []) : [];
  if (burning.length === 0) return [];
  return [
    {
      caption: 'prompt caches that cost more than they save',
      head: ['Model', 'Spent', 'Reads a write', 'Pays from', 'Likely cause'],
      rows: burning.map(({ modelId, lost, readsPerWrite, breakEven, likelyCause }) => [
        modelId,
        lost,
        readsPerWrite.toFixed(2),
        breakEven.toFixed(2),
        likelyCause,
      ]),
      note: 'Spent is what the cache cost beyond the same tokens sent without one.',
    },
  ];
}

/** What somebody must look at or decide, in the order in which it matters. */
function attentionOf({ lines, meter, bill, spenders }: CostReport, known: BillFigures | undefined): readonly string[] {
  const { figures, comparison } = meter;
  const lost = figures.kind === 'known' ? sumOf((figures.cacheBurn ?? []).map((one) => one.lost)) : undefined;
  return [
    ...(bill.kind === 'unavailable' ? [`the bill is unknown: ${bill.why}`] : []),
    ...lines.filter(({ state }) => LOOK.has(state)).map(({ line, state, why }) => `${line}: ${state}: ${why}`),
    ...(figures.kind === 'known' && figures.lowerBound
      ? ['the meter may count too little; see its findings in the daily report']
      : []),
    ...(comparison.drift.length > 0
      ? [`meter and bill differ for ${comparison.drift.map(({ name }) => name).join(', ')}`]
      : []),
    ...(lost !== undefined && lost > 0 ? [`prompt caches cost ${money(lost)} more than they saved`] : []),
    ...(known !== undefined && known.untagged > 0
      ? [`${money(known.untagged)} of Bedrock in this account carries no environment's tag: no guard stops it`]
      : []),
    ...(spenders?.kind === 'unavailable' ? [`who spent it is not known: ${spenders.why}`] : []),
  ];
}

const LOOK: ReadonlySet<string> = new Set(['blind', 'unknown', 'waiting', 'applied']);

function sumOf(amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(
    Math.min(
      amounts.reduce((sum, one) => sum + one, 0),
      Number.MAX_SAFE_INTEGER,
    ),
  );
}

function utcTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
