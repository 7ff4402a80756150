import { DAY_MS, HOUR_MS, MINUTE_MS, monthStart, nextMonth, utcMonth } from '../../../core/calendar';
import type { Emulator } from '../../../local/emulator';
import type { Invoked } from '../../../local/functions';
import type { Deployed, LocalGuard } from './local-guard';

/** Nova Pro's output costs $3.20 a million tokens. */
const PRO_OUTPUT_TOKENS_PER_USD = 312_500;

/** What the meter logged of a tick, as far as tests look at it. */
export interface Tick {
  readonly month: string;
  readonly revision: number;
  readonly from: string;
  readonly desired: string;
  readonly enforced: string;
  readonly cause: string;
  readonly reason: string;
  readonly monthToDateNanoUsd?: number;
  readonly calibration?: number;
  /** Whether the version in effect was changed, and how many were given the switch. */
  readonly switched: boolean;
  readonly attached: number;
  readonly mailed: readonly string[];
  /** Who could not be given the switch. */
  readonly open: readonly string[];
}

let used = 0;

/**
 * A month of a test's own, by the clock in the event: no other test has spent anything in it, and the meter has no state of it
 * or of its neighbours. The emulator itself and everything that it is asked by hand stay in the present.
 */
export class VirtualMonth {
  /** Milliseconds since the epoch. */
  now: number;

  private constructor(
    private readonly guard: LocalGuard,
    readonly environment: Deployed,
    start: number,
  ) {
    this.now = start;
  }

  /** The meter's first tick in it finds nothing spent; the clock stands at 20:00 of the second. */
  static async begin(guard: LocalGuard, environment: string): Promise<VirtualMonth> {
    const today = new Date();
    used += 1;
    // The meter looks at the months before and after its own.
    const start = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 3 * used, 1);
    const month = new VirtualMonth(guard, guard.of(environment), start + DAY_MS + 20 * HOUR_MS);
    await month.tick(0);
    return month;
  }

  /** Usage of the large model at each day's 06:00; the clock then stands at the last day's 20:00. Nothing ticks. */
  async spendDaily(usd: number, days: number): Promise<void> {
    for (let day = 1; day <= days; day++) {
      this.now += DAY_MS;
      await this.spendAt(usd, this.now - 14 * HOUR_MS);
    }
  }

  spendAt(usd: number, at: number): Promise<void> {
    return spendAt(this.guard, this.environment, usd, at);
  }

  /** The clock then stands at noon of the next month's first day. */
  toNextMonth(): void {
    this.now = monthStart(nextMonth(utcMonth(this.now))) + 12 * HOUR_MS;
  }

  tickAt(now: number): Promise<Tick> {
    this.now = now;
    return tickAt(this.environment, now);
  }

  /** One tick of the meter, as long after the last one as it takes that it reads the month anew. */
  tick(afterMinutes = 15): Promise<Tick> {
    this.now += afterMinutes * MINUTE_MS;
    return tickAt(this.environment, this.now);
  }
}

/** @throws Error unless the tick did all that it had to */
export async function tickAt({ functions }: Pick<Deployed, 'functions'>, now: number): Promise<Tick> {
  const invoked = await functions.tick(now);
  const record = tickOf(invoked);
  if (invoked.error !== undefined || !record) throw new Error(`the tick failed: ${JSON.stringify(invoked)}`);
  return record;
}

/** What a tick has logged of itself; undefined where it was skipped, or ended before. */
export function tickOf({ lines }: Invoked): Tick | undefined {
  return lines.findLast(({ event }) => event === 'meter.ticked') as unknown as Tick | undefined;
}

/**
 * Usage of an environment's large model, visible at once. @param at milliseconds since the epoch
 * @param calls that it is of. Needed where the account's real calls show at the same time: a gate that counts those reckons with all
 */
export function spendAt(guard: LocalGuard, { profiles }: Deployed, usd: number, at: number, calls = 0): Promise<void> {
  return spendOn(guard.aws, profiles.pro, usd, at, calls);
}

/** @param called Nova Pro, or the ARN of a profile of it */
export function spendOn(aws: Emulator, called: string, usd: number, at: number, calls = 0): Promise<void> {
  const ModelId = called.slice(called.lastIndexOf('/') + 1);
  const bedrock = { namespace: 'AWS/Bedrock', at: Math.floor(at / 1000) };
  const value = Math.round(usd * PRO_OUTPUT_TOKENS_PER_USD);
  return aws.control.points([
    { ...bedrock, metric: 'OutputTokenCount', value, dimensions: { ModelId } },
    ...(calls === 0 ? [] : [{ ...bedrock, metric: 'Invocations', value: calls, dimensions: {} }]),
  ]);
}
