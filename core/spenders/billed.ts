import { isBedrockService, modelLabel, type BillScope, type CostAnswer, type CostQuery, type CostRow } from '../bill';
import { addDays, firstDay, nextMonth, utcDay, type UtcDay, type UtcMonth } from '../calendar';
import { addDecimals, decimalToNano } from '../money';
import type { Reading } from '../reading';
import type { BilledSpend, TaggedSpend } from './types';

/**
 * Cost Explorer's name of a tag of IAM principals. Beside it only the plain key of a resource's tag exists, which is $0 for a principal's
 * (the shared AWS facts of November 2026, "AWS Budgets", and docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/iam-principal-cost-allocation.html,
 * read 2026-11-29).
 */
export function principalTagKey(tag: string): string {
  return `iamPrincipal/${tag}`;
}

/** The month to its end, or to tomorrow, as an empty period is refused. */
function periodOf(month: UtcMonth, now: number): Pick<CostQuery, 'from' | 'to'> {
  const [end, tomorrow] = [firstDay(nextMonth(month)), addDays(utcDay(now), 1)];
  return { from: firstDay(month), to: tomorrow < end ? tomorrow : end };
}

/** Only what belongs to this environment, where the bill is split by a tag. */
function ofScope(scope: BillScope): Pick<CostQuery, 'tag'> {
  if (scope.identity === 'direct') return {};
  return { tag: { key: scope.tagKey, value: scope.environment, orNone: scope.metering === 'account' } };
}

/** Names of services in the account's bill; Cost Explorer compares names exactly, so that they must be known first (trap 1). */
export function servicesQuery(month: UtcMonth, now: number): CostQuery {
  return { ...periodOf(month, now), granularity: 'MONTHLY', groupBy: [{ kind: 'SERVICE' }] };
}

/** Those of Bedrock. */
export function bedrockServicesIn(rows: readonly CostRow[]): readonly string[] {
  return [...new Set(rows.map(({ keys: [service = ''] }) => service))].filter(isBedrockService).sort();
}

export function billedQuery(scope: BillScope, month: UtcMonth, services: readonly string[], now: number): CostQuery {
  return {
    ...periodOf(month, now),
    granularity: 'DAILY',
    groupBy: [{ kind: 'SERVICE' }, { kind: 'USAGE_TYPE' }],
    services,
    ...ofScope(scope),
  };
}

export function taggedQuery(
  scope: BillScope,
  tag: string,
  month: UtcMonth,
  services: readonly string[],
  now: number,
): CostQuery {
  return {
    ...periodOf(month, now),
    granularity: 'DAILY',
    groupBy: [{ kind: 'TAG', key: principalTagKey(tag) }],
    services,
    ...ofScope(scope),
  };
}

export function readBilled(answer: CostAnswer): Reading<readonly BilledSpend[]> {
  const rows = inDollars(answer);
  if (rows.kind === 'unavailable') return rows;
  const value = summed(rows.value, ({ day, keys: [service = '', usageType = ''] }) => ({
    day,
    model: modelLabel(service, usageType),
    service,
  }));
  return { kind: 'known', value };
}

/**
 * Spend by the tag's values. Where there is spend and none of it has a value, the tag is not active, or is spelled otherwise: that is not
 * known, and not nothing (trap 25).
 */
export function readTagged(
  answer: CostAnswer,
  tag: string,
): Reading<{ readonly tag: string; readonly spend: readonly TaggedSpend[] }> {
  const rows = inDollars(answer);
  if (rows.kind === 'unavailable') return rows;
  const spend = summed(rows.value, ({ day, keys: [value = ''] }) => ({ day, value }));
  const spent = spend.filter(({ amount }) => amount !== 0);
  if (spent.length > 0 && spent.every(({ value }) => value === '')) {
    return {
      kind: 'unavailable',
      why: `no line of the bill has the IAM principal tag '${tag}': tag the roles and users that call models, and activate it as an IAM principal cost allocation tag in the management account; it takes up to 48 hours and tells nothing of earlier days`,
    };
  }
  return { kind: 'known', value: { tag, spend } };
}

function inDollars(answer: CostAnswer): Reading<readonly CostRow[]> {
  if (answer.kind === 'unavailable') return { kind: 'unavailable', why: answer.why };
  const other = answer.rows.find(({ currency }) => currency !== 'USD')?.currency;
  if (other === undefined) return { kind: 'known', value: answer.rows };
  return { kind: 'unavailable', why: `the bill is in ${other}, not in USD: nothing is converted` };
}

/** Sums what has the same key, exactly, and rounds up once. */
function summed<Key extends { readonly day: UtcDay }>(rows: readonly CostRow[], keyOf: (row: CostRow) => Key) {
  const groups = new Map<string, { readonly key: Key; readonly rows: CostRow[] }>();
  for (const row of rows) {
    const key = keyOf(row);
    const id = JSON.stringify(Object.values(key));
    const group = groups.get(id);
    if (group) group.rows.push(row);
    else groups.set(id, { key, rows: [row] });
  }
  return [...groups.values()].map(({ key, rows: of }) => ({
    ...key,
    amount: decimalToNano(addDecimals(of.map(({ amount }) => amount))),
  }));
}
