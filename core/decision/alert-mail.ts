import { utcTime } from '../calendar';
import type { Alert, StateChange } from './alert';
import { cacheWording } from './cache-mail';
import { enforcementWording } from '../enforcement';
import type { ToldTrouble } from '../meter';
import { formatUsd } from '../money';
import { mailLines, type Wording } from '../notice';
import { percentText, type CrossedThreshold } from '../stop-lines';

export type { Alert };

export interface AlertMail {
  /** At most 100 printable ASCII characters: SNS refuses others. */
  readonly subject: string;
  readonly text: string;
}

/** `[meter] dev …`. @param enforce false: the mail says that nothing was attached */
export function alertMail(
  alert: Alert,
  { environment, enforce }: { environment: string; enforce: boolean },
): AlertMail {
  const said = alertWording(alert);
  return {
    subject: meterSubject(environment, enforce ? said.title : `${DRY_RUN.title}${said.title}`),
    text: [...mailLines(said), ...(enforce ? [] : [DRY_RUN.line])].join('\n'),
  };
}

export const DRY_RUN = {
  title: 'dry run: ',
  line: 'Dry run (enforce: false): nobody is denied, whatever is said above.',
} as const;

export function meterSubject(environment: string, title: string): string {
  const ascii = `[meter] ${environment} ${title}`.replace(/[^\x20-\x7e]+/g, '?');
  return ascii.length <= 100 ? ascii : `${ascii.slice(0, 97)}...`;
}

export function alertWording(alert: Alert): Wording {
  switch (alert.kind) {
    case 'threshold': {
      const { highest, others, monthToDate, limit, change } = alert;
      const line = ({ atPercent, amount, effect }: CrossedThreshold) =>
        `${atPercent}% (${formatUsd(amount)}), ${effect}`;
      return {
        title: `${highest.atPercent}% of ${formatUsd(limit)} reached${change === undefined ? '' : `, now ${change.to}`}`,
        lines: [
          `The meter estimates ${formatUsd(monthToDate)} this month, ${percentText(monthToDate, limit)} of ${formatUsd(limit)}.`,
          `Reached: ${line(highest)}.`,
          ...(others.length > 0 ? [`Reached in the same read: ${others.map(line).join('; ')}.`] : []),
          ...(change === undefined ? [] : [changeLine(change)]),
        ],
      };
    }
    case 'state':
      return {
        title: `${alert.change.to}: ${alert.change.reason}`,
        lines: [
          changeLine(alert.change),
          ...(alert.monthToDate === undefined
            ? []
            : [
                `The meter estimates ${formatUsd(alert.monthToDate)} this month; the limit is ${formatUsd(alert.limit)}.`,
              ]),
        ],
      };
    case 'burn':
      return {
        title: `the money runs out at ${utcTime(alert.runsOutAt)}`,
        lines: [
          `At ${formatUsd(alert.burnPerMinute)} a minute the limit of ${formatUsd(alert.limit)} is reached at ${utcTime(alert.runsOutAt)}.`,
          `The meter estimates ${formatUsd(alert.monthToDate)} this month.`,
        ],
      };
    case 'grace':
      return {
        title: `will stop at ${utcTime(alert.until)} unless the limit is raised`,
        lines: [
          alert.why === 'firstSeen'
            ? 'The first read after installation is already above a line.'
            : 'A deployment lowered a line below what is spent.',
          ...alert.triggers.map(({ level, text }) => `Will be ${level}: ${text}.`),
          `Nothing is changed before ${utcTime(alert.until)}. Raise the limit or give an override to prevent it.`,
        ],
      };
    case 'graceEnded':
      return {
        title: `the grace period is over, still ${alert.desired}`,
        lines: [`Nothing waits any more: ${alert.reason}.`],
      };
    case 'unattributed':
      return {
        title: `usage without a price, charged at the dearest rate`,
        lines: [
          ...alert.models.map(
            ({ metricId, region, monthToDate }) =>
              `${metricId} in ${region}: ${formatUsd(monthToDate)} at the dearest known rate; real spend may be higher.`,
          ),
        ],
        runbook: 'spend-meter-unattributed',
      };
    case 'priced':
      return {
        title:
          alert.models.length === 0
            ? 'usage that had no price is no longer used'
            : 'usage that had no price has one now',
        lines: [
          ...(alert.models.length === 0 ? ['No use of a model that had no price was seen last month or since.'] : []),
          ...alert.models.map(({ metricId, region }) => `${metricId} in ${region}: counted at its own price.`),
          ...(alert.left === 0 ? [] : [`Still without one: ${alert.left}.`]),
        ],
      };
    case 'cacheBurn':
      return cacheWording(alert.burns);
    case 'findings':
      return {
        title: alert.findings.every(({ kind }) => kind === 'untrustedPrice')
          ? `the list price of a model may be too low`
          : `the metrics hold points that cannot be counted`,
        lines: alert.findings.map(
          ({ text, understates }) => `${text}${understates ? ' (real spend may be higher)' : ''}`,
        ),
      };
    case 'blind':
      return {
        title: `the meter is blind`,
        lines: [
          `Nothing has been seen in full since ${utcTime(alert.since)}: ${alert.why}.`,
          alert.stops
            ? 'onBlind is stop: the environment is stopped until it sees again.'
            : 'onBlind is page: the state is kept.',
          'The bill line goes on.',
        ],
        runbook: 'spend-meter-blind',
      };
    case 'sighted':
      return { title: 'the meter sees again', lines: [`It was blind since ${utcTime(alert.blindSince)}.`] };
    case 'notTold':
      return {
        title: 'the activity alarm does not tell: asking each minute',
        lines: [
          `${troubleLine(alert.trouble)}.`,
          'Nothing is left unseen: the meter asks CloudWatch itself each minute, for a few cents.',
        ],
        runbook: 'activity',
      };
    case 'toldAgain':
      return {
        title: 'the activity alarm is in order again',
        lines: ['The meter relies on it from here on, and asks by itself only where it must.'],
      };
    case 'budgetOrders':
      return {
        title: 'orders for budgets cannot be read: the configured limits hold',
        lines: [
          `The orders for budgets within the environment's cannot be read: ${alert.why}.`,
          'Each of these budgets has the limit that is configured until they can be; all else goes on.',
        ],
        runbook: 'spend-meter-errors',
      };
    case 'budgetOrdersRead':
      return {
        title: 'orders for budgets can be read again',
        lines: ['Each budget has the limit that was ordered for it, where there is an order.'],
      };
    case 'overrideStarted': {
      const { override, endsAt } = alert;
      const limit = override.limit === undefined ? 'the lines of the config' : `up to ${formatUsd(override.limit)}`;
      return {
        title: `override until ${utcTime(endsAt)}`,
        lines: [`By ${override.by}: ${override.reason}`, `Holds until ${utcTime(endsAt)}, ${limit}.`],
      };
    }
    case 'overrideEnded':
      return {
        title: `override ended, now ${alert.desired}`,
        lines: [`The override of ${utcTime(alert.since)} has ended; by re-evaluating the state is ${alert.desired}.`],
      };
    default:
      return enforcementWording(alert);
  }
}

function troubleLine(trouble: ToldTrouble): string {
  switch (trouble.kind) {
    case 'missing':
      return 'The alarm that tells the meter of activity is gone';
    case 'edited':
      return `The alarm that tells the meter of activity was changed: ${trouble.text}`;
    case 'undecided':
      return 'The alarm that tells the meter of activity is not evaluated (INSUFFICIENT_DATA)';
    case 'unreadable':
      return `The alarm that tells the meter of activity cannot be read: ${trouble.text}`;
    case 'lost':
      return `An event of the alarm that tells the meter of activity did not come: ${trouble.text}. It is not relied on for a day`;
  }
}

function changeLine({ from, to, reason }: StateChange): string {
  return `From ${from} to ${to}: ${reason}.`;
}
