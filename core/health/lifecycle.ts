import { DAY_MS, dayStart, utcDay, type UtcDay } from '../calendar';
import type { ModelLifecycle } from './ports';
import { cannotTell, problemWords, type Answer, type Finding } from './finding';
import type { CheckedModel } from './checked-model';

/** Days before the end of life. AWS may give as little as 45 days of notice for models launched since September 2026. */
export const LIFECYCLE_NOTICE_DAYS = { plan: 90, act: 30, last: 7 } as const;

interface EndDate {
  readonly atMs: number;
  readonly by: string;
}

/** Where Bedrock and the catalogue give different dates, the earlier counts, and both are named. */
export function assessLifecycle(model: CheckedModel, answer: Answer<ModelLifecycle>, now: number): Finding {
  const base = { check: 'lifecycle', subject: model.id, latencyMs: answer.latencyMs } as const;
  const dates = endDates(model, answer);
  const [first] = dates;
  if (first === undefined) {
    if (answer.kind === 'unavailable') return cannotTell('lifecycle', model.id, answer.problem, answer.latencyMs);
    return answer.value.status === 'active'
      ? { ...base, status: 'ok', detail: 'active, no end of life announced' }
      : {
          ...base,
          status: 'warning',
          detail: 'Legacy, with no end of life announced yet',
          ...fixOf(model),
          tell: 'legacy',
        };
  }
  const daysLeft = (first.atMs - now) / DAY_MS;
  const unread = answer.kind === 'unavailable' ? `; Bedrock was not asked: ${problemWords(answer.problem)}` : '';
  const detail = `${endWords(daysLeft)}: ${dates.map(({ atMs, by }) => `${utcDay(atMs)} by ${by}`).join(', ')}${
    dates.length > 1 ? ' (the earlier counts)' : ''
  }${unread}`;
  if (daysLeft > LIFECYCLE_NOTICE_DAYS.plan) {
    // Bedrock may know an earlier date than the catalogue.
    return { ...base, status: answer.kind === 'known' ? 'ok' : 'unknown', detail };
  }
  const { last, act, plan } = LIFECYCLE_NOTICE_DAYS;
  const step = daysLeft <= 0 ? 'ended' : `${daysLeft <= last ? last : daysLeft <= act ? act : plan} days`;
  const status = daysLeft <= last && !model.optional ? 'failed' : 'warning';
  return { ...base, status, detail, ...fixOf(model), tell: step };
}

/** Earliest first; two that name the same day are one. */
function endDates({ endOfLife }: CheckedModel, answer: Answer<ModelLifecycle>): readonly EndDate[] {
  const said = answer.kind === 'known' ? answer.value.endOfLifeMs : undefined;
  const byBedrock = said === undefined ? [] : [{ atMs: said, by: 'Bedrock' }];
  const byCatalogue =
    endOfLife === undefined || (said !== undefined && utcDay(said) === endOfLife)
      ? []
      : [{ atMs: dayStart(endOfLife as UtcDay), by: 'the catalogue' }];
  return [...byBedrock, ...byCatalogue].sort((a, b) => a.atMs - b.atMs);
}

function endWords(daysLeft: number): string {
  return daysLeft <= 0 ? 'end of life has passed' : `end of life in ${Math.ceil(daysLeft)} days`;
}

function fixOf({ replacement }: CheckedModel): { readonly fix: string } {
  return { fix: replacement ? `move to ${replacement}` : 'move to an active model' };
}
