import { type EnvironmentConfig, ASSUMED } from '../../config';
import { DAY_MS, HOUR_MS } from '../../core/calendar';
import { add, nanoUsd, percentOf, type NanoUsd } from '../../core/money';
import { FakeAlarms } from '../fakes/alarms';
import { seededListingDelay } from '../listing';
import { seededRandom } from '../random';
import { quietMonth } from '../scenarios/quiet-month';
import type { MonthFrame, Scenario } from '../scenarios/scenario';
import type { ActionSpec, BudgetSpec, Subscribers } from '../template/budgets';
import type { GuardStack } from '../template/guard-stack';
import type { Timeline } from '../timeline';
import { SimulatedActivityAlarm } from './activity-alarm';
import { Attachments } from './attachments';
import { MeterStore } from './meter-store';
import { Bill, type BillSeries, type BillView } from './bill';
import { SimulatedBudget } from './budgets-service';
import { SimulatedCloudWatch } from './cloudwatch';
import { hourlyDemand } from './demand';
import { Journal } from './journal';
import type { Place } from './place';
import { VersionedPolicy } from './policy-versions';
import { EnvironmentUsage } from './usage';

export type { Place } from './place';

/** The fixed logical id of the policy. */
const SWITCH_POLICY = 'SwitchPolicy';

/** Enough for whatever looks back: the month before, and what AWS wants before it forecasts. */
export const HISTORY_DAYS = 35;

export interface WorldSettings {
  readonly environments: readonly { readonly config: EnvironmentConfig; readonly stack: GuardStack }[];
  readonly scenario: Scenario;
  readonly month: MonthFrame;
  readonly seed: number;
}

/** AWS and its users for one month: everything outside the guard's functions. */
export class World {
  readonly journal = new Journal();
  readonly attachments: Attachments;
  readonly bill: Bill;
  readonly places: ReadonlyMap<string, Place>;
  /** What each budget's filter lets through. */
  private readonly counted = new Map<BudgetSpec, readonly BillSeries[]>();
  /** By account and Region: environments that share them share their metrics. */
  private readonly metrics = new Map<string, SimulatedCloudWatch>();

  constructor(
    readonly settings: WorldSettings,
    readonly timeline: Timeline,
  ) {
    const { environments, scenario, month, seed } = settings;
    const byName = new Map(environments.map((one) => [one.config.name, one]));
    this.attachments = new Attachments(byName);
    const usages = environments.map(({ config }) => this.usageOf(config));
    const error = scenario.billingError?.(month);
    this.bill = new Bill(usages, new Map(environments.map(({ config, stack }) => [config.name, stack])), {
      fromMs: month.startMs,
      toMs: month.endMs,
      random: seededRandom(seed, 'cost-explorer'),
      ...(error ? { error } : {}),
    });
    this.places = new Map(
      environments.map(({ config, stack }, at) => {
        const usage = usages[at]!;
        const budgets = stack.budgets.map((spec, index) => this.budgetOf(config.name, stack, spec, String(index)));
        const reached = {
          limit: usage.watch(config.limit),
          stopLine: usage.watch(percentOf(config.limit, config.stopAtPercent)),
          billAction: usage.watch(percentOf(config.limit, billActionPercent(config))),
        };
        const theSwitch = this.switchOf(config.name, stack);
        const alarms = new FakeAlarms();
        if (stack.activityAlarm) alarms.put(stack.activityAlarm.arn, stack.activityAlarm.settings);
        const meter = new MeterStore();
        return [config.name, { config, stack, usage, budgets, reached, switch: theSwitch, meter, alarms }];
      }),
    );
  }

  /** Lets AWS Budgets begin. */
  start(): void {
    for (const { budgets } of this.places.values()) for (const budget of budgets) budget.start();
  }

  place(environment: string): Place {
    return this.places.get(environment)!;
  }

  /** The metrics that a place's functions see. */
  cloudWatch({ stack: { identity } }: Place): SimulatedCloudWatch {
    const { account, region } = identity;
    const key = `${account} ${region}`;
    const { scenario, month } = this.settings;
    const found =
      this.metrics.get(key) ??
      new SimulatedCloudWatch({
        places: [...this.places.values()].filter(
          ({ stack }) => stack.identity.account === account && stack.identity.region === region,
        ),
        region,
        now: () => this.timeline.now,
        delayMinutes: scenario.metricDelayMinutes ?? ASSUMED.metricDelayMinutes,
        listingDelay: seededListingDelay(this.settings.seed),
        state: (atMs) => scenario.cloudWatch?.(month, atMs) ?? 'well',
      });
    this.metrics.set(key, found);
    return found;
  }

  /** Lets CloudWatch judge a place's activity alarm from now on, and tell a function of it. */
  startActivityAlarm(place: Place, alarmArn: string, tell: (event: unknown) => Promise<void>): void {
    const { scenario, month, seed } = this.settings;
    new SimulatedActivityAlarm({
      alarms: place.alarms,
      alarmArn,
      timeline: this.timeline,
      untilMs: month.endMs,
      random: seededRandom(seed, 'activity-alarm', place.config.name),
      shown: (fromMs) => this.cloudWatch(place).callsShown(fromMs),
      events: (atMs) => scenario.alarmEvents?.(month, atMs) ?? 'well',
      tell,
    }).start();
  }

  isCostExplorerDown(atMs: number): boolean {
    const down = this.settings.scenario.costExplorerDown?.(this.settings.month);
    return down !== undefined && atMs >= down.fromMs && atMs < down.toMs;
  }

  /** Everybody whom a message to these subscribers reaches. */
  recipients(environment: string, { emails, topicArns }: Subscribers): readonly string[] {
    const { topics } = this.place(environment).stack;
    const subscribed = topicArns.flatMap((arn) => topics.get(arn) ?? []);
    return [...new Set([...emails, ...subscribed.map(({ endpoint }) => endpoint)])];
  }

  /**
   * Changes who is denied what from now on, or from so much later: what was used before stays as it was.
   * @returns false where there is no such policy: IAM would answer NoSuchEntity
   */
  attach(environment: string, policyArn: string, principals: readonly string[], worksAfterMs = 0): boolean {
    const { stack, usage, switch: theSwitch } = this.place(environment);
    usage.advanceTo(this.timeline.now);
    const policy = theSwitch?.arn === policyArn ? theSwitch : stack.policies.get(policyArn);
    if (!policy) return false;
    const { now } = this.timeline;
    for (const principal of principals) this.attachments.attach(environment, policy, principal, now, worksAfterMs);
    this.settleAfter(environment, worksAfterMs);
    return true;
  }

  detach(environment: string, policyArn: string, principals: readonly string[], worksAfterMs = 0): void {
    this.place(environment).usage.advanceTo(this.timeline.now);
    for (const principal of principals) this.attachments.detach(environment, policyArn, principal, this.timeline.now);
    this.settleAfter(environment, worksAfterMs);
  }

  /** Puts a version of the switch in effect for everybody who has it. @throws ServiceError as IAM does */
  setSwitch(environment: string, versionId: string, worksAfterMs = 0): void {
    const { usage, switch: theSwitch } = this.place(environment);
    usage.advanceTo(this.timeline.now);
    const work = theSwitch?.setDefault(versionId);
    this.settleAfter(environment, worksAfterMs, work);
  }

  private settleAfter(environment: string, worksAfterMs: number, first: () => void = () => undefined): void {
    const settle = () => {
      this.place(environment).usage.advanceTo(this.timeline.now);
      first();
      this.attachments.settle(environment, this.timeline.now);
    };
    if (worksAfterMs === 0) settle();
    else this.timeline.at(this.timeline.now + worksAfterMs, settle);
  }

  /** As the template makes it, and gives it to roles. */
  private switchOf(environment: string, { policies }: GuardStack): VersionedPolicy | undefined {
    const found = [...policies.values()].find(({ logicalId }) => logicalId === SWITCH_POLICY);
    if (found === undefined) return undefined;
    const policy = new VersionedPolicy(found);
    for (const role of found.roles) this.attachments.attach(environment, policy, role, this.settings.month.startMs);
    return policy;
  }

  /** History and month in one: what looks back over the month's start finds something there. */
  private usageOf(config: EnvironmentConfig): EnvironmentUsage {
    const { scenario, month, seed } = this.settings;
    const fromMs = month.startMs - HISTORY_DAYS * DAY_MS;
    // History is as quiet as the quiet month, whatever the scenario.
    const history = hourlyDemand(config, quietMonth.demand(config, month), fromMs, month.startMs);
    const present = hourlyDemand(config, scenario.demand(config, month), month.startMs, month.endMs);
    return new EnvironmentUsage({
      environment: config,
      demand: config.models.map((_, at) => Float64Array.from([...history[at]!, ...present[at]!])),
      randoms: config.models.map(({ id }) => seededRandom(seed, 'usage', config.name, id)),
      fromMs,
      monthStartMs: month.startMs,
      toMs: month.endMs,
      allowed: (environment, model) => this.attachments.allowedShare(environment, model),
      ...(scenario.prompts && { prompts: scenario.prompts(month) }),
    });
  }

  /** @param id keeps the budget's times the same when its name changes with its notifications */
  private budgetOf(environment: string, stack: GuardStack, spec: BudgetSpec, id: string): SimulatedBudget {
    const { approval } = this.settings.scenario;
    const attachTo = (action: ActionSpec) => [environment, action.policyArn, action.principals] as const;
    return new SimulatedBudget(
      spec,
      {
        billed: (budget, fromMs, toMs, view) => this.billed(stack.identity.account, budget, fromMs, toMs, view),
        notify: (notification, subscribers) => {
          const recipients = this.recipients(environment, subscribers);
          this.journal.notifications.push({ ...notification, environment, recipients });
        },
        triggered: (run, { subscribers }) => {
          const { usage } = this.place(environment);
          usage.advanceTo(run.triggeredMs);
          const recipients = this.recipients(environment, subscribers);
          const entry = { ...run, environment, recipients, spent: nanoUsd(Math.round(usage.spent)) };
          this.journal.actionRuns.push(entry);
          return entry;
        },
        attach: (action) => this.attach(...attachTo(action)),
        detach: (action) => this.detach(...attachTo(action)),
        approvalAfterMs: approval === 'never' ? undefined : approval.afterHours * HOUR_MS,
      },
      this.timeline,
      seededRandom(this.settings.seed, 'budgets', environment, id),
    );
  }

  /** By the budget's own filter, over everything that is charged to the account. */
  private billed(account: string, budget: BudgetSpec, fromMs: number, toMs: number, view: BillView): NanoUsd {
    const counted =
      this.counted.get(budget) ?? this.bill.series.filter((one) => one.account === account && budget.covers(one.line));
    this.counted.set(budget, counted);
    return add(...counted.map((one) => this.bill.cost(one, fromMs, toMs, view)));
  }
}

/** Where AWS Budgets itself stops; without such an action, where the config wants a stop. */
function billActionPercent({ billAction, stopAtPercent }: EnvironmentConfig): number {
  return billAction.kind === 'none' ? stopAtPercent : billAction.atPercent;
}
