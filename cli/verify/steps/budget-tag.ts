import { addDays, dayStart, utcDay, utcMonth, type UtcDay } from '../../../core/calendar';
import type { CostAnswer } from '../../../core/bill';
import { addDecimals, decimalToNano } from '../../../core/money';
import { BILLING_TAG } from '../../../core/tags';
import {
  BUDGET_READ_AFTER_MS,
  type Begun,
  type BudgetTagReadings,
  isBudgetTagSettled,
  type Judged,
  judgeBudgetTag,
  judgeInactiveTag,
  lastFour,
  resourceName,
} from '../../../core/verify';
import type { Verification } from '../context';

const STEP = 'budget-tag';
/** How a filter may write the key (trap 49): as CloudFormation takes it here, and as CostFilters write a user's tag. */
const KEYS = { plain: BILLING_TAG, prefixed: `user:${BILLING_TAG}` } as const;

/** Begins, and reads what an earlier run has begun. */
export async function budgetTag(v: Verification): Promise<Judged & { readonly begun?: true }> {
  const { environment, journal, services } = v;
  const account = lastFour(v.model.account);
  const tag = await services.costTags.tagStatus(BILLING_TAG);
  const before = journal.begun(STEP, environment.name, account);
  if (!before && tag.kind === 'known' && tag.state !== 'active') return judgeInactiveTag(BILLING_TAG, tag.state);
  const begun = before ?? (await begin(v, account));
  const spend = services.spend(v.model.account);
  const [plain, prefixed] = await Promise.all(
    (['plain', 'prefixed'] as const).map((more) => spend.calculated(resourceName(begun.runId, STEP, more))),
  );
  if (!plain || !prefixed) throw new RangeError('two budgets were asked for');
  const read: BudgetTagReadings = { tag, ageMs: v.now() - begun.at, plain, prefixed };
  const readings =
    isBudgetTagSettled(read) || read.ageMs < BUDGET_READ_AFTER_MS ? read : { ...read, billed: await billed(v) };
  const judged = judgeBudgetTag(readings);
  // What was deleted by somebody else can be begun anew.
  const isGone = before !== undefined && plain.kind === 'missing' && prefixed.kind === 'missing';
  if (!isBudgetTagSettled(readings) && !isGone) return { ...judged, begun: true };
  journal.ended(begun);
  for (const one of journal.content.resources) {
    if (one.step === STEP && one.runId === begun.runId) await v.made.remove(one);
  }
  return judged;
}

async function begin(v: Verification, account: string): Promise<Begun> {
  const { environment, journal, runId } = v;
  for (const more of ['plain', 'prefixed'] as const) {
    await v.made.budget(STEP, more, { key: KEYS[more], value: environment.name });
  }
  const begun: Begun = { step: STEP, runId, environment: environment.name, account, at: v.now() };
  journal.begin(begun);
  return begun;
}

/** The tag's spend of the running month, as Cost Explorer has it. */
async function billed(v: Verification): Promise<NonNullable<BudgetTagReadings['billed']>> {
  const today = utcDay(v.now());
  const answer: CostAnswer = await v.services.verify.costs.costs({
    from: utcDay(dayStart(`${utcMonth(v.now())}-01` as UtcDay)),
    // Exclusive, and after the first day also on the month's first.
    to: addDays(today, 1),
    granularity: 'MONTHLY',
    groupBy: [{ kind: 'SERVICE' }],
    tag: { key: BILLING_TAG, value: v.environment.name },
  });
  v.use({ costRequests: answer.requests });
  if (answer.kind === 'unavailable') return { kind: 'unavailable', why: answer.why };
  return { kind: 'known', spent: decimalToNano(addDecimals(answer.rows.map(({ amount }) => amount))) };
}
