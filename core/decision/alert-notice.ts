import type { Alert, StateChange } from './alert';
import { alertWording, DRY_RUN } from './alert-mail';
import { enforcementStand } from '../enforcement';
import {
  type Notice,
  noticeOf,
  type NoticeSpend,
  type NoticeStand,
  resumeCommand,
  statusCommand,
  WHO,
} from '../notice';
import type { DesiredState } from '../stop-lines';

/** From so many percent of the limit on a threshold is a reason to look today. */
const WARNS_FROM_PERCENT = 75;
const STOPPED_RUNBOOK = 'When the environment is stopped, and people ask';

/** The same as the mail, for chats and pagers: one message for each fact. Of the same alert it is the same, whenever it is made. */
export function alertNotice(
  alert: Alert,
  { environment, enforce, now }: { readonly environment: string; readonly enforce: boolean; readonly now: number },
): Notice {
  const said = alertWording(alert);
  const stand = standOf(alert, environment);
  const spend = alert.spend ?? spendOf(alert);
  const at = alert.at ?? now;
  const key = alert.at === undefined ? alert.key : `${alert.key}|${alert.at}`;
  const origin = { environment, source: 'meter', key, at } as const;
  const title = said.title.replace(/^CRITICAL: /, '');
  const whole = { ...stand, ...(spend && { spend }) };
  if (enforce) return noticeOf(origin, { ...said, title }, whole);
  const dry = { ...said, title: `${DRY_RUN.title}${title}`, lines: [...said.lines, DRY_RUN.line] };
  // Nobody is denied, and nobody was to be: there is time to look.
  const urgency = stand.urgency === 'critical' ? 'warning' : stand.urgency;
  return noticeOf(origin, dry, { ...whole, urgency });
}

function spendOf(alert: Alert): NoticeSpend | undefined {
  if (!('monthToDate' in alert) || alert.monthToDate === undefined) return undefined;
  return { amount: alert.monthToDate, limit: alert.limit };
}

function standOf(alert: Alert, environment: string): NoticeStand {
  switch (alert.kind) {
    case 'threshold':
      if (alert.change !== undefined) return changeStand(alert.change, environment);
      return {
        fact: alert.key,
        status: 'once',
        urgency: alert.highest.atPercent >= WARNS_FROM_PERCENT ? 'warning' : 'info',
        todo: [statusCommand(environment)],
      };
    case 'state':
      return changeStand(alert.change, environment);
    case 'burn':
      return {
        fact: alert.key,
        status: 'once',
        urgency: 'warning',
        todo: [statusCommand(environment), `npx spend-guard stop --env ${environment} --reason "<why>"`],
        who: WHO.orders,
      };
    case 'grace':
      return {
        fact: STATE,
        status: 'firing',
        urgency: 'critical',
        todo: [
          'Raise the limit in the config and deploy, or give an override before that time:',
          resumeCommand(environment),
        ],
        who: `${WHO.deploys} ${WHO.orders}`,
      };
    case 'graceEnded':
      return stateStand(alert.desired, environment);
    case 'unattributed':
      return {
        fact: UNATTRIBUTED,
        status: 'firing',
        urgency: 'warning',
        todo: ['Declare the model with its prices in the config, or update the price library, and deploy.'],
        who: WHO.deploys,
      };
    case 'priced':
      return alert.left === 0 ? over(UNATTRIBUTED) : { fact: UNATTRIBUTED, status: 'firing', urgency: 'warning' };
    case 'cacheBurn':
      return { fact: alert.key, status: 'once', urgency: 'warning' };
    case 'findings': {
      const isUnderstated = alert.findings.some(({ understates }) => understates);
      return { fact: alert.key, status: 'once', urgency: isUnderstated ? 'warning' : 'info' };
    }
    case 'blind':
      return {
        fact: BLIND,
        status: 'firing',
        urgency: 'critical',
        todo: [
          'Repair the cause; it clears by itself with the first full read. Until then only the bill sees:',
          `npx spend-guard health --env ${environment}`,
        ],
        who: WHO.deploys,
      };
    case 'sighted':
      return over(BLIND);
    case 'notTold':
      return {
        fact: ACTIVITY,
        status: 'firing',
        urgency: 'info',
        todo: ['Where it was deleted or edited: deploy once with activityAlarm: false, then again without it.'],
        who: WHO.deploys,
      };
    case 'toldAgain':
      return over(ACTIVITY);
    case 'budgetOrders':
      return {
        fact: BUDGET_ORDERS,
        status: 'firing',
        urgency: 'warning',
        todo: [`npx spend-guard budgets --env ${environment}`],
        who: WHO.orders,
      };
    case 'budgetOrdersRead':
      return over(BUDGET_ORDERS);
    case 'overrideStarted':
      return { fact: OVERRIDE, status: 'firing', urgency: 'info' };
    case 'overrideEnded':
      return over(OVERRIDE);
    default:
      return enforcementStand(alert);
  }
}

/** Of no month: what is resumed in the next one ends what was said in this. */
const STATE = 'state';
const UNATTRIBUTED = 'unattributed';
const BLIND = 'blind';
const ACTIVITY = 'activity';
const BUDGET_ORDERS = 'budgetOrders';
const OVERRIDE = 'override';

function changeStand({ to }: StateChange, environment: string): NoticeStand {
  return stateStand(to, environment);
}

function stateStand(state: DesiredState, environment: string): NoticeStand {
  if (state === 'open') return over(STATE);
  return {
    fact: STATE,
    status: 'firing',
    urgency: state === 'stopped' ? 'critical' : 'warning',
    todo: [
      'Find what spends, and end it; or let it go on for a while and up to an amount; or wait for what lifts it by itself, at the latest the new month (UTC):',
      statusCommand(environment),
      resumeCommand(environment),
    ],
    who: WHO.orders,
    runbook: STOPPED_RUNBOOK,
  };
}

function over(fact: string): NoticeStand {
  return { fact, status: 'resolved', urgency: 'info' };
}
