import { type NoticeStand, resumeCommand, statusCommand, WHO } from '../notice';
import type { EnforcementAlert, Keyed } from './alerts';

/** How the fact stands that an alert is of; what has no end of its own is a fact of its own. */
export function enforcementStand(alert: Keyed<EnforcementAlert>): NoticeStand {
  switch (alert.kind) {
    case 'drift':
      return { fact: alert.key, status: 'once', urgency: 'warning', who: WHO.orders };
    case 'partial':
      return {
        fact: PARTIAL,
        status: 'firing',
        urgency: alert.enforced === 'open' ? 'warning' : 'critical',
        todo: ['Detach a policy that they no longer need, or take them out of principals in the config and deploy.'],
        who: WHO.iam,
      };
    case 'complete':
      return over(PARTIAL);
    case 'leak':
      return {
        fact: LEAK,
        status: 'firing',
        urgency: 'critical',
        todo: [
          'Look in CloudTrail who has called InvokeModel since the stop: userIdentity.',
          'Give that identity the switch by hand, and name it in principals of the config.',
        ],
        who: WHO.iam,
      };
    case 'leakEnded':
      return over(LEAK);
    case 'batch':
      return {
        fact: alert.key,
        status: 'once',
        urgency: alert.failed.length > 0 ? 'warning' : 'info',
        who: WHO.orders,
      };
    case 'billLeftover':
      return {
        fact: LEFTOVER,
        status: 'firing',
        urgency: alert.lift ? 'warning' : 'critical',
        who: WHO.iam,
      };
    case 'billLeftoverEnded':
      return over(LEFTOVER);
    case 'billAction':
      return { fact: alert.key, status: 'once', urgency: 'info' };
    case 'billActionFailed':
      return {
        fact: BILL_ACTION,
        status: 'firing',
        // Calls are denied that somebody has allowed; or it does not act when it must.
        urgency: alert.did === 'reverse' ? 'critical' : 'warning',
        todo: [
          alert.did === 'reverse'
            ? 'Reverse the action in the AWS Budgets console, if it stays so.'
            : 'Reset the action in the AWS Budgets console, if it stays so.',
        ],
        who: WHO.budgets,
      };
    case 'billActionSettled':
      return over(BILL_ACTION);
    case 'contradiction':
      return {
        fact: CONTRADICTION,
        status: 'firing',
        urgency: 'critical',
        todo: [
          'Look at Cost Explorer by service.',
          ...(alert.status === 'PENDING' ? ['Do not approve the action before you have looked.'] : []),
          'Where the bill is wrong, resume:',
          statusCommand(alert.environment),
          resumeCommand(alert.environment),
        ],
        who: alert.status === 'PENDING' ? `Approve: ${WHO.budgets} Resume: ${WHO.orders}` : WHO.orders,
      };
    case 'contradictionEnded':
      return over(CONTRADICTION);
    default:
      return assertNever(alert);
  }
}

const PARTIAL = 'partial';
const LEAK = 'leak';
const LEFTOVER = 'billLeftover';
const BILL_ACTION = 'billAction';
const CONTRADICTION = 'contradiction';

function over(fact: string): NoticeStand {
  return { fact, status: 'resolved', urgency: 'info' };
}

function assertNever(alert: never): never {
  throw new TypeError(`unknown alert: ${JSON.stringify(alert)}`);
}
