import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { spendGuard, type SpendGuard } from '../../client/plugin';
import type { SpendGuardEvent } from '../../client/events';
import type { SpendGuardOptions } from '../../client/options';
import type { ClientConfig } from '../../core/in-path/config';
import { utcMonth, type UtcDay } from '../../core/calendar';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../core/money';
import { usageCost, type PicoUsd, type TokenUsage } from '../../core/prices';
import {
  type BudgetNode,
  type BudgetPath,
  type BudgetView,
  ENVIRONMENT_BUDGET,
  lineOf,
  periodAt,
  periodEnd,
} from '../../core/shared-budgets';
import {
  type GuardStatus,
  LedgerUnavailable,
  type LedgerPort,
  type Reservation,
  type RateLimitPort,
} from '../../core/ledger/ports';

export const PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/small1234567';
export const LARGE_PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/large1234567';
export const SMALL = 'amazon.nova-lite-v1:0';
export const LARGE = 'amazon.nova-pro-v1:0';
export const CLAUDE = 'anthropic.claude-haiku-4-5-20251001-v1:0';

const pico = (value: number) => value as PicoUsd;

/** Prices of round numbers, so that a test can say what a call costs: $1 and $4 a million tokens, ten times that for large. */
export const CONFIG: ClientConfig = {
  schemaVersion: 1,
  environment: 'dev',
  region: 'us-east-1',
  leasesTable: 'leases',
  limit: usd(10),
  requestLimits: { perHour: 500, perDay: 5_000 },
  cacheMinutes: 0,
  inPath: { mode: 'exact', defaultMaxTokens: 1_000, whenAway: { kind: 'closed' } },
  models: [
    {
      id: SMALL,
      name: 'Small',
      tier: 'small',
      calledId: SMALL,
      profile: PROFILE,
      price: { input: pico(1_000_000), output: pico(4_000_000), cacheRead: pico(250_000), cacheWrite: pico(1_250_000) },
      priceSource: 'test',
    },
    {
      id: CLAUDE,
      name: 'Claude',
      tier: 'small',
      calledId: `us.${CLAUDE}`,
      price: { input: pico(1_000_000), output: pico(4_000_000), cacheRead: pico(100_000), cacheWrite: pico(2_000_000) },
      priceSource: 'test',
    },
    {
      id: LARGE,
      name: 'Large',
      tier: 'large',
      calledId: LARGE,
      profile: LARGE_PROFILE,
      price: { input: pico(10_000_000), output: pico(40_000_000), cacheRead: 'unsupported', cacheWrite: 'unsupported' },
      priceSource: 'test',
    },
  ],
  localModels: { endpoint: 'http://127.0.0.1:9', models: [] },
};

/** At the prices of the small model, or of another. */
export const cost = (usage: Partial<TokenUsage>, of = CONFIG.models[0]!.price): NanoUsd =>
  usageCost({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...usage }, of);

interface MemoryBudget extends BudgetNode {
  limit: NanoUsd;
  held: number;
  spent: number;
}

/** A ledger in memory, of an environment's budget and those within it, with what it was asked. */
export class MemoryLedger implements LedgerPort {
  readonly reserved: NanoUsd[] = [];
  readonly settled: { readonly amount: NanoUsd; readonly spent: NanoUsd }[] = [];
  /** What no source told, of what was settled. */
  readonly unsettled: NanoUsd[] = [];
  readonly charged: { readonly spent: NanoUsd; readonly unsettled: NanoUsd; readonly budget?: BudgetPath }[] = [];
  private readonly open = new Set<string>();
  private readonly budgets: ReadonlyMap<BudgetPath, MemoryBudget>;
  /** Whether it has been asked: nothing is known before. */
  private asked = false;
  away = false;
  closed = 0;

  constructor(
    limit: NanoUsd = usd(10),
    within: readonly BudgetNode[] = [],
    private readonly now: () => number = Date.now,
  ) {
    const root: BudgetNode = { path: ENVIRONMENT_BUDGET, period: 'month', limit };
    this.budgets = new Map([root, ...within].map((node) => [node.path, { ...node, held: 0, spent: 0 }]));
  }

  get spent(): number {
    return this.of(ENVIRONMENT_BUDGET).spent;
  }

  /** The running figures of one, to look at and to change. */
  of(path: BudgetPath): MemoryBudget {
    return this.budgets.get(path)!;
  }

  get active(): number {
    return this.open.size;
  }

  async reserve(amount: NanoUsd, budget: BudgetPath = ENVIRONMENT_BUDGET): ReturnType<LedgerPort['reserve']> {
    await this.answers();
    for (const { path, limit, held, spent } of this.line(budget)) {
      const remaining = nanoUsd(limit - held - spent);
      if (amount <= remaining) continue;
      const of = path === ENVIRONMENT_BUDGET ? {} : { budget: path };
      return { kind: 'refused', soft: spent + amount <= limit, retryAfterSeconds: 7, remaining, ...of };
    }
    for (const one of this.line(budget)) one.held += amount;
    this.reserved.push(amount);
    const id = String(this.reserved.length);
    this.open.add(id);
    return { kind: 'reserved', reservation: { id, period: utcMonth(0), amount, budget } };
  }

  async settle(reservation: Reservation, spent: NanoUsd, unsettled: NanoUsd = nanoUsd(0)): Promise<void> {
    await this.answers();
    const { id, amount, budget = ENVIRONMENT_BUDGET } = reservation;
    if (!this.open.delete(id)) throw new Error(`settled twice: ${id}`);
    for (const one of this.line(budget)) {
      one.held -= amount;
      one.spent += spent;
    }
    this.settled.push({ amount, spent });
    if (unsettled > 0) this.unsettled.push(unsettled);
  }

  async charge(_: UtcDay, spent: NanoUsd, unsettled: NanoUsd, budget?: BudgetPath): Promise<void> {
    await this.answers();
    for (const one of this.line(budget)) one.spent += spent;
    this.charged.push({ spent, unsettled, ...(budget === undefined ? {} : { budget }) });
  }

  known(budget?: BudgetPath): readonly BudgetView[] {
    if (!this.asked) return [];
    return this.line(budget).map(({ path, period, limit, held, spent }) => {
      const key = periodAt(period, this.now());
      const remaining = nanoUsd(limit - held - spent);
      const figures = { limit, held: nanoUsd(held), spent: nanoUsd(spent), remaining };
      return { budget: path, period: key, ...figures, resetsAt: periodEnd(key) };
    });
  }

  async look(budget?: BudgetPath): Promise<readonly BudgetView[]> {
    await this.answers();
    return this.known(budget);
  }

  private async answers(): Promise<void> {
    await Promise.resolve();
    if (this.away) throw new LedgerUnavailable('away');
    this.asked = true;
  }

  private line(budget: BudgetPath = ENVIRONMENT_BUDGET): readonly MemoryBudget[] {
    return lineOf(budget).map((path) => this.of(path));
  }

  async close(): Promise<void> {
    this.closed += 1;
  }
}

export function openStatus(now: number, more: Partial<GuardStatus> = {}): GuardStatus {
  return { desired: 'open', asOf: now, month: utcMonth(now), spentAtLeast: ZERO, limit: usd(10), ...more };
}

export interface GuardedOptions extends SpendGuardOptions {
  readonly config?: ClientConfig;
  readonly client?: BedrockRuntimeClientConfig;
  /** undefined: the meter has not written. */
  readonly meter?: () => GuardStatus | undefined;
}

export interface Guarded {
  readonly client: BedrockRuntimeClient;
  readonly guard: SpendGuard;
  readonly ledger: MemoryLedger;
  readonly events: SpendGuardEvent[];
  readonly asked: { status: number; rate: number; credentials: number };
}

/** A client against `endpoint` with the guard on it, and all that the guard did. */
export function guarded(endpoint: string, options: GuardedOptions = {}): Guarded {
  const { config = CONFIG, client: clientConfig, meter, ...rest } = options;
  const events: SpendGuardEvent[] = [];
  const asked = { status: 0, rate: 0, credentials: 0 };
  const now = options.now ?? Date.now;
  const ledger = new MemoryLedger(config.limit, config.budgets, now);
  const admitted: RateLimitPort = {
    admit: async () => {
      asked.rate += 1;
      return { kind: 'admitted' };
    },
  };
  const guard = spendGuard(
    { config },
    {
      ledger,
      rateLimit: admitted,
      status: {
        read: async () => {
          asked.status += 1;
          return meter ? meter() : openStatus(now());
        },
      },
      onEvent: (event) => events.push(event),
      waitMs: 0,
      ...rest,
    },
  );
  const client = guard.applyTo(
    new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint,
      credentials: async () => {
        asked.credentials += 1;
        return { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
      },
      ...clientConfig,
    }),
  );
  return { client, guard, ledger, events, asked };
}
