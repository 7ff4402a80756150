import { SWITCH_PATH } from '../../core/enforcement';
import { featureOf } from './assembly';
import type { Resource, Template } from './template';
import { rendered } from './canonical';
import { runsADay } from './cadence';
import { lostEntries, valueChanges } from './leaves';
import type { LimitChange } from './limits';
import { budgetWeaker } from './weakened-budgets';
import { goneFrom, later, lowered, raised, weaker, type Weakening } from './weaker';

type Properties = Readonly<Record<string, unknown>>;
/** Why one value is weaker than the other; undefined where it is not. */
type Rule = (before: unknown, after: unknown, path: string) => string | undefined;

/** Of the guard's settings what makes it weaker, by the end of the path. */
const SETTINGS: readonly (readonly [RegExp, Rule])[] = [
  [
    /: (ENFORCE|STOP_BATCH_JOBS)$/,
    (before, after) => (before === 'true' && after !== 'true' ? 'it no longer stops' : undefined),
  ],
  [/: ON_BLIND$/, (before, after) => (before === 'stop' && after !== 'stop' ? 'it goes on while blind' : undefined)],
  [
    /(LIMIT_NANO_USD|\.(limit|dailyLimitPercent|hourlyBrakePercent))$/,
    (before, after) => raised(before, after) ?? goneFrom(before, after),
  ],
  [/(_AT_PERCENT|\.(unknownAfterMinutes|graceMinutes))$/, raised],
  [/: NEVER_STOP\[/, (before) => (before === undefined ? 'one more is never stopped' : undefined)],
  [
    /^switch: (HELD_)?PRINCIPALS\.(roles|users|groups)\[/,
    (_, after) => (after === undefined ? 'a stop no longer reaches it' : undefined),
  ],
  [/: PERMISSION_SETS\[/, (_, after) => (after === undefined ? 'nobody looks whether it has the switch' : undefined)],
];

/** @param settings of functions that are in both templates, or in one */
export function settingsWeaker(settings: readonly LimitChange[]): readonly Weakening[] {
  const single = settings.flatMap(({ what, before, after }) => {
    const rule = SETTINGS.find(([pattern]) => pattern.test(what))?.[1];
    const why = rule?.(before, after, what);
    return why === undefined ? [] : [{ of: 'guard' as const, what, before, after, why }];
  });
  return [...single, ...linesLater(settings), ...leftByDegraded(settings)];
}

/** Models that `degraded` did not leave before; where the switch itself is new, there was nothing that could be left. */
function leftByDegraded(settings: readonly LimitChange[]): readonly Weakening[] {
  if (settings.some(({ what, before }) => what === 'switch: ENVIRONMENT' && before === undefined)) return [];
  return settings
    .filter(({ what, before }) => before === undefined && what.startsWith('switch: SMALL_MODELS['))
    .map((one) => ({ of: 'guard' as const, ...one, why: 'degraded leaves one more model' }));
}

/** Lines of the same effect, lowest first: one that comes later than the one it stands for, or not at all. */
function linesLater(settings: readonly LimitChange[]): readonly Weakening[] {
  const lines = settings.flatMap(({ what, before, after }) => {
    const [, list, percent, rest] = /^(.*(?:THRESHOLDS|\.thresholds))\[atPercent ([\d.]+), (.*)\]$/.exec(what) ?? [];
    return list === undefined
      ? []
      : [
          {
            group: `${list}, ${rest}`,
            percent: Number(percent),
            isNew: before === undefined,
            isGone: after === undefined,
          },
        ];
  });
  return [...new Set(lines.map(({ group }) => group))].flatMap((group) => {
    const own = lines.filter((line) => line.group === group);
    const percents = (some: typeof own) => some.map(({ percent }) => percent).sort((a, b) => a - b);
    return later(group, percents(own.filter(({ isGone }) => isGone)), percents(own.filter(({ isNew }) => isNew)));
  });
}

const slower: Rule = (before, after) => {
  const [was, is] = [before, after].map((value) => runsADay(rendered(value ?? null)));
  if (was === undefined || is === undefined) return 'another schedule, which cannot be judged';
  return is < was ? `slower: ${rounded(was)} → ${rounded(is)} runs a day` : undefined;
};
const rounded = (runs: number) => String(Math.round(runs * 100) / 100);
const fewer: Rule = (before, after) => {
  const lost = lostEntries(before, after);
  return lost.length === 0 ? undefined : `no longer there: ${lost.map(rendered).join(', ')}`;
};
const off: Rule = (_, after) =>
  after !== undefined && /^(DISABLED|false)$/.test(rendered(after)) ? 'switched off' : undefined;
const another: Rule = () => 'another one, which cannot be judged';
const toZero: Rule = (_, after) =>
  after !== undefined && rendered(after) === '0' ? 'it can no longer run' : undefined;
const notBreaching: Rule = (before) => (before === 'breaching' ? 'silence is no alarm any more' : undefined);

/** By type, properties whose change may make the guard weaker. */
const RULES: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  'AWS::Scheduler::Schedule': {
    State: off,
    ScheduleExpression: slower,
    EndDate: another,
    Target: another,
    ScheduleExpressionTimezone: () => undefined,
  },
  'AWS::Events::Rule': { State: off, ScheduleExpression: slower, EventPattern: another, Targets: fewer },
  'AWS::Lambda::EventSourceMapping': { Enabled: off, FilterCriteria: another },
  'AWS::Lambda::Function': { ReservedConcurrentExecutions: toZero },
  'AWS::Lambda::EventInvokeConfig': { MaximumRetryAttempts: lowered, DestinationConfig: goneFrom },
  'AWS::CloudWatch::Alarm': {
    ActionsEnabled: off,
    AlarmActions: fewer,
    InsufficientDataActions: fewer,
    EvaluationPeriods: raised,
    DatapointsToAlarm: raised,
    Period: raised,
    TreatMissingData: notBreaching,
    ComparisonOperator: another,
    MetricName: another,
    Namespace: another,
    Dimensions: another,
    Metrics: another,
    Statistic: another,
  },
  'AWS::CloudWatch::CompositeAlarm': { ActionsEnabled: off, AlarmActions: fewer, AlarmRule: another },
  'AWS::SNS::Subscription': { Endpoint: another, Protocol: another, FilterPolicy: another, TopicArn: another },
  'AWS::SNS::Topic': { Subscription: fewer },
};
/** What a guard is weaker without. */
const NEEDED = new Set([
  ...Object.keys(RULES).filter((type) => type !== 'AWS::SNS::Topic' && type !== 'AWS::Lambda::EventInvokeConfig'),
  'AWS::Budgets::Budget',
  'AWS::Budgets::BudgetsAction',
  'Custom::SpendGuardReservedConcurrency',
  // Writes what the switch says, and gives it to people.
  'Custom::SpendGuardSwitch',
]);

/** What of a guard's resources makes it stop, tell or look less than before. */
export function resourcesWeaker(base: Template, head: Template): readonly Weakening[] {
  return Object.entries(base.Resources ?? {}).flatMap(([id, was]) => {
    const is = head.Resources?.[id];
    if (is === undefined || is.Type !== was.Type) return goes(id, was);
    return [...changedIn(id, was, is), ...budgetWeaker(id, was, is), ...switchChanged(id, was, is)];
  });
}

/** It allows and denies nothing in the template, whatever it says in the account. */
function isSwitch({ Type, Properties }: Resource): boolean {
  return Type === 'AWS::IAM::ManagedPolicy' && Properties?.['Path'] === SWITCH_PATH;
}

/** By its path it is known as the switch, so that another path is the switch gone. */
function switchChanged(id: string, was: Resource, is: Resource): readonly Weakening[] {
  if (!isSwitch(was)) return [];
  if (!isSwitch(is)) return goes(id, was);
  const { Roles: rolesWere, ...before } = was.Properties ?? {};
  const { Roles: rolesAre, ...after } = is.Properties ?? {};
  return [
    ...weaker(id, 'Roles', rolesWere, rolesAre, fewer(rolesWere, rolesAre, 'Roles')),
    ...Object.keys({ ...before, ...after })
      .filter((name) => valueChanges(before[name], after[name]).length > 0)
      .flatMap((name) => weaker(id, name, before[name], after[name], 'the deploy opens it, also where it is stopped')),
  ];
}

function goes(id: string, { Type, ...resource }: Resource): readonly Weakening[] {
  if (isSwitch({ Type, ...resource })) {
    return [{ of: 'guard', what: `${id} (the switch)`, before: 'there', after: undefined, why: 'gone' }];
  }
  const feature = Type === 'AWS::Lambda::Function' ? featureOf({ Type, ...resource }) : undefined;
  if (!NEEDED.has(Type) || (Type === 'AWS::Lambda::Function' && feature === undefined)) return [];
  return [{ of: 'guard', what: `${id} (${Type})`, before: feature ?? 'there', after: undefined, why: 'gone' }];
}

function changedIn(
  id: string,
  { Type, Properties: was = {} }: Resource,
  { Properties: is = {} }: Resource,
): readonly Weakening[] {
  const found = Object.entries(RULES[Type] ?? {}).flatMap(([name, rule]) => {
    if (valueChanges(was[name], is[name]).length === 0) return [];
    return weaker(id, name, was[name], is[name], rule(was[name], is[name], name));
  });
  return Type === 'AWS::CloudWatch::Alarm' ? [...found, ...thresholdWeaker(id, was, is)] : found;
}

/** Above the line, a higher line is later; below it, a lower one. */
function thresholdWeaker(id: string, was: Properties, is: Properties): readonly Weakening[] {
  const rule = rendered(is['ComparisonOperator'] ?? null).startsWith('Less') ? lowered : raised;
  return weaker(id, 'Threshold', was['Threshold'], is['Threshold'], rule(was['Threshold'], is['Threshold']));
}
