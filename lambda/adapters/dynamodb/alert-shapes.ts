import * as z from 'zod/mini';
import type { Alert } from '../../../core/decision';
import {
  cacheBurn,
  count,
  day,
  desired,
  finding,
  modelSpend,
  nano,
  override,
  principal,
  text,
  time,
  toldTrouble,
  trigger,
} from './meter-shapes';

const change = z.object({ from: desired, to: desired, reason: text });
const crossed = z.object({
  atPercent: z.number().check(z.positive()),
  effect: z.enum(['notify', 'degrade', 'stop']),
  basis: z.enum(['actual', 'forecast']),
  amount: nano,
});
const did = z.enum(['reverse', 'reset']);
const actionStatus = z.enum([
  ...(['STANDBY', 'PENDING', 'EXECUTION_IN_PROGRESS', 'EXECUTION_SUCCESS', 'EXECUTION_FAILURE'] as const),
  ...(['REVERSE_IN_PROGRESS', 'REVERSE_SUCCESS', 'REVERSE_FAILURE', 'RESET_IN_PROGRESS', 'RESET_FAILURE'] as const),
]);
const drift = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('flipped'), found: z.optional(desired), expected: desired }),
  z.object({ kind: z.literal('edited'), ids: z.array(text) }),
  z.object({ kind: z.literal('deleted'), state: desired }),
  z.object({ kind: z.literal('detached'), principal }),
]);
const batchJob = z.object({ arn: text, name: text, modelId: text, roleArn: text });

/** Absent in what an earlier release has kept. */
const stamp = {
  at: z.optional(time),
  spend: z.optional(z.object({ amount: nano, limit: nano, lowerBound: z.optional(z.boolean()) })),
};

/** One of `kind`, with what every alert has. */
function alert<Kind extends Alert['kind'], Fields extends z.core.$ZodShape>(kind: Kind, fields: Fields) {
  return z.object({ key: text, ...stamp, kind: z.literal(kind), ...fields });
}

const decided = [
  alert('threshold', {
    highest: crossed,
    others: z.array(crossed),
    monthToDate: nano,
    limit: nano,
    change: z.optional(change),
  }),
  alert('state', { change, monthToDate: z.optional(nano), limit: nano }),
  alert('burn', { burnPerMinute: nano, runsOutAt: time, monthToDate: nano, limit: nano }),
  alert('grace', { until: time, why: z.enum(['firstSeen', 'lowered']), triggers: z.array(trigger) }),
  alert('graceEnded', { desired, reason: text }),
  alert('priced', { models: z.array(z.object({ metricId: text, region: text })), left: count }),
  alert('unattributed', { models: z.array(modelSpend) }),
  alert('cacheBurn', { burns: z.array(cacheBurn) }),
  alert('findings', { day, findings: z.array(finding) }),
  alert('blind', { since: time, why: text, stops: z.boolean() }),
  alert('sighted', { blindSince: time }),
  alert('notTold', { trouble: toldTrouble }),
  alert('toldAgain', {}),
  alert('budgetOrders', { why: text }),
  alert('budgetOrdersRead', {}),
  alert('overrideStarted', { override, endsAt: time }),
  alert('overrideEnded', { since: time, desired }),
] as const;

const found = [
  alert('drift', {
    drift: z.array(drift),
    enforced: desired,
  }),
  alert('partial', {
    open: z.array(z.object({ principal, why: text })),
    enforced: desired,
  }),
  alert('complete', { enforced: desired }),
  alert('leak', { leaks: z.array(z.object({ model: modelSpend, amount: nano })) }),
  alert('leakEnded', { enforced: desired }),
  alert('batch', { stopped: z.array(batchJob), failed: z.array(text) }),
  alert('billLeftover', { policyArn: text, holders: z.array(principal), lift: z.boolean() }),
  alert('billLeftoverEnded', {}),
  alert('billAction', { did, why: text }),
  alert('billActionFailed', { did, why: text }),
  alert('billActionSettled', { did, isDone: z.boolean() }),
  alert('contradiction', { environment: text, status: actionStatus, line: nano, meter: nano }),
  alert('contradictionEnded', {}),
] as const;

/** Alerts that are decided and not yet sent. */
export const alertShape = z.discriminatedUnion('kind', [...decided, ...found]) satisfies z.ZodMiniType<Alert>;
