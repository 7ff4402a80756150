import type { TagStatus } from '../bill';
import { cannotTell, type Answer, type Finding } from './finding';

/** Until the tag is activated, a budget that filters on it reads $0, which looks like "within budget" (trap 25). */
export function assessCostTag(tagKey: string, answer: Answer<TagStatus>): Finding {
  const base = { check: 'cost-allocation-tag', subject: tagKey } as const;
  if (answer.kind === 'unavailable') return cannotTell(base.check, base.subject, answer.problem, answer.latencyMs);
  const known = { ...base, latencyMs: answer.latencyMs };
  const status = answer.value;
  if (status.kind === 'unavailable') return { ...known, status: 'unknown', detail: `not checked: ${status.why}` };
  switch (status.state) {
    case 'active':
      return { ...known, status: 'ok', detail: 'active: the budget sees what carries it' };
    case 'inactive':
      return {
        ...known,
        status: 'warning',
        detail: 'not active: the budget that filters on it reads $0, so its alerts and its action are blind',
        fix: `in the management account: aws ce update-cost-allocation-tags-status --cost-allocation-tags-status TagKey=${tagKey},Status=Active; it takes up to 24 hours`,
        tell: 'inactive',
      };
    case 'unseen':
      return {
        ...known,
        status: 'warning',
        detail: 'billing has not seen it yet: the budget that filters on it reads $0',
        fix: 'it shows up to 24 hours after the first call through a profile; then activate it in the management account',
        tell: 'unseen',
      };
  }
}
