import { answerProblems, findModel, libraryModels, libraryPrices, proposedLimitUsd } from '../../config';
import { DAY_MS, HOUR_MS, utcMonth } from '../../core/calendar';
import { type Answer, type Problem, problemWords } from '../../core/health';
import {
  type ApplicationProfile,
  dearestOf,
  hourlyTokens,
  metricIdOf,
  pastSpend,
  type PastSpend,
  type PriceList,
  resolveUsage,
  type Series,
} from '../../core/meter';
import { formatUsd } from '../../core/money';
import { asking } from '../doctor/diagnosis';
import { isAboutCredentials, SIGN_IN } from '../explain';
import type { Line } from '../result';
import type { Services } from '../services';

/** CloudWatch lists no series that is without data for longer: what was used before is not known. */
const WINDOW_MS = 14 * DAY_MS;

/** What the account has used in a Region, and what follows from it for a first config. */
export interface Look {
  /** Ids that the config takes, the dearest first. */
  readonly models: readonly string[];
  /** Absent where it is not known, or nothing was used. */
  readonly limitUsd?: number;
  /** Spend of models is missing in the proposed limit. */
  readonly isLimitTooLow: boolean;
  readonly lines: readonly Line[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Asks with the caller's own credentials. A question that is refused is said, and left out: unknown is never zero. */
export async function look(services: Services, region: string, now: number): Promise<Look> {
  const ask = asking(services);
  const identity = await ask((signal) => services.identity.whoAmI(signal));
  if (identity.kind === 'unavailable') return nothing([notLooked(identity.problem)]);
  const { account } = identity.value;
  const listed = await ask(() => services.usageMetrics.list(region));
  if (listed.kind === 'unavailable') {
    return nothing([
      `  not looked: CloudWatch lists no metrics (${problemWords(listed.problem)}; cloudwatch:ListMetrics)`,
    ]);
  }
  const ids = [...new Set(listed.value.flatMap((id) => metricIdOf(id) ?? []))];
  if (ids.length === 0) return nothing([`  account ${account} has called no model in ${region} within two weeks`]);
  const profiles = await ask(() => services.profiles.list(region));
  const to = Math.ceil(now / HOUR_MS) * HOUR_MS;
  const read = await ask(() => services.usageMetrics.hourly(region, listed.value, to - WINDOW_MS, to));
  return lookOf({ account, region, now, ids, profiles, series: seriesOf(read) });
}

type SeriesRead = { readonly series: readonly Series[] } | { readonly why: string };

function seriesOf(read: Answer<Awaited<ReturnType<Services['usageMetrics']['hourly']>>>): SeriesRead {
  if (read.kind === 'unavailable') return { why: `${problemWords(read.problem)}; cloudwatch:GetMetricData` };
  return read.value.kind === 'incomplete' ? { why: read.value.why } : { series: read.value.series };
}

interface Seen {
  readonly account: string;
  readonly region: string;
  readonly now: number;
  readonly ids: readonly string[];
  readonly profiles: Answer<readonly ApplicationProfile[]>;
  readonly series: SeriesRead;
}

/** Pure. */
function lookOf({ account, region, now, ids, profiles, series }: Seen): Look {
  const known = profiles.kind === 'known' ? profiles.value : [];
  const read = 'series' in series ? spendOf(series.series, ids, known, now) : undefined;
  const used = read === undefined ? ids : read.spend.byId.map(({ metricId }) => metricId);
  const { models, leftOut } = offered(used, known, region, now);
  const unknown = read?.spend.byId.filter(({ spent }) => spent === 'unknown').map(({ metricId }) => metricId) ?? [];
  const hidden = read?.hidden ?? [];
  const isLimitTooLow = unknown.length > 0 || hidden.length > 0;
  const limitUsd = read === undefined || read.spend.total === 0 ? undefined : proposedLimitUsd(read.spend, WINDOW_MS);
  const told = [
    ...(profiles.kind === 'unavailable'
      ? [`application profiles: ${problemWords(profiles.problem)} (bedrock:ListInferenceProfiles)`]
      : []),
    ...('why' in series ? [`what was spent: ${series.why}`] : []),
    ...leftOut.map(({ id, why }) => `${id}: ${why}`),
    ...hidden,
  ];
  return {
    models,
    isLimitTooLow,
    ...(limitUsd === undefined ? {} : { limitUsd }),
    lines: [
      `Account ${account} in ${region}, the last two weeks by CloudWatch's tokens, at list price:`,
      ...(read === undefined
        ? used.map((id) => `  ${id}: spend unknown`)
        : read.spend.byId.map(({ metricId, spent }) =>
            spent === 'unknown'
              ? `  ${metricId}: spend unknown, no list has a price`
              : `  ${metricId}: ${formatUsd(spent)}`,
          )),
      ...(read === undefined ? [] : [togetherLine(read.spend, isLimitTooLow)]),
      ...told.map((text): Line => ({ text: `  left out: ${text}`, tone: 'warning' })),
    ],
    data: { account, region, models, limitUsd, isLimitTooLow, spend: read?.spend, leftOut: told },
  };
}

function togetherLine({ total, busiestDay, busiestHour }: PastSpend, isTooLow: boolean): Line {
  const atLeast = isTooLow ? 'at least ' : '';
  return `  together ${atLeast}${formatUsd(total)}; the dearest day ${formatUsd(busiestDay)}, the dearest hour ${formatUsd(busiestHour)}`;
}

function spendOf(
  series: readonly Series[],
  ids: readonly string[],
  profiles: readonly ApplicationProfile[],
  now: number,
): { readonly spend: PastSpend; readonly hidden: readonly string[] } {
  const prices = libraryPrices(findModel);
  const listed: PriceList = new Map(
    libraryModels.flatMap(({ id, baseId }) => {
      const price = prices.get(id);
      return price === undefined ? [] : [[id, { baseId, price }] as const];
    }),
  );
  const resolution = resolveUsage({
    environment: '',
    metering: 'account',
    models: [],
    profiles: profiles.map(({ id, modelIds }) => ({ id, modelIds })),
    earlier: {},
    seen: ids,
    prices: listed,
    dearest: dearestOf([...prices.values()]),
  });
  // The points of another month are left out of each.
  const byMonth = [...new Set([utcMonth(now - WINDOW_MS), utcMonth(now)])].map((month) =>
    hourlyTokens(series, month, now),
  );
  const hidden = byMonth.flatMap(({ findings }) => findings.filter(({ understates }) => understates));
  return {
    spend: pastSpend(
      byMonth.flatMap(({ usage }) => usage),
      resolution,
    ),
    hidden: [...new Set(hidden.map(({ text }) => text))],
  };
}

/** The ids that the config takes from here, each once; of the others, why not. */
function offered(
  used: readonly string[],
  profiles: readonly ApplicationProfile[],
  region: string,
  now: number,
): { readonly models: readonly string[]; readonly leftOut: readonly { readonly id: string; readonly why: string }[] } {
  const models: string[] = [];
  const leftOut: { readonly id: string; readonly why: string }[] = [];
  for (const id of used) {
    const last = id.slice(id.lastIndexOf('/') + 1);
    // Every model's id has its provider before a dot, and no application profile's has one.
    const behind = last.includes('.') ? [last] : (profiles.find((one) => one.id === last)?.modelIds ?? []);
    if (behind.length === 0)
      leftOut.push({ id, why: 'no model is known behind it: no application profile, or none that may be listed' });
    for (const model of behind.filter((one) => !models.includes(one))) {
      const [problem] = answerProblems({ region, models: [...models, model] }, now).filter(
        ({ question }) => question === 'models',
      );
      if (problem === undefined) models.push(model);
      else leftOut.push({ id: model, why: problem.text });
    }
  }
  return { models, leftOut };
}

function notLooked(problem: Problem): string {
  return isAboutCredentials(problem.errorName)
    ? `  not looked: no AWS credentials that hold (${problem.errorName}); ${SIGN_IN}`
    : `  not looked: AWS did not say whose credentials these are (${problemWords(problem)})`;
}

function nothing(texts: readonly string[]): Look {
  return {
    models: [],
    isLimitTooLow: false,
    lines: texts.map((text) => ({ text, tone: 'warning' })),
    data: { models: [], leftOut: texts.map((text) => text.trim()) },
  };
}
