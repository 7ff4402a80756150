import { dynamoDbLedger, type DynamoDbLedgerOptions } from '../../client/adapters/dynamodb-ledger';
import { parseBudget } from '../../client/adapters/ledger-item';
import { utcMonth } from '../../core/calendar';
import type { BudgetState, BudgetRecord } from '../../core/ledger/budget';
import type { Hold } from '../../core/ledger/hold';
import { exactSizing, type Sizing } from '../../core/ledger/sizing';
import { usd, type NanoUsd } from '../../core/money';
import type { LedgerPort, ReserveOutcome, Reservation } from '../../core/ledger/ports';
import { copied, DynamoDbFake } from './dynamodb-fake';
import { VirtualTime } from './virtual-time';

/** A table and a clock that processes share; a process is a ledger of its own. */
export class LedgerProcesses {
  readonly time: VirtualTime;
  readonly table: DynamoDbFake;
  /** Answers no more while true. */
  away = false;
  /** Happens to the next commands, first come, first served: the answer, or the request, is lost. */
  readonly faults: ('lostAnswer' | 'lostRequest')[] = [];
  readonly sent: unknown[] = [];
  private readonly alive = new Map<LedgerPort, { is: boolean }>();

  constructor(
    readonly limit: NanoUsd = usd(100),
    at = '2026-11-12T10:00:00Z',
  ) {
    this.time = new VirtualTime(Date.parse(at));
    this.table = new DynamoDbFake(() => this.time.now);
  }

  start(sizing: Sizing = exactSizing(), options: Partial<DynamoDbLedgerOptions> = {}): LedgerPort {
    const alive = { is: true };
    const ledger = dynamoDbLedger(
      {
        tableName: 'leases',
        scope: 'production',
        limit: this.limit,
        unsettledPerHour: this.limit,
        now: () => this.time.now,
        random: () => 0.5,
        after: (ms, run) => this.time.after(ms, () => (alive.is ? run() : undefined)),
        documents: { send: (command: unknown) => this.send(command) } as unknown as NonNullable<
          DynamoDbLedgerOptions['documents']
        >,
        ...options,
      },
      sizing,
    );
    this.alive.set(ledger, alive);
    return ledger;
  }

  /** Lets time pass until it is done, and a second. */
  async settles(work: Promise<unknown>): Promise<void> {
    const state = { isDone: false };
    void work.finally(() => (state.isDone = true)).catch(() => {});
    while (!state.isDone) await this.pass(0.1);
    await work;
    await this.pass(1);
  }

  /** Its timers run no more. */
  kill(ledger: LedgerPort): void {
    this.alive.get(ledger)!.is = false;
  }

  state(month: string = utcMonth(this.time.now)): Omit<BudgetState, 'hours'> {
    return this.table.get(`BUDGET#production#${month}`, 'STATE') as unknown as BudgetState;
  }

  record(month: string = utcMonth(this.time.now)): BudgetRecord {
    return parseBudget(this.table.get(`BUDGET#production#${month}`, 'STATE')!);
  }

  holds(month?: string): readonly Hold[] {
    return this.record(month).holds;
  }

  /** Of a hold that was charged: as the meter's word does long after, where nothing of it was used. */
  giveBack({ id, amount }: Hold, month: string = utcMonth(this.time.now)): void {
    const { [`h${id}`]: _, ...item } = this.table.get(`BUDGET#production#${month}`, 'STATE')!;
    const [remaining, spent] = [Number(item['remaining']) + amount, Number(item['spent']) - amount];
    this.table.put({ ...item, remaining, spent, unsettled: Number(item['unsettled']) - amount });
  }

  pass(seconds: number): Promise<void> {
    return this.time.runUntil(this.time.now + seconds * 1000);
  }

  private async send(command: unknown): Promise<unknown> {
    this.sent.push(command);
    if (this.away) throw new Error('connect ECONNREFUSED');
    const fault = this.faults.shift();
    if (fault === 'lostRequest') throw new Error('socket hang up');
    const answer = copied(this.table.run(command));
    if (fault === 'lostAnswer') throw new Error('socket hang up');
    return answer;
  }
}

export function reserved(outcome: ReserveOutcome): Reservation {
  if (outcome.kind !== 'reserved') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.reservation;
}

export async function spend(ledger: LedgerPort, bound: NanoUsd, spent: NanoUsd): Promise<void> {
  await ledger.settle(reserved(await ledger.reserve(bound)), spent);
}
