import { SHIPPED_CONFIG, type EnvironmentConfig } from '../../config';
import { DAY_MS, monthStart } from '../../core/calendar';
import { guardItself, selfCostTotal } from '../../core/estimates';
import { nanoUsd, since, ZERO } from '../../core/money';
import type { EnvironmentOutcome } from '../outcome';
import { RUNAWAY_PERCENT_PER_HOUR, runawayWindow } from '../scenarios/shipped-runaway';
import type { MonthResult } from '../simulate-month';
import { tourViolations, type TourOptions, type TourResult } from '../tour';
import { percentText } from './html/formats';
import { outcomeEvents, playedPeriod } from './story';
import { columns, day, duration, listed, money, wrapped } from './words';

const WIDTH = 110;
/** What is left without the meter. */
const BILL_ALONE = {
  none: 'with AWS Budgets alone, which only mails',
  automatic: 'with AWS Budgets and its action alone',
  needsApproval: 'with AWS Budgets alone, once a person approves',
} as const;
/** More are counted. */
const MOST_DENIALS = 8;

/** What stands there before anything is played: nothing of it needs more than the config. */
export function openingText(
  configured: readonly EnvironmentConfig[],
  { environments, tour, month, seed }: Omit<TourOptions, 'stacks'>,
): string {
  const names = configured.map(({ name }) => name);
  const indent = Math.max(...names.map(({ length }) => length)) + 4;
  const { fromMs, toMs } = runawayWindow({ startMs: monthStart(month) });
  return block([
    'The Bedrock spend guard, played on this machine: its templates and functions, a virtual clock, no AWS account.',
    '',
    ...paragraph(`${SHIPPED_CONFIG} guards ${counted(configured.length, 'environment')}:`),
    ...configured.map((one) => wrapped(linesText(one), `  ${one.name}`.padEnd(indent), WIDTH)),
    '',
    ...paragraph(`To be seen for ${listed(environments.map(({ name }) => name))}, in UTC, with seed ${seed}:`),
    ...paragraph(`${tour.quiet.title}: ${playedPeriod({ month, scenario: tour.quiet })}.`, '  1. '),
    ...paragraph(
      `${tour.runaway.title}: on ${at(fromMs)} a program begins to call a large model in a loop, for ${RUNAWAY_PERCENT_PER_HOUR}% of the month's limit an hour. Somebody notices on ${at(toMs)}.`,
      '  2. ',
    ),
  ]);
}

/** What was played, and what to do next. Where something did not hold there is that, and no figure of what was lost. */
export function tourText(result: TourResult): string {
  const problems = tourViolations(result);
  const loss = (outcome: EnvironmentOutcome) => (problems.length === 0 ? lossLines(result, outcome) : []);
  return block([
    `1. ${title(result.quiet)}`,
    ...result.quiet.environments.flatMap((outcome) => quietLines(result.quiet, outcome)),
    '',
    `2. ${title(result.runaway)}`,
    ...result.runaway.environments.flatMap((outcome, index) => [
      ...(index > 0 ? [''] : []),
      `   ${outcome.environment.name}:`,
      ...runawayLines(result.runaway, outcome),
      ...loss(outcome),
    ]),
    '',
    ...verdict(problems),
    '',
    ...nextLines(result.quiet.environments[0]?.environment.name ?? ''),
  ]);
}

/** The lines of an environment, as the config draws them. */
function linesText(environment: EnvironmentConfig): string {
  const { limit, dailyLimit, hourlyBrake, thresholds, billAction, meter } = environment;
  const of = (wanted: string) => thresholds.filter(({ effect, basis }) => effect === wanted && basis === 'actual');
  const at = (wanted: string) => listed(of(wanted).map(({ atPercent }) => `${atPercent}%`));
  const mails = of('notify').length > 0 ? `Mails at ${at('notify')}; ` : '';
  const large = of('degrade').length > 0 ? `large models denied at ${at('degrade')}, all` : 'all models denied';
  const bill = {
    none: 'AWS Budgets denies nothing',
    automatic: 'AWS Budgets denies by itself',
    needsApproval: 'AWS Budgets asks a person',
  }[billAction.kind];
  const billAt = billAction.kind === 'none' ? '' : ` at ${billAction.atPercent}%`;
  const watches = meter.enforce ? '' : ' The meter only watches.';
  return `${money(limit)} a month, ${money(dailyLimit)} a day, ${money(hourlyBrake)} an hour. ${mails}${large} at ${at('stop')}; ${bill}${billAt}.${watches}`;
}

function quietLines({ journal }: MonthResult, outcome: EnvironmentOutcome): readonly string[] {
  const { environment, spent, refused, mails, alerts } = outcome;
  const reports = mails.filter(({ feature }) => feature === 'cost-check').length;
  const others = [
    ...(mails.length > reports ? [counted(mails.length - reports, 'other mail')] : []),
    ...(alerts.length > 0 ? [`${counted(alerts.length, 'alert')} of AWS Budgets`] : []),
  ];
  const runs = [...journal.runs]
    .filter(([key]) => key.startsWith(`${environment.name}/`))
    .reduce((sum, [, { invoked }]) => sum + invoked, 0);
  const denied = refused === ZERO ? 'nothing was denied' : `${money(refused)} of calls were denied`;
  return [
    ...paragraph(
      `${environment.name}: ${money(spent)} of ${money(environment.limit)} spent (${percentText(spent, environment.limit)}), and ${denied}. ${counted(reports, 'daily report')}${others.length > 0 ? `, ${listed(others)}` : ' and no other mail'}.`,
      '   ',
    ),
    ...paragraph(`The guard's functions ran ${runs.toLocaleString('en-US')} times. ${ownCostText(outcome)}`, '   '),
  ];
}

function ownCostText({ ownCost }: EnvironmentOutcome): string {
  if (ownCost === undefined) return 'What the guard itself costs is unknown.';
  const { freeTierLeft, freeTierUsedUp } = selfCostTotal(guardItself(ownCost));
  const apart = ownCost.flatMap((item) =>
    item.leftOutBy === undefined || item.freeTierUsedUp === ZERO
      ? []
      : [
          `; ${item.what}, unless ${item.leftOutBy}: ${money(item.freeTierLeft)} and ${money(item.freeTierUsedUp)} more`,
        ],
  );
  return `At list price the guard itself costs ${money(freeTierLeft)} a month, ${money(freeTierUsedUp)} with the free tier used up${apart.join('')}.`;
}

/** The first warning, each denial until its end, and who ends the program. */
function runawayLines({ month }: MonthResult, outcome: EnvironmentOutcome): readonly string[] {
  const { fromMs, toMs } = runawayWindow({ startMs: monthStart(month) });
  const warning = outcomeEvents(outcome).find(({ kind, at: when }) => kind === 'mail' && when >= fromMs);
  const all = denials(outcome);
  const more = all.length - MOST_DENIALS;
  const lines: readonly (readonly [atMs: number, text: string])[] = [
    [fromMs, 'the program begins'],
    // What the mail's body adds in brackets is for --verbose.
    ...(warning === undefined ? [] : [[warning.at, warning.text.replace(/ \(.*\)$/, '')] as const]),
    ...all.slice(0, MOST_DENIALS).map((denial) => [denial.fromMs, denialText(denial)] as const),
    [toMs, `the program is noticed and ended${more > 0 ? `; ${counted(more, 'more denial')}` : ''}`],
  ];
  return [...lines].sort(([a], [b]) => a - b).map(([when, text]) => wrapped(text, `   ${day(when)}  `, WIDTH));
}

interface Denial {
  readonly fromMs: number;
  /** Undefined: it holds when what is played ends. */
  readonly untilMs: number | undefined;
  readonly isOfAll: boolean;
  readonly by: 'the meter' | 'AWS Budgets';
  readonly why: string;
}

function denialText({ by, isOfAll, untilMs, why }: Denial): string {
  return `${by} denies ${isOfAll ? 'all' : 'large'} models${untilMs === undefined ? '' : ` until ${at(untilMs)}`}: ${why}`;
}

/** By whoever denied, in order of time. */
function denials({ environment, meterChanges, stops }: EnvironmentOutcome): readonly Denial[] {
  const byMeter = meterChanges.flatMap(({ atMs, to, reason }, index): readonly Denial[] => {
    // A meter that only watches notes what it would have done.
    if (to === 'open' || !environment.meter.enforce) return [];
    const untilMs = meterChanges[index + 1]?.atMs;
    return [{ fromMs: atMs, untilMs, isOfAll: to === 'stopped', by: 'the meter', why: reason }];
  });
  const byBudgets = stops.flatMap(({ attachedMs, seen }): readonly Denial[] => {
    if (attachedMs === undefined) return [];
    const why = `at a bill of ${money(seen)}`;
    return [{ fromMs: attachedMs, untilMs: undefined, isOfAll: true, by: 'AWS Budgets', why }];
  });
  return [...byMeter, ...byBudgets].sort((a, b) => a.fromMs - b.fromMs);
}

/** The same days with nothing deployed, with AWS Budgets alone, and with the guard. */
function lossLines({ quiet, billAlone, unguarded }: TourResult, guarded: EnvironmentOutcome): readonly string[] {
  const { environment, byDay, refused } = guarded;
  const { name, limit } = environment;
  const of = (outcomes: readonly EnvironmentOutcome[]) => outcomes.find((one) => one.environment.name === name)!;
  const days = new Set(byDay.map(([one]) => one));
  const startMs = monthStart(quiet.month);
  const { fromMs } = runawayWindow({ startMs });
  const usual = nanoUsd(
    of(quiet.environments)
      .byDay.filter(([one]) => days.has(one))
      .reduce((sum, [, spent]) => sum + spent, 0),
  );
  const row = (what: string, outcome: EnvironmentOutcome): readonly string[] => {
    const [first] = denials(outcome).filter(({ isOfAll, fromMs: when }) => isOfAll && when >= fromMs);
    return [
      what,
      money(outcome.spent),
      money(outcome.beyondLimit),
      money(since(outcome.spent, usual)),
      first === undefined ? 'never' : duration(first.fromMs - fromMs),
    ];
  };
  const shut = shutMs(guarded, startMs + byDay.length * DAY_MS);
  return [
    '',
    ...columns([
      [`   ${name}, ${byDay.length} days`, 'spent', `above ${money(limit)}`, 'lost', 'all denied after'],
      row('   without the guard', of(unguarded)),
      row(`   ${BILL_ALONE[environment.billAction.kind]}`, of(billAlone.environments)),
      row('   with the guard as it ships', guarded),
    ]),
    ...paragraph(
      `Lost is what was spent above the ${money(usual)} of the same days in the quiet month. The guard denied calls worth ${money(refused)}${shut > 0 ? `; for ${duration(shut)} in all the team's own calls were among them` : ''}.`,
      '   ',
    ),
  ];
}

/** How long all models were denied, in ms. */
function shutMs(outcome: EnvironmentOutcome, endMs: number): number {
  let shutUntil = 0;
  let sum = 0;
  for (const { fromMs, untilMs = endMs } of denials(outcome).filter(({ isOfAll }) => isOfAll)) {
    sum += Math.max(0, untilMs - Math.max(fromMs, shutUntil));
    shutUntil = Math.max(shutUntil, untilMs);
  }
  return sum;
}

function verdict(problems: readonly string[]): readonly string[] {
  if (problems.length === 0) {
    return paragraph(
      'Checked: alerts and reports came once and reached their owners, nothing was used under a deny, sums agree.',
    );
  }
  return [
    'NOT AS IT MUST BE, so there are no figures of what was lost:',
    ...problems.flatMap((text) => paragraph(text, '- ')),
  ];
}

function nextLines(name: string): readonly string[] {
  return [
    'What next',
    ...columns([
      [`  ${SHIPPED_CONFIG}`, 'the limits and lines: change them, and run this again'],
      ['  npm start -- --verbose', 'every mail and event of this; --report month.html as a page'],
      ['  npm start -- --all', 'every scenario in every environment (minutes); --help names them'],
      ['  npm run local', 'the real deploy on an emulated AWS on this machine (Python 3.10 or later)'],
      [`  npx cdk deploy --context env=${name}`, 'your account: README.md, "Deploy it", has what comes before'],
    ]),
  ];
}

/** `A quiet month, guarded as shipped, 2026-03 (shipped-quiet)`. */
function title(result: MonthResult): string {
  return `${result.scenario.title}, ${playedPeriod(result)} (${result.scenario.name})`;
}

function paragraph(text: string, bullet = ''): readonly string[] {
  return [wrapped(text, bullet, WIDTH)];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function at(atMs: number): string {
  return day(atMs).trim();
}

function block(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
