import { SWITCH } from '../functions/switch';
import Table from 'cli-table3';
import { nanoUsd, ZERO } from '../../core/money';
import type { Alert, EnvironmentOutcome, Stop } from '../outcome';
import type { MonthResult } from '../simulate-month';
import type { GuardStack } from '../template/guard-stack';
import { percentText } from './html/formats';
import { isOfCacheBurn, outcomeEvents, outcomeFacts, playedPeriod } from './story';
import { day, duration, listed, money, wrapped } from './words';

/** One month for a terminal: what went on, what happened, and a table; the same events and facts as on the page. Plain text, without colour. */
export function monthText(result: MonthResult): string {
  const { scenario, environments } = result;
  const table = new Table({
    head: ['Environment', 'Spent', 'Alerts (UTC)', 'Stopped (UTC)', 'Lost'],
    style: { head: [], border: [] },
  });
  for (const outcome of environments) {
    const { environment, spent } = outcome;
    table.push([
      `${environment.name}\n${environment.class}`,
      `${money(spent)}\nof ${money(environment.limit)}\n${percentText(spent, environment.limit)}`,
      alertsCell(outcome),
      stopsCell(outcome),
      // Figures of a month that went wrong reassure nobody.
      result.violations.some((text) => text.startsWith(`${environment.name}: `)) ? 'see NOT below' : lostCell(outcome),
    ]);
  }
  const title = `${scenario.title}, ${playedPeriod(result)} (${scenario.name})`;
  return [
    title,
    '='.repeat(title.length),
    ...scenario.story.map((line) => wrapped(line)),
    '',
    ...[...environments.map(story), reportsSentence(result), ...otherRuns(result), ...sleepSentences(result)].map(
      (line) => wrapped(line, '- '),
    ),
    ...environments.flatMap(happenings),
    '',
    table.toString(),
    '',
  ].join('\n');
}

/** What one environment went through, in a few sentences. */
function story({ environment, alerts, stops, mails, ...outcome }: EnvironmentOutcome): string {
  const sentences = [`${environment.name}:`];
  const { limitReachedMs, stopLineReachedMs } = outcome;
  const own = alerts.filter(({ scope }) => scope === 'environment');
  const stopLine = `${environment.stopAtPercent}%`;
  if (stopLineReachedMs !== undefined)
    sentences.push(`really at its stop line of ${stopLine} on ${at(stopLineReachedMs)}.`);
  else if (stops.length === 0) sentences.push(`spent ${percentText(outcome.spent, environment.limit)} of its limit.`);
  const [first] = own;
  if (first) sentences.push(`First alert ${at(first.atMs)}, ${own.length} in all.`);
  const burns = mails.filter(isOfCacheBurn).length;
  if (burns > 0)
    sentences.push(
      `${burns} ${burns === 1 ? 'alert' : 'alerts'} of the meter that a prompt cache costs more than it saves.`,
    );
  if (!first && burns === 0) sentences.push('No alert.');
  for (const stop of stops) sentences.push(stopSentence(stop, stopLineReachedMs));
  if (stopLineReachedMs !== undefined) {
    sentences.push(`${money(outcome.afterStopLine)} went out after the line was crossed`);
    sentences[sentences.length - 1] +=
      limitReachedMs === undefined ? '.' : `, ${money(outcome.beyondLimit)} of it beyond the limit.`;
  }
  return sentences.join(' ');
}

/** Who stopped it, on what bill, and how late; on a false bill there is no line to be late for. */
function stopSentence(
  { needsApproval, triggeredMs, attachedMs, onFalseBill, seen, spent }: Stop,
  reachedMs: number | undefined,
): string {
  const reason = onFalseBill
    ? `on a false bill of ${money(seen)} (really ${money(spent)})`
    : `at a bill of ${money(seen)}`;
  const late = (atMs: number) =>
    reachedMs === undefined || onFalseBill ? '' : `, ${duration(atMs - reachedMs)} after the line was crossed`;
  if (!needsApproval) {
    return attachedMs === undefined
      ? `AWS Budgets failed to stop it ${reason}.`
      : `AWS Budgets stopped it on ${at(attachedMs)} ${reason}${late(attachedMs)}.`;
  }
  const asked = `AWS Budgets asked a person on ${at(triggeredMs)} ${reason}`;
  return attachedMs === undefined
    ? `${asked}; the person did not approve.`
    : `${asked}; stopped when they approved on ${at(attachedMs)}${late(attachedMs)}.`;
}

/** Every event, and what it came to. */
function happenings(outcome: EnvironmentOutcome): readonly string[] {
  const { name } = outcome.environment;
  const events = outcomeEvents(outcome);
  const facts = outcomeFacts(outcome).map(({ label, value }) => `${label}: ${value}`);
  return [
    '',
    `${name}: ${events.length === 0 ? 'nothing fired.' : 'what happened (UTC)'}`,
    ...events.map(({ at: when, text }) => wrapped(text, `  ${day(when)}  `)),
    ...facts.map((fact) => wrapped(fact, '  - ')),
  ];
}

/** The same program with and without the meter, side by side; empty unless both were played. */
export function comparisonText(results: readonly MonthResult[]): string {
  const [alone, metered] = ['runaway', 'runaway-metered'].map((name) =>
    results.find(({ scenario }) => scenario.name === name),
  );
  if (!alone || !metered) return '';
  const rows = metered.environments.flatMap(({ environment, spent, beyondLimit }) => {
    const before = alone.environments.find((one) => one.environment.name === environment.name);
    if (!before) return [];
    return [
      `${environment.name} (limit ${money(environment.limit)}): the bill alone let ${money(before.spent)} go out, ${money(before.beyondLimit)} beyond the limit; with the meter ${money(spent)} by the ${metered.scenario.days}th, ${money(beyondLimit)} beyond it.`,
    ];
  });
  return `What the meter saves\n====================\n${rows.map((row) => wrapped(row, '- ')).join('\n')}\n\n`;
}

/** How many reports came, and whether any made a figure of what nobody knew. */
function reportsSentence({ journal, environments }: MonthResult): string {
  const reports = journal.mails.filter(({ feature }) => feature === 'cost-check');
  const unknown = reports.filter(({ subject }) => /unknown/i.test(subject));
  const zero = unknown.filter(({ subject, body }) => `${subject} ${body}`.includes('$0.00'));
  const from = ({ environment }: EnvironmentOutcome) =>
    reports.filter((one) => one.environment === environment.name).length;
  const each = [...new Set(environments.map(from))].join(' or ');
  if (unknown.length === 0) return `Daily reports: ${each} from each environment, all with a figure.`;
  const said = `${unknown.length} of ${reports.length} say that the bill is unknown, ${zero.length === 0 ? 'none' : zero.length} of them $0.00`;
  return `Daily reports: ${each} from each environment; ${said}.`;
}

/** That the other functions ran, and how often they wrote to people. */
function otherRuns({ journal, environments }: MonthResult): readonly string[] {
  const features = [...new Set([...journal.runs.keys()].map((key) => key.split('/')[1] ?? ''))];
  return features
    .filter((feature) => feature !== 'cost-check')
    .map((feature) => {
      const runs = environments.reduce(
        (sum, { environment }) => sum + journal.counts(environment.name, feature).invoked,
        0,
      );
      const mails = journal.mails.filter((mail) => mail.feature === feature).length;
      return `Runs of ${feature}: ${runs}, ${mails === 0 ? 'nothing to tell anybody' : `${mails} mails`}.`;
    });
}

/** What idle functions no longer cost. */
function sleepSentences({ journal }: MonthResult): readonly string[] {
  return [...journal.sleeps]
    .filter(([, { functions }]) => functions > 0)
    .map(([environment, { functions, times, hours, savedNano, failures }]) => {
      const failed = failures > 0 ? `; ${failures} times something failed` : '';
      return `Provisioned concurrency of ${functions} in ${environment}: lowered ${times} times, for ${Math.round(hours)} hours, ${money(nanoUsd(savedNano))} saved${failed}.`;
    });
}

function alertsCell({ alerts, mails }: EnvironmentOutcome): string {
  const of = (scope: Alert['scope']) => alertLines(alerts.filter((one) => one.scope === scope));
  const account = of('account');
  const burns = mails.filter(isOfCacheBurn).map(({ atMs }) => `${day(atMs)} cache, meter`);
  const lines = [...of('environment'), ...burns, ...(account.length > 0 ? ["the account's budget:", ...account] : [])];
  return lines.length === 0 ? 'none' : lines.join('\n');
}

/** What fired together stands together: Budgets looks two or three times a day, and may find several lines crossed. */
function alertLines(alerts: readonly Alert[]): readonly string[] {
  const groups = new Map<string, number[]>();
  for (const { atMs, type, atPercent } of alerts) {
    const key = `${day(atMs)} ${type === 'FORECASTED' ? 'forecast ' : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), atPercent]);
  }
  return [...groups].map(([key, percents]) => `${key}${percents.join(', ')}%`);
}

/** Whoever stopped it: AWS Budgets by its bill, or the meter. */
function stopsCell({ environment, stops, meterChanges }: EnvironmentOutcome): string {
  const byBudgets = stops.flatMap(({ needsApproval, triggeredMs, attachedMs, onFalseBill }) => [
    ...(needsApproval ? [{ atMs: triggeredMs, text: `${day(triggeredMs)} person asked` }] : []),
    {
      atMs: attachedMs ?? triggeredMs,
      text: attachedMs === undefined ? 'not stopped' : `${day(attachedMs)} all denied`,
    },
    ...(onFalseBill
      ? [
          {
            atMs: attachedMs ?? triggeredMs,
            text: attachedMs === undefined ? 'false bill, declined' : 'stopped on a false bill',
          },
        ]
      : []),
  ]);
  const byMeter = meterChanges
    .filter(({ to }) => to === 'stopped' && environment.meter.enforce)
    .map(({ atMs }) => ({ atMs, text: `${day(atMs)} all denied, meter` }));
  const lines = [...byBudgets, ...byMeter].sort((a, b) => a.atMs - b.atMs).map(({ text }) => text);
  return lines.length === 0 ? 'nothing' : lines.join('\n');
}

/** Money that a stop came too late for, and the work that was refused; where the stop was wrong, that is what it cost. */
function lostCell({ beyondLimit, afterStopLine, refused, stops }: EnvironmentOutcome): string {
  const isWrong = stops.some(({ onFalseBill }) => onFalseBill);
  const lines = [
    ...(beyondLimit > ZERO ? [`${money(beyondLimit)} beyond limit`] : []),
    ...(afterStopLine > ZERO ? [`${money(afterStopLine)} after stop line`] : []),
    ...(refused > ZERO ? [isWrong ? 'work refused worth' : 'denied, not spent:', money(refused)] : []),
  ];
  return lines.length === 0 ? 'nothing' : lines.join('\n');
}

/** What the months rest on, after all of them. */
export function notesText(results: readonly MonthResult[], stacks: readonly GuardStack[], seed: number): string {
  const scheduled = new Set(stacks.flatMap(({ schedules }) => schedules.map(({ functionArn }) => functionArn)));
  const functions = stacks.flatMap((stack) => stack.functions);
  const played = unique(functions.flatMap(({ arn, feature }) => (scheduled.has(arn) ? (feature ?? []) : [])));
  const idle = unique(
    functions.flatMap(({ arn, feature }) => (scheduled.has(arn) || feature === SWITCH ? [] : (feature ?? []))),
  );
  const counts = results.flatMap(({ journal }) => [...journal.runs.values()]);
  const sum = (key: 'invoked' | 'duplicates' | 'failed') => counts.reduce((all, one) => all + one[key], 0);
  const violations = results.flatMap((result) => result.violations.map((text) => `${result.scenario.name}: ${text}`));
  const section = (title: string, lines: readonly string[]) =>
    `${title}\n${lines.map((line) => wrapped(line, '- ')).join('\n')}\n`;
  return [
    section('Simulated:', [
      `the templates of ${listed(stacks.map(({ identity }) => identity.stackName))} as npx cdk synth makes them: schedules, variables of the functions, budgets, alerts and who gets them, budgets actions, the switch, deny-bill and what they deny`,
      `the real handlers of ${listed(played)}: ${sum('invoked')} runs, ${sum('duplicates')} of them delivered a second time by Scheduler, ${sum('failed')} that ended in an error and were retried`,
      'the real handler of the switch, as the deploy and the meter call it',
      'AWS Budgets: looks every 8 to 12 hours at data 3 to 5 hours old; tells each threshold on actual spend once a month',
      'Cost Explorer: 8 to 24 hours behind',
      "calls of the models, minute by minute, priced by the config's price list",
    ]),
    section('Not simulated:', [
      "the guard's own permissions (IAM), the network, CloudWatch alarms, whether a mail is read, the turn of a month",
      'cost allocation tags: taken as active, in practice up to 48 hours after somebody activates them',
      'the forecast of AWS, which is not published: stands here for "the rest of the month like the last seven days"',
      'requests in flight when a deny begins to work; credits, refunds and tax',
      ...(idle.length > 0 ? [`${listed(idle)}, which no schedule runs`] : []),
    ]),
    section('Checked in every month:', [
      'no alert and no report is sent twice or lost, and each reaches the owners',
      'no usage goes on under a deny; nothing stops below its line, and what passes it is stopped',
      'what cannot be known is never reported as a figure; the costs by model add up',
    ]),
    violations.length === 0 ? 'All of it held.\n' : section('NOT so here:', violations),
    `Seed ${seed}, month ${results[0]?.month ?? ''}: the same seed gives the same months.\n`,
  ].join('\n');
}

function at(atMs: number): string {
  return day(atMs).trim();
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
