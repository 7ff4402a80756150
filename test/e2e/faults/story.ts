import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import type { ConvergeResult } from '../../../core/concurrency/result';
import type { Mail } from '../../../local/control';
import type { Invoked } from '../../../local/functions';
import type { Deployed, LocalGuard } from '../support/local-guard';
import { tickOf, VirtualMonth } from '../support/month';
import type { Dealt, Leg, Schedule } from './schedule';
import type { Tally } from './tally';

/** $100 a month. */
export const ENVIRONMENT = 'faulty';

/** So that a tick which cannot read is seen to know too little. */
const MEANWHILE_USD = 0.25;

/** One schedule, played in a month of its own. */
export class Story {
  /** Dollars of the month so far, whether anybody can see them yet or not. */
  spent = 0;
  /** Mails of runs that then did not end in order: they may come again. */
  readonly doubtful: Mail[] = [];
  private held: (() => Promise<void>)[] = [];
  private visible = 0;

  private constructor(
    private readonly guard: LocalGuard,
    readonly schedule: Schedule,
    private readonly tally: Tally,
    readonly month: VirtualMonth,
    /** Of the environment, since the story began. */
    readonly mails: () => Promise<readonly Mail[]>,
  ) {}

  static async begin(guard: LocalGuard, schedule: Schedule, tally: Tally): Promise<Story> {
    await guard.aws.control.setMetrics({ listDelaySeconds: schedule.listDelaySeconds });
    const month = await VirtualMonth.begin(guard, ENVIRONMENT);
    return new Story(guard, schedule, tally, month, await guard.mailsFrom(ENVIRONMENT));
  }

  get environment(): Deployed {
    return this.month.environment;
  }

  /** The runaway, with all that goes wrong on the way. */
  async runAway(): Promise<void> {
    for (const leg of this.schedule.legs) await this.play(leg);
    await this.showHeld();
  }

  /** Ticks in which nothing goes wrong any more. */
  async settle(ticks = 2): Promise<void> {
    for (let left = ticks; left > 0; left--) {
      this.month.now += 15 * MINUTE_MS;
      const invoked = await this.tick();
      expect({ result: invoked.result, error: invoked.error }).toMatchObject({ error: undefined });
    }
  }

  /** Auto-stop, once under a fault and then until it has nothing to do. */
  async converge(dealt: Dealt): Promise<void> {
    this.month.now += 15 * MINUTE_MS;
    await this.under(dealt, 'AutoStop', () => this.autoStop(), failedOrUnfinished);
    for (let left = 2; left > 0; left--) {
      this.month.now += 15 * MINUTE_MS;
      const { error, result } = await this.autoStop();
      expect({ error, result }).toMatchObject({ error: undefined, result: { failed: 0 } });
    }
  }

  private async play({ days, crossing, following, minutesBetween }: Leg): Promise<void> {
    for (const usd of days) {
      this.month.now += DAY_MS;
      this.spend(usd, this.month.now - 14 * HOUR_MS);
    }
    if (crossing.fault.how !== 'spendLate') await this.showHeld();
    await this.tickUnder(crossing);
    this.spend(MEANWHILE_USD, this.month.now);
    await this.showHeld();
    this.month.now += minutesBetween * MINUTE_MS;
    if (following) await this.tickUnder(following);
    else await this.tick();
  }

  private spend(usd: number, at: number): void {
    this.spent += usd;
    this.held.push(async () => {
      await this.month.spendAt(usd, at);
      this.visible += usd;
    });
  }

  private async showHeld(): Promise<void> {
    for (const show of this.held.splice(0)) await show();
  }

  /** AWS Budgets has seen it too and denied; a new month begins, and the meter meets a fault when it has that reversed. */
  async turn(): Promise<void> {
    const { budgetName, deny } = this.environment;
    const { control } = this.guard.aws;
    await control.spend(budgetName, this.spent);
    expect((await this.guard.holdersOf(deny.bill)).length).toBe(4);
    // The meter looks at the bill on the hour, and has to have seen in which month it acted.
    await this.month.tickAt(Math.ceil(this.month.now / HOUR_MS) * HOUR_MS);
    await control.spend(budgetName, 0);
    this.month.toNextMonth();
    const { turning } = this.schedule;
    const denied = async () => (await this.guard.holdersOf(deny.bill)).length > 0;
    await this.under(
      turning,
      'SpendMeter',
      () => this.tick(),
      async ({ error }) => error !== undefined || denied(),
    );
  }

  private async tickUnder(dealt: Dealt): Promise<void> {
    const { fault } = dealt;
    const before = (await this.mails()).length;
    let failed = false;
    const run = async () => {
      const invoked = await this.tick();
      failed ||= invoked.error !== undefined;
      return invoked;
    };
    const acted = (invoked: Invoked) => tickOf(invoked)?.switched === true || (tickOf(invoked)?.mailed.length ?? 0) > 0;
    switch (fault.how) {
      case 'spendLate':
        await run();
        this.tally.count(fault.kind, this.visible < this.spent);
        break;
      case 'metricsBroken': {
        await this.guard.aws.control.setMetrics({ statusCode: 'PartialData' });
        const invoked = await run();
        await this.guard.aws.control.setMetrics({ statusCode: '' });
        this.tally.count(fault.kind, !this.saw(invoked));
        break;
      }
      case 'duplicate': {
        const [first, second] = [await run(), await run()];
        this.tally.count(fault.kind, acted(first) && !acted(second));
        break;
      }
      case 'late': {
        const due = this.month.now;
        this.month.now += 10 * MINUTE_MS;
        const invoked = await this.environment.functions.invoke('spend-meter', {
          source: 'schedule',
          scheduledAt: new Date(due).toISOString(),
          now: new Date(this.month.now).toISOString(),
        });
        this.tally.count(fault.kind, acted(invoked));
        break;
      }
      case 'atOnce': {
        const both = await Promise.all([run(), run()]);
        this.tally.count(fault.kind, both.filter(acted).length === 1);
        break;
      }
      default:
        await this.under(dealt, 'SpendMeter', run, (invoked) => this.suffered(invoked));
    }
    if (failed) this.doubtful.push(...(await this.mails()).slice(before));
  }

  /** Failed, knew too little, or left somebody as he was. */
  private suffered(invoked: Invoked): boolean {
    return invoked.error !== undefined || !this.saw(invoked) || (tickOf(invoked)?.open.length ?? 0) > 0;
  }

  /** Whether a tick knew all that was to be seen. */
  private saw(invoked: Invoked): boolean {
    return Math.round((tickOf(invoked)?.monthToDateNanoUsd ?? -1) / 1e6) === Math.round(this.visible * 1e3);
  }

  private async under(
    { fault, action = '', count, after }: Dealt,
    by: string,
    run: () => Promise<Invoked>,
    changed: (invoked: Invoked) => boolean | Promise<boolean>,
  ): Promise<void> {
    const { faults } = this.guard.aws.control;
    const kind = fault.how as 'throttle' | 'error' | 'timeout';
    await faults.inject({ action, kind, count, after, by });
    const invoked = await run();
    const struck = (await faults.list()).some(({ fired }) => fired > 0);
    await faults.clear();
    if (!struck) return;
    const suffered = await changed(invoked);
    this.tally.count(fault.kind, suffered);
    // One call that is refused is made up for by its retry.
    if (count === 1 && kind !== 'timeout') expect([fault.kind, suffered]).toEqual([fault.kind, false]);
  }

  private tick(): Promise<Invoked> {
    return this.environment.functions.tick(this.month.now);
  }

  private autoStop(): Promise<Invoked> {
    return this.environment.functions.invoke('auto-stop', {
      source: 'schedule',
      scheduledAt: new Date(this.month.now).toISOString(),
      now: new Date(this.month.now).toISOString(),
    });
  }
}

function failedOrUnfinished({ error, result }: Invoked): boolean {
  if (error !== undefined) return true;
  const { outcomes } = result as ConvergeResult;
  return outcomes.some(({ outcome }) => outcome === 'failed' || outcome === 'deferred');
}
