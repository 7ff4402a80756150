import type { UtcDay } from '../calendar';
import { add, ZERO, type NanoUsd } from '../money';
import type { Reading } from '../reading';
import { callerOf, personNames } from './caller';
import { unpricedCalls } from './day';
import type { Spender, SpendersOfMonth, TopSpenders, UnknownCalls } from './types';

const TOP = 5;

/**
 * As the end of `calls …`. The limit of fields: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html,
 * read 2026-11-29.
 */
export const WHY_IN_NO_FIGURE: Readonly<Record<UnknownCalls, string>> = {
  noTokenCounts:
    'without token counts that Logs Insights finds, as where delivery of text is off, or a record has more than 200 fields',
  noOwner: 'through an inference profile that nobody knows any more',
  beyondRows: 'beyond the rows that Logs Insights answers',
};

/**
 * The top of what the month's source knows, and what it does not. The invocation log names people, so it comes first; where it cannot be
 * read, the tag, which names what its values name. Undefined where the config asks for nobody's name.
 */
export function topSpenders({ callers, tagged }: SpendersOfMonth): Reading<TopSpenders> | undefined {
  const byLog = callers && ofLog(callers);
  const byTag = tagged && ofTag(tagged);
  if (byLog === undefined || byTag === undefined || byLog.kind === 'known') return byLog ?? byTag;
  if (byTag.kind === 'known') {
    const { value } = byTag;
    return { kind: 'known', value: { ...value, unknown: [`by the invocation log: ${byLog.why}`, ...value.unknown] } };
  }
  return { kind: 'unavailable', why: `${byLog.why}; and by the tag: ${byTag.why}` };
}

interface Named {
  readonly name: string;
  readonly isPerson: boolean;
  readonly amount: NanoUsd;
}

function ofLog(callers: NonNullable<SpendersOfMonth['callers']>): Reading<TopSpenders> {
  if (callers.kind === 'unavailable') return callers;
  const { usage, days, missing, rest, unknown, otherRegions } = callers.value;
  const [from, to] = [days[0], days.at(-1)];
  if (from === undefined || to === undefined) {
    return { kind: 'unavailable', why: missing.at(-1)?.why ?? 'no day of this month is over yet' };
  }
  const named: Named[] = [];
  let nameless = ZERO;
  const persons = personNames(usage.map(({ arn }) => arn));
  for (const { arn, amount } of usage) {
    // Unknown, which is no $0 beside a name.
    if (amount === undefined) continue;
    const { kind, name } = callerOf(arn);
    const person = persons.get(arn);
    if (kind === 'unknown' && arn.trim() === '') nameless = add(nameless, amount);
    else named.push({ name: person ?? name, isPerson: person !== undefined, amount });
  }
  nameless = add(nameless, ...rest.map(({ amount = ZERO }) => amount));
  const unpriced = [...usage.map(unpricedCalls), ...rest.map((one) => one.unpricedCalls)].reduce(
    (sum, count) => sum + count,
    0,
  );
  const said = [
    ...missingDays(missing),
    ...(Object.keys(WHY_IN_NO_FIGURE) as UnknownCalls[]).map((why) =>
      sentence(calls(unknown.filter((one) => one.why === why)), WHY_IN_NO_FIGURE[why]),
    ),
    sentence(unpriced, 'of models without a price by tokens'),
    otherRegions.length === 0 ? '' : `calls in ${otherRegions.join(', ')}: the log group is of another Region`,
  ];
  return {
    kind: 'known',
    value: ranked(
      'invocationLogs',
      { from, to },
      named,
      nameless,
      said.filter((one) => one !== ''),
    ),
  };
}

function ofTag(tagged: NonNullable<SpendersOfMonth['tagged']>): Reading<TopSpenders> {
  if (tagged.kind === 'unavailable') return tagged;
  const { spend } = tagged.value;
  const days = spend.map(({ day }) => day).sort();
  const [from, to] = [days[0], days.at(-1)];
  if (from === undefined || to === undefined)
    return { kind: 'unavailable', why: 'no line on the bill of this month yet' };
  const named = spend.flatMap(({ value, amount }) => (value === '' ? [] : [{ name: value, isPerson: false, amount }]));
  const nameless = add(...spend.flatMap(({ value, amount }) => (value === '' ? [amount] : [])));
  return { kind: 'known', value: ranked('principalTag', { from, to }, named, nameless, []) };
}

function ranked(
  source: TopSpenders['source'],
  period: Pick<TopSpenders, 'from' | 'to'>,
  named: readonly Named[],
  nameless: NanoUsd,
  unknown: readonly string[],
): TopSpenders {
  const byName = new Map<string, Named>();
  for (const one of named) {
    // A person may have the name of a role's session, and is not it.
    const key = `${one.isPerson ? 'person' : 'other'} ${one.name}`;
    byName.set(key, { ...one, amount: add(one.amount, byName.get(key)?.amount ?? ZERO) });
  }
  const all = [...byName.values()].sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1));
  const total = add(nameless, ...all.map(({ amount }) => amount));
  const top = all.slice(0, TOP).map((one): Spender => ({ ...one, sharePercent: share(one.amount, total) }));
  const others = all.slice(TOP);
  return {
    source,
    ...period,
    total,
    top,
    others: { count: others.length, amount: add(...others.map(({ amount }) => amount)) },
    nameless,
    unknown,
  };
}

/** One decimal, rounded down, so that shares never come to more than all. */
export function share(amount: NanoUsd, total: NanoUsd): number {
  if (total <= 0 || amount <= 0) return 0;
  return Number((BigInt(amount) * 1000n) / BigInt(total)) / 10;
}

function calls(of: readonly { readonly calls: number }[]): number {
  return of.reduce((sum, one) => sum + one.calls, 0);
}

function sentence(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? 'call' : 'calls'} in no figure: ${what}`;
}

/** Days that are missing for one reason stand together. */
function missingDays(missing: readonly { readonly day: UtcDay; readonly why: string }[]): readonly string[] {
  const byWhy = new Map<string, UtcDay[]>();
  for (const { day, why } of missing) byWhy.set(why, [...(byWhy.get(why) ?? []), day]);
  return [...byWhy].map(([why, [first = '', ...more]]) =>
    more.length === 0 ? `${first}: ${why}` : `${first} and ${more.length} more to ${more.at(-1)}: ${why}`,
  );
}
