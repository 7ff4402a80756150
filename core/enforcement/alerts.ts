import type { UtcMonth } from '../calendar';
import { formatUsd } from '../money';
import { resumeCommand, type Wording } from '../notice';
import type { Principal, BatchJob } from './ports';
import type { DesiredState } from '../stop-lines';
import type { OpenPrincipal } from './apply';
import type { BillActionPlan } from './bill-action';
import type { Leak } from './leak';
import { principalText, type Drift } from './plan';
import type { BillLeftover } from './bill-leftover';

/** What a person is told of what was found or done outside the decision itself. */
export type EnforcementAlert =
  | { readonly kind: 'drift'; readonly drift: readonly Drift[]; readonly enforced: DesiredState }
  | { readonly kind: 'partial'; readonly open: readonly OpenPrincipal[]; readonly enforced: DesiredState }
  | { readonly kind: 'complete'; readonly enforced: DesiredState }
  | { readonly kind: 'leak'; readonly leaks: readonly Leak[] }
  | { readonly kind: 'leakEnded'; readonly enforced: DesiredState }
  | { readonly kind: 'batch'; readonly stopped: readonly BatchJob[]; readonly failed: readonly string[] }
  | ({ readonly kind: 'billLeftover'; readonly policyArn: string } & BillLeftover)
  | { readonly kind: 'billLeftoverEnded' }
  | { readonly kind: 'billAction'; readonly did: 'reverse' | 'reset'; readonly why: string }
  | { readonly kind: 'billActionFailed'; readonly did: 'reverse' | 'reset'; readonly why: string }
  /** What had failed is done, or need not be any more. */
  | { readonly kind: 'billActionSettled'; readonly did: 'reverse' | 'reset'; readonly isDone: boolean }
  | ({ readonly kind: 'contradiction'; readonly environment: string } & NonNullable<BillActionPlan['contradicted']>)
  | { readonly kind: 'contradictionEnded' };

export type Keyed<A> = A & { readonly key: string };

/** Names that are still open, as one text: the same names are paged once. */
export function openNames(open: readonly OpenPrincipal[]): readonly string[] {
  return [...new Set(open.map(({ principal }) => principalText(principal)))].sort();
}

export function leakAlert(leaks: readonly Leak[], month: UtcMonth, at: number): readonly Keyed<EnforcementAlert>[] {
  return leaks.length === 0 ? [] : [{ kind: 'leak', key: `${month}|leak|${at}`, leaks }];
}

export function enforcementWording(alert: EnforcementAlert): Wording {
  switch (alert.kind) {
    case 'drift':
      return {
        title: 'somebody changed the switch; repaired',
        lines: [...alert.drift.map(driftLine), `The state is ${alert.enforced}.`],
        todo: ['To change it, give an override: npx spend-guard resume, or raise the limit.'],
        runbook: 'spend-meter-drift',
      };
    case 'partial':
      return {
        title: `no switch, no stop: ${openNames(alert.open).join(', ')}`,
        lines: [
          alert.enforced === 'open'
            ? 'Nothing must be stopped now. If it must be, these go on:'
            : `The state is ${alert.enforced}, but not for everybody:`,
          ...alert.open.map(
            ({ principal, why }) => `${principalText(principal)}: the switch could not be attached (${why}).`,
          ),
          'It is tried again every minute.',
        ],
        runbook: 'spend-meter-partial',
      };
    case 'complete':
      return {
        title: 'everybody has the switch',
        lines: [`Nobody is left out any more. The state is ${alert.enforced}.`],
      };
    case 'leak':
      return {
        title: `CRITICAL: spend after the stop: ${alert.leaks.map(({ model }) => model.modelId).join(', ')}`,
        lines: [
          'Every guarded principal is denied, and what was in flight has been counted. Yet there is new spend:',
          ...alert.leaks.map(
            ({ model, amount }) =>
              `${model.modelId} (${model.metricId}) in ${model.region}: ${formatUsd(amount)} since the stop.`,
          ),
          'Somebody calls it who is not guarded, such as a service role of an agent (trap 17) or an API key.',
        ],
        runbook: 'spend-meter-leak',
      };
    case 'leakEnded':
      return {
        title: `the stop that was got past has ended, now ${alert.enforced}`,
        lines: [
          'What is spent from here on is no leak. Who was not guarded then is not guarded now, unless you named them.',
        ],
      };
    case 'batch':
      return {
        title: `batch jobs stopped: ${alert.stopped.length}${alert.failed.length > 0 ? `, failed: ${alert.failed.length}` : ''}`,
        lines: [
          ...alert.stopped.map(({ name, modelId }) => `${name} (${modelId}): stopped. What it has done is paid for.`),
          ...alert.failed.map((what) => `${what}: could not be stopped. It is tried again every minute.`),
        ],
        todo: ['A stopped batch job does not go on by itself: submit it again after the resume.'],
      };
    case 'billLeftover':
      return {
        title: `deny-bill is left on ${alert.holders.map(principalText).join(', ')}`,
        lines: [
          'AWS Budgets has attached it, and none of its actions is executed any more: nobody would detach it.',
          alert.lift
            ? 'The meter sees that spend is under the line: it is detached now. Should it stay, do it by hand:'
            : 'It stays, as the meter does not see that spend is under the line. To detach it by hand:',
        ],
        todo: alert.holders.map((holder) => detachCommand(holder, alert.policyArn)),
      };
    case 'billLeftoverEnded':
      return { title: 'nobody has a deny-bill any more that was left behind', lines: [] };
    case 'billAction':
      return {
        title: `the budgets action is ${alert.did === 'reverse' ? 'reversed' : 'armed again'}`,
        lines: [
          `Because ${alert.why}.`,
          ...(alert.did === 'reverse'
            ? ['AWS Budgets detaches deny-bill; until it is armed again it does not act.']
            : []),
        ],
      };
    case 'billActionFailed':
      return {
        title: `the budgets action could not be ${alert.did === 'reverse' ? 'reversed' : 'armed again'}`,
        lines: [`AWS Budgets answers ${alert.why}. It is tried again; or do it in the Budgets console.`],
      };
    case 'billActionSettled':
      return {
        title: alert.isDone
          ? `the budgets action is ${alert.did === 'reverse' ? 'reversed' : 'armed again'} at last`
          : `the budgets action need not be ${alert.did === 'reverse' ? 'reversed' : 'armed again'} any more`,
        lines: [],
      };
    case 'contradiction':
      return {
        title: `the bill says stop, the meter has seen ${formatUsd(alert.meter)}`,
        lines: [
          `AWS Budgets' action is ${alert.status}: by the bill, ${formatUsd(alert.line)} is reached.`,
          `The meter, which sees in full, has counted ${formatUsd(alert.meter)} this month. One of them is wrong: a bill can be.`,
        ],
        todo: [
          'Nothing is changed by itself. Look at Cost Explorer by service, then resume if the bill is wrong:',
          `  ${resumeCommand(alert.environment)}`,
          ...(alert.status === 'PENDING'
            ? ['The action waits for a person: do not approve it before you have looked.']
            : []),
        ],
      };
    case 'contradictionEnded':
      return { title: 'bill and meter no longer contradict each other', lines: [] };
  }
}

function driftLine(drift: Drift): string {
  switch (drift.kind) {
    case 'flipped': {
      const found = drift.found === undefined ? "a version that is not the guard's" : `the version for ${drift.found}`;
      return `${found} had been put in effect in place of the one for ${drift.expected}.`;
    }
    case 'edited':
      return `${drift.ids.join(', ')} of the switch ${drift.ids.length === 1 ? 'is' : 'are'} not the guard's text: taken away.`;
    case 'deleted':
      return `The version for ${drift.state} had been deleted: it is written again.`;
    case 'detached':
      return `The switch had been detached from ${principalText(drift.principal)}: it is attached again.`;
  }
}

function detachCommand({ kind, name }: Principal, policyArn: string): string {
  return `  aws iam detach-${kind}-policy --${kind}-name ${name} --policy-arn ${policyArn}`;
}

/** Once a month for each kind of action. */
export function contradictionKey(month: UtcMonth, status: string): string {
  return `${month}|contradiction|${status === 'PENDING' ? 'pending' : 'applied'}`;
}
