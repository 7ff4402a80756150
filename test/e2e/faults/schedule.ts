import { between, seededRandom } from '../../../simulator/random';

/** A call that the next invocation of a function meets a fault at: of one of these actions. */
interface CallFault {
  readonly kind: string;
  readonly how: 'throttle' | 'error' | 'timeout';
  readonly actions: readonly string[];
  /** Calls that are let by before: between these, none where they are left out. */
  readonly from?: number;
  readonly to?: number;
}

/** Something that happens to an invocation, or to what it can see. */
interface Mishap {
  readonly kind: string;
  readonly how: 'spendLate' | 'metricsBroken' | 'duplicate' | 'late' | 'atOnce';
}

export type Fault = CallFault | Mishap;

const refused = (service: string, ...actions: readonly string[]): readonly CallFault[] =>
  (['throttle', 'error'] as const).map((how) => ({ kind: `${how} of ${service}`, how, actions }));
const ended = (when: string, action: string, from = 0, to = from): CallFault => ({
  kind: `ended once it had ${when}`,
  how: 'timeout',
  actions: [action],
  from,
  to,
});

/** In a tick that finds a line crossed, and has to mail it. */
const MAILING: readonly Fault[] = [
  ...refused('SNS', 'sns:Publish'),
  ...refused('EventBridge', 'events:PutEvents'),
  ended('mailed', 'sns:Publish'),
  ended('saved its decision', 'dynamodb:PutItem'),
  ended('noted what it did', 'dynamodb:PutItem', 1),
  { kind: 'the same event twice', how: 'duplicate' },
  { kind: 'spend shown late', how: 'spendLate' },
];

/** In a tick that denies the large models, or all. */
const DENYING: readonly Fault[] = [
  ...refused('IAM', 'iam:SetDefaultPolicyVersion'),
  ...refused('Lambda', 'lambda:InvokeFunction'),
  ended('put the version in effect', 'iam:SetDefaultPolicyVersion'),
  ended('told auto-stop', 'lambda:InvokeFunction'),
  ended('recorded the change', 'events:PutEvents'),
  { kind: 'an event that comes late', how: 'late' },
  { kind: 'two ticks at once', how: 'atOnce' },
];

/** In any tick that reads the month. */
const READING: readonly Fault[] = [
  ...refused('CloudWatch', 'cloudwatch:GetMetricData'),
  ...refused('Bedrock', 'bedrock:ListInferenceProfiles'),
  ...refused('DynamoDB', 'dynamodb:Query'),
  ...refused("the switch's versions", 'iam:ListPolicyVersions'),
  ...refused("the switch's holders", 'iam:ListEntitiesForPolicy'),
  { kind: 'metrics that are not whole', how: 'metricsBroken' },
];

/** While auto-stop lowers. */
const LOWERING: readonly CallFault[] = [
  ...refused("Lambda's control plane", 'lambda:ListProvisionedConcurrencyConfigs'),
  ...refused('Application Auto Scaling', 'application-autoscaling:DescribeScalableTargets'),
  ended('saved what it lowers', 'dynamodb:PutItem', 0, 3),
  ended('suspended the scaling', 'application-autoscaling:RegisterScalableTarget'),
  ended('lowered one', 'lambda:DeleteProvisionedConcurrencyConfig'),
  ended('lowered the other', 'lambda:DeleteProvisionedConcurrencyConfig', 1),
];

/** While auto-stop gives back. */
const RESTORING: readonly CallFault[] = [
  ended('asked for what it owes', 'lambda:PutProvisionedConcurrencyConfig', 0, 1),
  ended('let the scaling go on', 'application-autoscaling:RegisterScalableTarget'),
  ...refused("Lambda's allocation", 'lambda:PutProvisionedConcurrencyConfig'),
];

/** While the meter has the budgets action reversed. */
const TURNING: readonly CallFault[] = [
  ...refused('Budgets', 'budgets:ExecuteBudgetAction'),
  ended('reversed the action', 'budgets:ExecuteBudgetAction'),
];

export const TEARDOWN: CallFault = {
  kind: 'error in the teardown',
  how: 'error',
  actions: ['iam:ListEntitiesForPolicy'],
};

const DECKS = { MAILING, DENYING, READING, LOWERING, TURNING, RESTORING };
export const KINDS: readonly string[] = [...Object.values(DECKS).flat(), TEARDOWN].map(({ kind }) => kind);

/** A fault as it is dealt: how many calls it meets, of which a retry makes up for one, and how many it lets by. */
export interface Dealt {
  readonly fault: Fault;
  readonly action?: string;
  readonly count: number;
  readonly after: number;
}

/** Two ticks: one in which a line is crossed, and one that follows. */
export interface Leg {
  /** Dollars of each day of it. */
  readonly days: readonly number[];
  readonly crossing: Dealt;
  readonly following: Dealt | undefined;
  readonly minutesBetween: number;
}

export type Ending = 'override' | 'turn' | 'teardown';

export interface Schedule {
  readonly seed: number;
  readonly legs: readonly Leg[];
  readonly lowering: Dealt;
  readonly turning: Dealt;
  readonly restoring: Dealt;
  readonly ending: Ending;
  /** From a series' first point to its first listing, see `MetricSettings`. */
  readonly listDelaySeconds: number;
}

/** More than any adapter tries, twice where it asks two things at once. */
const ALL_TRIES = 12;
/** One in so many ends with the destruction of the stack. */
const TEARDOWN_EACH = 20;

/**
 * The kinds are dealt in turn, so that any twenty schedules in a row have each of them several times, every other time too
 * often for a retry; when, how far into a run and with what spend is drawn.
 */
export function scheduleOf(seed: number): Schedule {
  const random = seededRandom(seed, 'faults on the local AWS');
  const deal = (deck: readonly Fault[], perSchedule: number, slot: number): Dealt => {
    const at = Math.floor(seed * perSchedule) + slot;
    const fault = deck[at % deck.length]!;
    if (!('actions' in fault)) return { fault, count: 1, after: 0 };
    const severe = fault.how !== 'timeout' && Math.floor(at / deck.length) % 2 === 0;
    const action = fault.actions[between(random, 0, fault.actions.length - 1)]!;
    return { fault, action, count: severe ? ALL_TRIES : 1, after: between(random, fault.from ?? 0, fault.to ?? 0) };
  };
  const reading = between(random, 0, 3);
  const leg = (days: readonly number[], crossing: Dealt, at: number): Leg => ({
    days: days.map((usd) => usd + between(random, 0, 50) / 100),
    crossing,
    following: at === reading ? undefined : deal(READING, 3, at < reading ? at : at - 1),
    minutesBetween: between(random, 15, 30),
  });
  return {
    seed,
    // Of $100, with at most $20 a day: to half of it, 75%, 90% and 95%.
    legs: [
      leg([17, 17, 17], deal(MAILING, 2, 0), 0),
      leg([17, 8], deal(MAILING, 2, 1), 1),
      leg([14], deal(DENYING, 2, 0), 2),
      leg([5], deal(DENYING, 2, 1), 3),
    ],
    lowering: deal(LOWERING, 1, 0),
    restoring: deal(RESTORING, 1, 0),
    turning: deal(TURNING, 0.5, 0),
    ending: seed % TEARDOWN_EACH === 0 ? 'teardown' : seed % 2 === 0 ? 'override' : 'turn',
    listDelaySeconds: between(random, 0, 900),
  };
}

/** For the message of a failure: enough to see what happened, and to play it again. */
export function scheduleText({ seed, legs, lowering, turning, restoring, ending, listDelaySeconds }: Schedule): string {
  const told = (dealt: Dealt | undefined) =>
    dealt === undefined ? 'nothing' : `${dealt.fault.kind} (${dealt.action ?? ''} ${dealt.count} after ${dealt.after})`;
  return [
    `E2E_FAULT_SEED=${seed} E2E_FAULT_SCHEDULES=1, ended by ${ending}, listed after ${listDelaySeconds} s:`,
    ...legs.map(({ days, crossing, following }) => `  $${days.join(' $')}: ${told(crossing)}; ${told(following)}`),
    `  lowering: ${told(lowering)}; giving back: ${told(restoring)}; at the turn: ${told(turning)}`,
  ].join('\n');
}
