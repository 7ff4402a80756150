import { UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoDbLedger } from '../../client/adapters/dynamodb-ledger';
import { HOUR_MS, utcMonth } from '../../core/calendar';
import type { Sizing } from '../../core/ledger/sizing';
import { nanoUsd, ZERO, type NanoUsd } from '../../core/money';
import { type GuardStatus, LedgerUnavailable, type LedgerPort, type Reservation } from '../../core/ledger/ports';
import {
  type BudgetNode,
  type BudgetPath,
  budgetKey,
  ENVIRONMENT_BUDGET,
  lineOf,
  periodAt,
} from '../../core/shared-budgets';
import { between, seededRandom, type Random } from '../../simulator/random';
import { DynamoDbFake } from './dynamodb-fake';
import { charges, checkLedger, checkTree } from './ledger-invariants';
import { UnsteadyProcess } from './unsteady-process';
import { type Losses, unsteadyTable } from './unsteady-table';
import { VirtualTime } from './virtual-time';

export const START = Date.parse('2026-11-12T10:00:00Z');
export const SCOPE = 'production';

export interface WorldOptions extends Losses {
  readonly seed: number;
  readonly sizing: Sizing;
  readonly limit: NanoUsd;
  /** Within the environment's own; callers take turns with them, and with the environment's own where it is named. */
  readonly budgets?: readonly BudgetNode[];
  /** Those that calls name. Default: the environment's own. */
  readonly named?: readonly BudgetPath[];
  readonly processes: number;
  readonly callersEach: number;
  readonly largestBound: number;
  /** Of each bound, what a call costs: the least part; the most is all of it. */
  readonly leastPart?: number;
  readonly seconds: number;
  /** Between two times that chance decides on a process. Default: a second. */
  readonly fateEveryMs?: number;
  /** Each time. */
  readonly crashes?: number;
  readonly pauses?: number;
  readonly skewMs?: number;
  /** Chance for each call that its caller never learns what it used: it is charged its bound. */
  readonly broken?: number;
  /** Of those, how long they go on at the provider after they are charged. */
  readonly goesOnMs?: number;
  /** Between calls of a caller, at most. */
  readonly idleMs?: number;
  /** Of a pause, at most. */
  readonly longestPauseMs?: number;
  /** In ms; with it comes a truthful meter that is an hour late and more, and tells what is complete. */
  readonly meterEveryMs?: number;
  /** Chance for each word of the meter that it does not come. */
  readonly meterDown?: number;
  /** What the meter says, by elapsed ms: each process hears it up to half a minute later. Absent: no meter. */
  readonly meter?: (elapsedMs: number, billed: number) => { readonly limit: NanoUsd; readonly spentAtLeast: NanoUsd };
}

/** Processes that spend one budget through the real adapters on a table in memory, and what is truly billed meanwhile. */
export class LedgerWorld {
  readonly time = new VirtualTime(START);
  readonly table = new DynamoDbFake(() => this.time.now);
  readonly counts = {
    calls: 0,
    crashes: 0,
    pauses: 0,
    charged: 0,
    soft: 0,
    hard: 0,
    unavailable: 0,
    settledTwice: 0,
    broken: 0,
    releases: 0,
  };
  billed = 0;
  /** Bounds of the calls the provider works on, also those whose process is dead. */
  inFlight = 0;
  /** Both together, of each budget. */
  readonly committedOf = new Map<BudgetPath, number>();
  mostAtOnce = 0;
  /** Billed in each hour of the provider's clock. */
  private readonly billedIn = new Map<number, number>();
  private largestLimit = 0;
  private status: GuardStatus | undefined;
  private checkedWrites = -1;
  private born = 0;

  constructor(private readonly options: WorldOptions) {}

  async run(): Promise<this> {
    this.largestLimit = this.options.limit;
    if (this.options.meter) void this.meter();
    if (this.options.meterEveryMs !== undefined) void this.lateMeter(this.options.meterEveryMs);
    for (let n = 0; n < this.options.processes; n += 1) this.start();
    await this.time.runUntil(START + this.options.seconds * 1000, () => this.checkStep());
    return this;
  }

  private async meter(): Promise<void> {
    for (;;) {
      const { limit, spentAtLeast } = this.options.meter!(this.time.now - START, this.billed);
      this.status = { desired: 'open', asOf: this.time.now, month: utcMonth(START), limit, spentAtLeast };
      this.largestLimit = Math.max(this.largestLimit, limit);
      await this.time.pause(20_000);
    }
  }

  /** Of hours that are over for an hour it has seen all; it sees nothing of later ones. */
  private async lateMeter(everyMs: number): Promise<void> {
    const { seed, limit, meterDown = 0 } = this.options;
    const random = seededRandom(seed, 'meter');
    for (;;) {
      await this.time.pause(everyMs);
      if (random() < meterDown) continue;
      const until = Math.floor(this.time.now / HOUR_MS - 1) * HOUR_MS;
      const seen = [...this.billedIn]
        .filter(([hour]) => hour < until / HOUR_MS)
        .reduce((sum, [, cost]) => sum + cost, 0);
      const complete = { until, spent: nanoUsd(seen) };
      const month = utcMonth(START);
      this.status = { desired: 'open', asOf: this.time.now, month, limit, spentAtLeast: ZERO, complete };
    }
  }

  /** As the middleware keeps it. */
  private cachedStatus(process: UnsteadyProcess, random: Random): () => GuardStatus | undefined {
    let cached = this.status;
    const refresh = (): void => {
      cached = this.status;
      process.after(30_000, refresh);
    };
    process.after(between(random, 0, 30_000), refresh);
    return () => cached;
  }

  private start(): void {
    const { options, time } = this;
    const random = seededRandom(options.seed, 'process', String(this.born++));
    const process = new UnsteadyProcess(time, between(random, -(options.skewMs ?? 0), options.skewMs ?? 0));
    const ledger = dynamoDbLedger(
      {
        tableName: 'leases',
        scope: SCOPE,
        limit: options.limit,
        unsettledPerHour: nanoUsd(10 * options.limit),
        ...(options.budgets ? { budgets: options.budgets } : {}),
        ...(options.meter || options.meterEveryMs !== undefined ? { status: this.cachedStatus(process, random) } : {}),
        now: () => process.now(),
        random,
        after: (ms, run) => process.after(ms, run),
        documents: this.documents(process, random),
      },
      options.sizing,
    );
    const { named = [ENVIRONMENT_BUDGET] } = options;
    for (let n = 0; n < options.callersEach; n += 1) {
      const budget = named[(this.born + n) % named.length] ?? ENVIRONMENT_BUDGET;
      void this.caller(process, ledger, random, budget);
    }
    void this.fate(process, random);
  }

  private async fate(process: UnsteadyProcess, random: Random): Promise<void> {
    const { crashes = 0, pauses = 0, fateEveryMs = 1000 } = this.options;
    for (;;) {
      await this.time.pause(fateEveryMs);
      if (random() < crashes) {
        process.dead = true;
        this.counts.crashes += 1;
        await this.time.pause(between(random, 100, 5000));
        return this.start();
      }
      if (random() < pauses) {
        this.counts.pauses += 1;
        process.pausedUntil = this.time.now + between(random, 5000, this.options.longestPauseMs ?? 90_000);
      }
    }
  }

  private async caller(
    process: UnsteadyProcess,
    ledger: LedgerPort,
    random: Random,
    budget: BudgetPath,
  ): Promise<void> {
    const { largestBound } = this.options;
    await process.pause(between(random, 0, 2000));
    for (;;) {
      const bound = nanoUsd(between(random, Math.ceil(largestBound / 10), largestBound));
      try {
        const outcome = await ledger.reserve(bound, budget);
        if (outcome.kind === 'reserved') {
          const { spent, unsettled } = await this.call(process, bound, random, budget);
          await this.settle(ledger, outcome.reservation, spent, random, unsettled);
          await process.pause(between(random, 0, this.options.idleMs ?? 300));
        } else {
          this.counts[outcome.soft ? 'soft' : 'hard'] += 1;
          await process.pause(outcome.soft ? between(random, 300, 1500) : 10_000);
        }
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error;
        this.counts.unavailable += 1;
        await process.pause(between(random, 300, 1000));
      }
    }
  }

  private async settle(
    ledger: LedgerPort,
    reservation: Reservation,
    spent: NanoUsd,
    random: Random,
    unsettled: NanoUsd,
  ): Promise<void> {
    try {
      await ledger.settle(reservation, spent, unsettled);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      this.counts.unavailable += 1;
    }
    if (random() >= 0.2) return;
    this.counts.settledTwice += 1;
    await ledger.settle(reservation, spent);
  }

  /** The provider bills it whatever becomes of its process. */
  private async call(
    process: UnsteadyProcess,
    bound: NanoUsd,
    random: Random,
    budget: BudgetPath,
  ): Promise<{ readonly spent: NanoUsd; readonly unsettled: NanoUsd }> {
    const { broken = 0, goesOnMs = 0 } = this.options;
    const spent = nanoUsd(between(random, Math.floor(bound * (this.options.leastPart ?? 0.02)), bound));
    const takes = between(random, 100, 3000);
    this.counts.calls += 1;
    this.inFlight += bound;
    this.commit(budget, bound);
    const isBroken = broken > 0 && random() < broken;
    const goesOn = isBroken ? between(random, 0, goesOnMs) : 0;
    this.time.after(takes + goesOn, () => {
      this.inFlight -= bound;
      this.billed += spent;
      this.commit(budget, spent - bound);
      const hour = Math.floor(this.time.now / HOUR_MS);
      this.billedIn.set(hour, (this.billedIn.get(hour) ?? 0) + spent);
    });
    await process.pause(takes + 1);
    if (!isBroken) return { spent, unsettled: ZERO };
    this.counts.broken += 1;
    return { spent: bound, unsettled: bound };
  }

  private commit(budget: BudgetPath, amount: number): void {
    for (const path of lineOf(budget)) this.committedOf.set(path, (this.committedOf.get(path) ?? 0) + amount);
  }

  private documents(process: UnsteadyProcess, random: Random): DynamoDBDocumentClient {
    const { table, time } = this;
    return unsteadyTable(process, { table, time, random, done: (command) => this.note(command) }, this.options);
  }

  private note(command: unknown): void {
    if (!(command instanceof UpdateCommand)) return;
    if (charges(command)) this.counts.charged += 1;
    if (command.input.UpdateExpression?.includes('#releases')) this.counts.releases += 1;
  }

  get state(): { limit: number; remaining: number; spent: number } {
    return this.table.get(`BUDGET#${SCOPE}#${utcMonth(START)}`, 'STATE') as {
      limit: number;
      remaining: number;
      spent: number;
    };
  }

  /** What calls have cost, and may still cost. */
  get committed(): number {
    return this.billed + this.inFlight;
  }

  private checkStep(): void {
    this.mostAtOnce = Math.max(this.mostAtOnce, this.committed);
    if (this.committed > this.largestLimit) {
      throw new Error(`overshoot: ${this.committed} of ${this.largestLimit} after ${this.time.now - START} ms`);
    }
    for (const { path, limit } of this.options.budgets ?? []) {
      const committed = this.committedOf.get(path) ?? 0;
      if (committed > limit) throw new Error(`overshoot: ${committed} of the ${limit} of ${path}`);
    }
    if (this.table.writeUnits === this.checkedWrites) return;
    this.checkedWrites = this.table.writeUnits;
    checkLedger(this.table);
    checkTree(this.options.budgets ?? [], ({ path, period }) =>
      this.table.get(budgetKey(SCOPE, path, periodAt(period, START)), 'STATE'),
    );
  }
}
