import type { Amount, DayReading, DayReadings } from '../bill';
import { addDays, DAY_MS, daysBetween, utcDay, type UtcDay } from '../calendar';
import { nanoUsd, ZERO, type NanoUsd } from '../money';
import { SETTLED_MS, type ComparedDay } from './calibration';

/** What can be compared by name alone, and everything else, so that the total always is. */
export const OTHERS = '(others)';

/** Long enough for two days of drift around a weekend, short enough for one page of Cost Explorer. */
const DAYS_COMPARED = 7;

/** The last whole UTC days whose end is at least 48 hours ago, oldest first; early in a month they are of the month before. */
export function daysToCompare(now: number): readonly UtcDay[] {
  const last = utcDay(now - SETTLED_MS - DAY_MS);
  return daysBetween(addDays(last, 1 - DAYS_COMPARED), addDays(last, 1));
}

export interface NamedModel {
  readonly modelId: string;
  /** In the catalogue, such as `Nova Lite`. */
  readonly name: string;
}

export interface DayComparison {
  /** Days that both sides know, a row a model that is named on the bill, and one for {@link OTHERS}. */
  readonly days: readonly ComparedDay[];
  readonly notCompared: readonly { readonly day: UtcDay; readonly why: string }[];
}

/**
 * Holds the meter's days against the bill's. No document of AWS maps a bill's labels to model ids: a model is compared by
 * itself where its catalogue name is the label of a usage type but for case, spaces, dots and hyphens (`Nova Lite` and
 * `NovaLite`), on any of the days. Everything else of both sides is one group.
 *
 * How sure that is (H documented, M seen, L assumed): `<Model> (Amazon Bedrock Edition)` has the catalogue's name, M;
 * `USE1-NovaLite-input-tokens`, M; that a label stands for one model and that all of a model's usage types have the same
 * label, L. A model with a second label seems to drift and is made up for in the group of others, never in the total.
 */
export function compareDays(
  days: readonly UtcDay[],
  models: readonly NamedModel[],
  meter: DayReadings,
  bill: DayReadings,
): DayComparison {
  const labels = [...bill.values()].flatMap((day) => (day.kind === 'known' ? day.amounts : [])).map(({ name }) => name);
  const named = matches(models, labels);
  const compared: ComparedDay[] = [];
  const notCompared: { day: UtcDay; why: string }[] = [];
  for (const day of days) {
    const [ofMeter, ofBill] = [meter.get(day) ?? NOT_READ, bill.get(day) ?? NOT_READ];
    if (ofMeter.kind === 'unavailable') notCompared.push({ day, why: `the meter: ${ofMeter.why}` });
    else if (ofBill.kind === 'unavailable') notCompared.push({ day, why: `the bill: ${ofBill.why}` });
    else compared.push(...rowsOf(day, named, ofMeter.amounts, ofBill.amounts));
  }
  return { days: compared, notCompared };
}

const NOT_READ: DayReading = { kind: 'unavailable', why: 'not read' };

/** Model ids by the normalised name that one configured model, and no other, shares with the bill. */
function matches(models: readonly NamedModel[], labels: readonly string[]): ReadonlyMap<string, string> {
  const onBill = new Set(labels.map(normalised));
  const only = models.filter(
    ({ name }) => models.filter((other) => normalised(other.name) === normalised(name)).length === 1,
  );
  return new Map(
    only.flatMap(({ modelId, name }) => (onBill.has(normalised(name)) ? [[normalised(name), modelId] as const] : [])),
  );
}

function rowsOf(
  day: UtcDay,
  named: ReadonlyMap<string, string>,
  meter: readonly Amount[],
  bill: readonly Amount[],
): readonly ComparedDay[] {
  const ids = [...named.values()];
  const byMeter = sums(meter, (name) => (ids.includes(name) ? name : OTHERS));
  const byBill = sums(bill, (label) => named.get(normalised(label)) ?? OTHERS);
  return [...ids, OTHERS]
    .filter((modelId) => byMeter.has(modelId) || byBill.has(modelId))
    .map((modelId) => ({ day, modelId, meter: byMeter.get(modelId) ?? ZERO, bill: byBill.get(modelId) ?? ZERO }));
}

function sums(amounts: readonly Amount[], groupOf: (name: string) => string): ReadonlyMap<string, NanoUsd> {
  const groups = new Map<string, NanoUsd>();
  for (const { name, amount } of amounts) {
    const sum = (groups.get(groupOf(name)) ?? ZERO) + amount;
    groups.set(groupOf(name), nanoUsd(Math.min(sum, Number.MAX_SAFE_INTEGER)));
  }
  return groups;
}

function normalised(name: string): string {
  return name.toLowerCase().replaceAll(/[\s.-]/g, '');
}
