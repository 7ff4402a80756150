import { cacheWording } from './cache-mail';
import type { UtcDay } from '../calendar';
import { enforcementWording, type EnforcementAlert } from '../enforcement';
import { runbookLine } from '../mail';
import type { CacheBurn, MeterFinding, ModelSpend, ToldTrouble } from '../meter';
import { formatUsd, type NanoUsd } from '../money';
import { type Override, percentText, type DesiredState, type Trigger, type CrossedThreshold } from '../stop-lines';

/** What a person is told. `key` is unique for what it is about: the same key is never sent twice. */
export type Alert = { readonly key: string } & (
  | EnforcementAlert
  | {
      readonly kind: 'threshold';
      readonly highest: CrossedThreshold;
      /** Newly crossed in the same read, highest first. */
      readonly others: readonly CrossedThreshold[];
      readonly monthToDate: NanoUsd;
      readonly limit: NanoUsd;
      /** Where the state changed in the same tick. */
      readonly change?: StateChange;
    }
  | { readonly kind: 'state'; readonly change: StateChange; readonly monthToDate?: NanoUsd; readonly limit: NanoUsd }
  | {
      readonly kind: 'burn';
      readonly burnPerMinute: NanoUsd;
      readonly runsOutAt: number;
      readonly monthToDate: NanoUsd;
      readonly limit: NanoUsd;
    }
  | {
      readonly kind: 'grace';
      readonly until: number;
      readonly why: 'firstSeen' | 'lowered';
      readonly triggers: readonly Trigger[];
    }
  | { readonly kind: 'unattributed'; readonly models: readonly ModelSpend[] }
  | { readonly kind: 'cacheBurn'; readonly burns: readonly CacheBurn[] }
  | { readonly kind: 'findings'; readonly day: UtcDay; readonly findings: readonly MeterFinding[] }
  | { readonly kind: 'blind'; readonly since: number; readonly why: string; readonly stops: boolean }
  | { readonly kind: 'sighted'; readonly blindSince: number }
  | { readonly kind: 'notTold'; readonly trouble: ToldTrouble }
  | { readonly kind: 'budgetOrders'; readonly why: string }
  | { readonly kind: 'overrideStarted'; readonly override: Override; readonly endsAt: number }
  | { readonly kind: 'overrideEnded'; readonly since: number; readonly desired: DesiredState }
);

export interface StateChange {
  readonly from: DesiredState;
  readonly to: DesiredState;
  readonly reason: string;
}

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
  const { title, lines } = wording(alert);
  const dryRun = enforce ? [] : ['Dry run (enforce: false): nobody is denied, whatever is said above.'];
  return {
    subject: meterSubject(environment, enforce ? title : `dry run: ${title}`),
    text: [...lines, ...dryRun].join('\n'),
  };
}

export function meterSubject(environment: string, title: string): string {
  const ascii = `[meter] ${environment} ${title}`.replace(/[^\x20-\x7e]+/g, '?');
  return ascii.length <= 100 ? ascii : `${ascii.slice(0, 97)}...`;
}

interface Wording {
  readonly title: string;
  readonly lines: readonly string[];
}

function wording(alert: Alert): Wording {
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
        title: `the money runs out at ${time(alert.runsOutAt)}`,
        lines: [
          `At ${formatUsd(alert.burnPerMinute)} a minute the limit of ${formatUsd(alert.limit)} is reached at ${time(alert.runsOutAt)}.`,
          `The meter estimates ${formatUsd(alert.monthToDate)} this month.`,
        ],
      };
    case 'grace':
      return {
        title: `will stop at ${time(alert.until)} unless the limit is raised`,
        lines: [
          alert.why === 'firstSeen'
            ? 'The first read after installation is already above a line.'
            : 'A deployment lowered a line below what is spent.',
          ...alert.triggers.map(({ level, text }) => `Will be ${level}: ${text}.`),
          `Nothing is changed before ${time(alert.until)}. Raise the limit or give an override to prevent it.`,
        ],
      };
    case 'unattributed':
      return {
        title: `usage without a price, charged at the dearest rate`,
        lines: [
          ...alert.models.map(
            ({ metricId, region, monthToDate }) =>
              `${metricId} in ${region}: ${formatUsd(monthToDate)} at the dearest known rate; real spend may be higher.`,
          ),
          runbookLine('spend-meter-unattributed'),
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
          `Nothing has been seen in full since ${time(alert.since)}: ${alert.why}.`,
          alert.stops
            ? 'onBlind is stop: the environment is stopped until it sees again.'
            : 'onBlind is page: the state is kept.',
          'The bill line goes on.',
          runbookLine('spend-meter-blind'),
        ],
      };
    case 'sighted':
      return { title: 'the meter sees again', lines: [`It was blind since ${time(alert.blindSince)}.`] };
    case 'notTold':
      return {
        title: 'the activity alarm does not tell: asking each minute',
        lines: [
          `${troubleLine(alert.trouble)}.`,
          'Nothing is left unseen: the meter asks CloudWatch itself each minute, for a few cents.',
          'Runbook: docs/runbook.md, "activity".',
        ],
      };
    case 'budgetOrders':
      return {
        title: 'orders for budgets cannot be read: the configured limits hold',
        lines: [
          `The orders for budgets within the environment's cannot be read: ${alert.why}.`,
          'Each of these budgets has the limit that is configured until they can be; all else goes on.',
          runbookLine('spend-meter-errors'),
        ],
      };
    case 'overrideStarted': {
      const { override, endsAt } = alert;
      const limit = override.limit === undefined ? 'the lines of the config' : `up to ${formatUsd(override.limit)}`;
      return {
        title: `override until ${time(endsAt)}`,
        lines: [`By ${override.by}: ${override.reason}`, `Holds until ${time(endsAt)}, ${limit}.`],
      };
    }
    case 'overrideEnded':
      return {
        title: `override ended, now ${alert.desired}`,
        lines: [`The override of ${time(alert.since)} has ended; by re-evaluating the state is ${alert.desired}.`],
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

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
