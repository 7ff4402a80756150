import { DAY_MS, HOUR_MS, MINUTE_MS, monthStart, nextMonth, utcMonth } from '../../core/calendar';
import { nanoUsd, percentOf, ZERO, type NanoUsd } from '../../core/money';
import type { BudgetActionStatus } from '../../core/bill';
import { between, type Random } from '../random';
import type { ActionSpec, BudgetSpec, NotificationSpec } from '../template/budgets';
import type { Timeline } from '../timeline';
import type { BillView } from './bill';
import type { BudgetActionRun, BudgetNotification } from './journal';

/** Refreshed up to three times a day, 8 to 12 hours apart. */
const REFRESH_HOURS = { least: 8, most: 12 };
/** The data is a few hours behind the refresh: with the above, 3 to 17 hours from a line to what follows from it. */
const DATA_LAG_HOURS = { least: 3, most: 5 };
/** What a forecast takes the near future to be like. */
const FORECAST_BASE_DAYS = 7;

/** What AWS Budgets reads from and acts upon. */
export interface BudgetsWorld {
  /** The charges that a budget counts within [fromMs, toMs), as far as a view reaches. */
  billed(budget: BudgetSpec, fromMs: number, toMs: number, view: BillView): NanoUsd;
  notify(
    notification: Omit<BudgetNotification, 'environment' | 'recipients'>,
    subscribers: NotificationSpec['subscribers'],
  ): void;
  /** The action is past its line; only an automatic one goes on by itself. */
  triggered(run: Omit<BudgetActionRun, 'environment' | 'spent' | 'recipients'>, action: ActionSpec): BudgetActionRun;
  /** @returns false where the policy does not exist: the action ends in EXECUTION_FAILURE */
  attach(action: ActionSpec): boolean;
  detach(action: ActionSpec): void;
  /** @returns after how long a person approves, in milliseconds; undefined is never */
  readonly approvalAfterMs: number | undefined;
}

/** One budget as AWS Budgets runs it. */
export class SimulatedBudget {
  private period: string | undefined;
  private readonly notified = new Set<NotificationSpec>();
  private readonly triggered = new Map<ActionSpec, BudgetActionRun>();
  private readonly reversed = new Set<ActionSpec>();
  private counted: NanoUsd = ZERO;

  constructor(
    readonly spec: BudgetSpec,
    private readonly world: BudgetsWorld,
    private readonly timeline: Timeline,
    private readonly random: Random,
  ) {}

  /** Begins the refreshes; the first is at a random time of the first hours. */
  start(): void {
    this.timeline.at(
      this.timeline.now + between(this.random, 0, REFRESH_HOURS.least * 60) * MINUTE_MS,
      this.refreshAndRepeat,
    );
  }

  /** As DescribeBudgetAction would answer. @param action one of the budget's own */
  actionStatus(action: ActionSpec): BudgetActionStatus {
    const run = this.triggered.get(action);
    if (!run) return 'STANDBY';
    if (this.reversed.has(action)) return 'REVERSE_SUCCESS';
    if (run.attachedMs !== undefined) return 'EXECUTION_SUCCESS';
    return run.needsApproval ? 'PENDING' : 'EXECUTION_FAILURE';
  }

  /** As ExecuteBudgetAction: REVERSE detaches and disarms for the period, RESET arms again. @returns false where it cannot be */
  execute(action: ActionSpec, type: 'REVERSE_BUDGET_ACTION' | 'RESET_BUDGET_ACTION'): boolean {
    const run = this.triggered.get(action);
    if (!run) return false;
    if (type === 'RESET_BUDGET_ACTION') {
      this.triggered.delete(action);
      this.reversed.delete(action);
      return true;
    }
    if (run.attachedMs === undefined) return false;
    this.world.detach(action);
    this.reversed.add(action);
    return true;
  }

  /** What was counted at the last refresh. */
  get calculated(): NanoUsd {
    return this.counted;
  }

  private readonly refreshAndRepeat = (): void => {
    const lag = between(this.random, DATA_LAG_HOURS.least * 60, DATA_LAG_HOURS.most * 60) * MINUTE_MS;
    const now = this.timeline.now;
    this.refresh({ asOfMs: now, reachMs: now - lag });
    const pause = between(this.random, REFRESH_HOURS.least * 60, REFRESH_HOURS.most * 60) * MINUTE_MS;
    this.timeline.at(now + pause, this.refreshAndRepeat);
  };

  /** Brings the budget up to date and does what follows from it. */
  refresh(view: BillView): void {
    const now = view.asOfMs;
    const period = utcMonth(now);
    if (this.period !== period) this.startPeriod();
    this.period = period;
    const start = monthStart(period);
    const spend = this.world.billed(this.spec, start, now, view);
    this.counted = spend;
    const forecast = this.forecast(spend, start, view);
    for (const notification of this.spec.notifications) {
      this.judge(notification, notification.type === 'ACTUAL' ? spend : forecast, now);
    }
    for (const action of this.spec.actions) {
      if (!this.triggered.has(action) && spend > percentOf(this.spec.limit, action.atPercent))
        this.trigger(action, spend, now);
    }
  }

  /** Only at the first refresh of a month: until then an action stays applied (trap 9). */
  private startPeriod(): void {
    this.notified.clear();
    for (const [action, run] of this.triggered) if (run.attachedMs !== undefined) this.world.detach(action);
    this.triggered.clear();
    this.reversed.clear();
  }

  private judge(notification: NotificationSpec, amount: NanoUsd, now: number): void {
    const { type, atPercent, subscribers } = notification;
    if (amount <= percentOf(this.spec.limit, atPercent)) {
      // A forecast may fall below its line and pass it again; actual spend is notified once a period (trap 13).
      if (type === 'FORECASTED') this.notified.delete(notification);
      return;
    }
    if (this.notified.has(notification)) return;
    this.notified.add(notification);
    this.world.notify({ atMs: now, budget: this.spec.name, type, atPercent, seen: amount }, subscribers);
  }

  private trigger(action: ActionSpec, seen: NanoUsd, now: number): void {
    const needsApproval = action.approval === 'MANUAL';
    const run = this.world.triggered(
      { budget: this.spec.name, atPercent: action.atPercent, triggeredMs: now, seen, needsApproval },
      action,
    );
    this.triggered.set(action, run);
    const execute = (): void => {
      // A person may come too late: the next period has begun.
      if (this.triggered.get(action) !== run) return;
      if (this.world.attach(action)) run.attachedMs = this.timeline.now;
    };
    if (!needsApproval) execute();
    else if (this.world.approvalAfterMs !== undefined) this.timeline.at(now + this.world.approvalAfterMs, execute);
  }

  /** Spend so far, and the rest of the period like its last days: a stand-in for AWS's own, which is not published. */
  private forecast(spend: NanoUsd, periodStart: number, view: BillView): NanoUsd {
    const end = monthStart(nextMonth(utcMonth(periodStart)));
    const base = FORECAST_BASE_DAYS * DAY_MS;
    const recent = this.world.billed(this.spec, view.reachMs - base, view.reachMs, view);
    const remaining = Math.max(0, end - Math.max(view.reachMs, periodStart));
    return recent === ZERO ? spend : nanoUsd(spend + Math.round(((recent / (base / HOUR_MS)) * remaining) / HOUR_MS));
  }
}
