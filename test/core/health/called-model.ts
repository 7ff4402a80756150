import type { Answer } from '../../../core/health/finding';
import type { GuardState } from '../../../core/health/guard-state';
import type { CallContext, CheckedModel } from '../../../core/health/checked-model';
import { assessModelCall } from '../../../core/health/model-call';
import type { CallUsage, ModelAvailability, ModelLifecycle } from '../../../core/health/ports';
import type { Refusal } from '../../../core/errors';
import { refusalReason } from '../../../core/model-refusal';

export const NOW = Date.parse('2026-11-23T09:00:00Z');
export const MODEL: CheckedModel = {
  ...{ id: 'amazon.nova-lite-v1:0', modelId: 'amazon.nova-lite-v1:0', ownPrice: false },
  tier: 'small',
  optional: false,
  callAs: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc',
  soldThroughMarketplace: false,
  replacement: 'amazon.nova-2-lite-v1:0',
};
export const AVAILABLE: ModelAvailability = {
  agreement: 'AVAILABLE',
  authorized: true,
  entitled: true,
  inRegion: true,
};

export const known = <T>(value: T): Answer<T> => ({ kind: 'known', value, latencyMs: 12 });
/** As the adapter of model calls understands the text. */
export const refused = (refusal: Refusal, errorName: string, text = 'no'): Answer<never> => {
  const reason = refusalReason(text);
  const problem = { refusal, errorName, text, ...(reason ? { reason } : {}) };
  return { kind: 'unavailable', problem, latencyMs: 12 };
};
export const denied = (text: string) => refused('accessDenied', 'AccessDeniedException', text);
type State = 'open' | 'degraded' | 'stopped';
export const unread = { kind: 'unavailable', why: 'AccessDenied' } as const;
const read = (value: State | undefined | typeof unread) =>
  value === unread ? unread : ({ kind: 'known', value: value as State | undefined } as const);
/** @param switched what the switch on the invoker role says; `none`: it has none; `foreign`: nothing of the guard's */
export const guard = (
  switched: State | 'none' | 'foreign' | typeof unread,
  desired: State | undefined | typeof unread,
  more: Partial<GuardState> = {},
): GuardState => ({
  held: { kind: 'known', value: { switch: switched !== 'none', bill: false } },
  inEffect: read(switched === 'none' ? 'open' : switched === 'foreign' ? undefined : switched),
  desired: read(desired),
  ...more,
});
export const byBudgets = { held: { kind: 'known', value: { switch: true, bill: true } } } as const;
const quiet = guard('open', 'open');

export function assess(call: Answer<CallUsage>, more: Partial<CallContext> = {}, model: Partial<CheckedModel> = {}) {
  const lifecycle: Answer<ModelLifecycle> = known({ status: 'active' });
  return assessModelCall({ ...MODEL, ...model }, call, {
    guard: quiet,
    region: 'us-east-1',
    now: NOW,
    lifecycle,
    ...more,
  });
}
