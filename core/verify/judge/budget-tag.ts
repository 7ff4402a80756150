import type { CalculatedSpend, TagStatus } from '../../bill';
import { decimalToNano, formatUsd, type NanoUsd } from '../../money';
import type { Judged, RowFinding, Verdict } from '../rows';
import { BUDGET_READ_AFTER_MS, BUDGET_SURE_AFTER_MS } from '../work';
import { seconds } from '../percentile';

/** Below that Budgets and Cost Explorer may round to nothing. */
const ENOUGH = 10_000_000;

export interface BudgetTagReadings {
  readonly tag: TagStatus;
  /** How long the budgets have been there. */
  readonly ageMs: number;
  /** What each budget has counted, by how its filter writes the key. */
  readonly plain: CalculatedSpend;
  readonly prefixed: CalculatedSpend;
  /** The tag's spend since the month's start; absent: it was not asked for yet. */
  readonly billed?:
    { readonly kind: 'known'; readonly spent: NanoUsd } | { readonly kind: 'unavailable'; readonly why: string };
}

/** Nothing would count under a tag that is not active: no budgets are made. */
export function judgeInactiveTag(key: string, state: 'inactive' | 'unseen'): Judged {
  const why =
    state === 'unseen'
      ? 'Cost Explorer does not know the tag: use the models through their profiles, and wait a day'
      : 'the tag is inactive: activate it in the management account';
  const text = `${why}; then run the step again (${key})`;
  return { findings: [{ row: 'tag-key', verdict: 'unsettled', text }], readings: { tag: state }, numbers: {} };
}

/** Whether the budgets are read to the end; else they stay for a later run. */
export function isBudgetTagSettled(readings: BudgetTagReadings): boolean {
  return findingOf(readings).verdict !== 'unsettled';
}

export function judgeBudgetTag(readings: BudgetTagReadings): Judged {
  return {
    findings: [findingOf(readings)],
    readings: { ...readings, ...textsOf(readings) },
    numbers: { ageMs: readings.ageMs },
  };
}

/** Amounts hold big integers, which JSON does not. */
function textsOf({ plain, prefixed }: BudgetTagReadings) {
  return { plain: words(plain), prefixed: words(prefixed) };
}

function findingOf({ tag, ageMs, plain, prefixed, billed }: BudgetTagReadings): RowFinding {
  const finding = (verdict: Verdict, text: string): RowFinding => ({ row: 'tag-key', verdict, text });
  const state = tag.kind === 'known' ? `the tag is ${tag.state}` : `whether the tag is active is unknown (${tag.why})`;
  const told = `${state}; the plain key: ${words(plain)}, with \`user:\`: ${words(prefixed)}`;
  const counts = (spend: CalculatedSpend) => spend.kind === 'known' && decimalToNano(spend.actual) > 0;
  if (counts(plain)) return finding('shown', `${told}: the plain key counts`);
  if (tag.kind === 'known' && tag.state !== 'active') {
    return finding(
      'unsettled',
      `${told}; activate it in the management account, use the models for a day, and run the step again`,
    );
  }
  if (counts(prefixed) && ageMs >= BUDGET_READ_AFTER_MS) {
    return finding('otherwise', `${told}: only the key with \`user:\` counts`);
  }
  if (ageMs < BUDGET_READ_AFTER_MS)
    return finding('unsettled', `${told}; too early: the budgets are ${seconds(ageMs)} old, read them after a day`);
  if (billed === undefined || billed.kind === 'unavailable') {
    return finding('unsettled', `${told}; Cost Explorer: ${billed?.why ?? 'not asked'}`);
  }
  if (billed.spent < ENOUGH) {
    return finding(
      'unsettled',
      `${told}; Cost Explorer has ${formatUsd(billed.spent)} under the tag: use the models, and run the step again`,
    );
  }
  if (ageMs < BUDGET_SURE_AFTER_MS)
    return finding('unsettled', `${told}; Cost Explorer has ${formatUsd(billed.spent)}: read them after two days`);
  return finding('otherwise', `${told}: neither counts, beside ${formatUsd(billed.spent)} in Cost Explorer`);
}

function words(spend: CalculatedSpend): string {
  switch (spend.kind) {
    case 'known':
      return formatUsd(decimalToNano(spend.actual));
    case 'missing':
      return 'its budget is gone';
    case 'unavailable':
      return spend.why;
  }
}
