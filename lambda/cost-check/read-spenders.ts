import { isBedrockService, type BillReading, type BillScope, type CostAnswer, type CostQuery } from '../../core/bill';
import { dayStart, firstDay, nextMonth, utcMonth, type UtcDay, type UtcMonth } from '../../core/calendar';
import { BEDROCK } from '../../core/meter';
import type { Reading } from '../../core/reading';
import {
  bedrockServicesIn,
  billedQuery,
  type BilledSpend,
  daysAsked,
  type LogAnswer,
  logFault,
  monthReported,
  readBilled,
  readTagged,
  servicesQuery,
  type SpendersDay,
  spendersDay,
  type SpendersOfMonth,
  spendersOfMonth,
  taggedQuery,
  type TaggedSpend,
  topSpenders,
  type TopSpenders,
} from '../../core/spenders';
import { resolveIds } from '../meter-usage';
import { answered, asked, understood, whyOf } from './asked';
import type { CostCheckDeps } from './deps';
import type { CostCheckEnv } from './env';

type Tagged = Reading<{ readonly tag: string; readonly spend: readonly TaggedSpend[] }>;

/** Answer to `{ by: 'spenders', month }`. */
export interface SpendersAnswer {
  readonly kind: 'spenders';
  readonly spenders: SpendersOfMonth;
  /** Of this environment, by day, model and service. */
  readonly bill: Reading<readonly BilledSpend[]>;
  /** Paid ones, of Cost Explorer. */
  readonly requests: number;
}

export interface ReadSpenders {
  /** Absent: the config asks for nobody's name. */
  readonly top?: Reading<TopSpenders>;
  /** Paid ones, of Cost Explorer. */
  readonly requests: number;
  /** By Logs Insights, for this report, which charges for it; a query that was stopped does not say. Absent: none was asked. */
  readonly bytesScanned?: number;
}

/** How the account's bill is split among environments. */
export function scopeOf(env: CostCheckEnv): BillScope {
  return env.IDENTITY === 'profile'
    ? { identity: 'profile', tagKey: env.TAG_KEY, environment: env.ENVIRONMENT, metering: env.METERING }
    : { identity: 'direct' };
}

/**
 * For the daily report: reads the days of the log that are missing, and the bill by the tag. Asks nothing where the config names neither.
 * @param bill whose services Cost Explorer is asked for by name
 */
export async function readSpenders(
  deps: CostCheckDeps,
  env: CostCheckEnv,
  bill: Promise<BillReading>,
  now: number,
): Promise<ReadSpenders> {
  const month = monthReported(now);
  const [log, tagged] = await Promise.all([
    readLog(deps, env, month, now),
    taggedOfReport(deps, env, bill, month, now),
  ]);
  const top = understood<Reading<TopSpenders> | undefined>(
    () => topSpenders(spendersOfMonth({ month, now, ...(log && { log }), ...(tagged && { tagged: tagged.reading }) })),
    (why) => ({ kind: 'unavailable', why }),
  );
  return { ...(top && { top }), requests: tagged?.requests ?? 0, ...(log && { bytesScanned: log.bytesScanned }) };
}

/** On demand: what was read on the days of a month, and the bill of it, for two requests that are paid, or three with a tag. */
export async function askedSpenders(
  deps: CostCheckDeps,
  env: CostCheckEnv,
  month: UtcMonth,
  now: number,
): Promise<SpendersAnswer> {
  const group = env.SPENDERS_LOG_GROUP;
  const stored = group === undefined ? undefined : asked(() => deps.spenders.days(firstDay(month), lastDayOf(month)));
  const names = await ask(deps, servicesQuery(month, now));
  const { bill, tagged, requests } = await billOf(deps, env, names, month, now);
  const log =
    group === undefined || stored === undefined
      ? undefined
      : { logGroup: group, otherRegions: otherRegions(env), stored: await stored, failed: new Map<UtcDay, string>() };
  const spenders = spendersOfMonth({ month, now, ...(log && { log }), ...(tagged && { tagged }) });
  return { kind: 'spenders', spenders, bill, requests: names.requests + requests };
}

async function billOf(deps: CostCheckDeps, env: CostCheckEnv, names: CostAnswer, month: UtcMonth, now: number) {
  const scope = scopeOf(env);
  const tag = env.SPENDERS_TAG;
  const services = names.kind === 'known' ? bedrockServicesIn(names.rows) : [];
  // Cost Explorer takes no empty list of names: no name of Bedrock means that no line is there.
  const answerOf = async (query: CostQuery): Promise<CostAnswer> => {
    if (names.kind === 'unavailable') return { ...names, requests: 0 };
    return services.length === 0 ? { kind: 'known', rows: [], requests: 0 } : ask(deps, query);
  };
  const [billed, byTag] = await Promise.all([
    answerOf(billedQuery(scope, month, services, now)),
    tag === undefined ? undefined : answerOf(taggedQuery(scope, tag, month, services, now)),
  ]);
  const unknown = (why: string) => ({ kind: 'unavailable', why }) as const;
  return {
    bill: understood<Reading<readonly BilledSpend[]>>(() => readBilled(billed), unknown),
    tagged: byTag && tag !== undefined ? understood<Tagged>(() => readTagged(byTag, tag), unknown) : undefined,
    requests: billed.requests + (byTag?.requests ?? 0),
  };
}

/** One question for the month, under the names that the report's own bill has. */
async function taggedOfReport(
  deps: CostCheckDeps,
  env: CostCheckEnv,
  bill: Promise<BillReading>,
  month: UtcMonth,
  now: number,
): Promise<{ readonly reading: Tagged; readonly requests: number } | undefined> {
  const tag = env.SPENDERS_TAG;
  if (tag === undefined) return undefined;
  const read = await bill;
  if (read.kind === 'unavailable') return { reading: { kind: 'unavailable', why: read.why }, requests: 0 };
  const services = read.recentServices.filter(isBedrockService);
  if (services.length === 0) return { reading: { kind: 'known', value: { tag, spend: [] } }, requests: 0 };
  const answer = await ask(deps, taggedQuery(scopeOf(env), tag, month, services, now));
  const reading = understood<Tagged>(
    () => readTagged(answer, tag),
    (why) => ({ kind: 'unavailable', why }),
  );
  return { reading, requests: answer.requests };
}

async function ask({ costExplorer }: CostCheckDeps, query: CostQuery): Promise<CostAnswer> {
  try {
    return await costExplorer.costs(query);
  } catch (error) {
    return { kind: 'unavailable', why: whyOf(error), retryable: false, requests: 0 };
  }
}

/** Of these Bedrock logs elsewhere. */
function otherRegions({ AWS_REGION, METER_REGIONS }: CostCheckEnv): readonly string[] {
  return METER_REGIONS.filter((region) => region !== AWS_REGION);
}

/** Every day of a month sorts before it. */
function lastDayOf(month: UtcMonth): UtcDay {
  return firstDay(nextMonth(month));
}

async function readLog(deps: CostCheckDeps, env: CostCheckEnv, month: UtcMonth, now: number) {
  const logGroup = env.SPENDERS_LOG_GROUP;
  if (logGroup === undefined) return undefined;
  const wanted = daysAsked(now);
  const [from = firstDay(month)] = [firstDay(month), ...wanted].sort();
  const stored = await asked(() => deps.spenders.days(from, wanted.at(-1) ?? from));
  const failed = new Map<UtcDay, string>();
  // Whoever cannot see what was read would pay for it again each day.
  const named = { logGroup, otherRegions: otherRegions(env), failed };
  if (stored.kind === 'unavailable') return { ...named, stored, bytesScanned: 0 };
  let bytesScanned = 0;
  const have = new Set(stored.value.map(({ day }) => day));
  const read = await Promise.all(
    wanted
      .filter((day) => !have.has(day))
      .map(async (day) => {
        const answer = await answered(() => deps.invocationLog.usage(logGroup, day));
        if (answer.kind === 'known') bytesScanned += answer.bytesScanned;
        const one = await answered(() => readDay(deps, env, { day, logGroup, answer }, now));
        if (one.kind === 'known') return [one.value];
        failed.set(day, one.why);
        return [];
      }),
  );
  const value: readonly SpendersDay[] = [...stored.value, ...read.flat()];
  return { ...named, stored: { kind: 'known', value } as const, bytesScanned };
}

/** As CloudWatch would show a model id of the log, so that the meter's own rules tell whose it is. */
const OF_TOKENS = { namespace: BEDROCK, metric: 'InputTokenCount' } as const;

/** Kept before it is told of, so that it is paid for once. */
async function readDay(
  deps: CostCheckDeps,
  env: CostCheckEnv,
  { day, logGroup, answer }: { readonly day: UtcDay; readonly logGroup: string; readonly answer: LogAnswer },
  now: number,
): Promise<Reading<SpendersDay>> {
  const fault = logFault(answer, logGroup);
  if (answer.kind !== 'known' || fault !== undefined) return { kind: 'unavailable', why: fault ?? 'no answer' };
  const ids = [...new Set(answer.rows.map(({ modelId }) => modelId))];
  // What the meter has kept of profiles that are gone since; without it they are whoever's.
  const kept = await asked(() => deps.meter.series(utcMonth(dayStart(day))));
  const series = ids.map((ModelId) => ({ ...OF_TOKENS, region: env.METER_REGIONS[0] ?? '', dimensions: { ModelId } }));
  const { usage: resolution } = await resolveIds(
    deps.profiles,
    env,
    series,
    kept.kind === 'known' ? kept.value : undefined,
  );
  const read = spendersDay({ ...answer, day, logGroup, readAt: now, resolution });
  await deps.spenders.keepDay(read);
  return { kind: 'known', value: read };
}
