import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { PutCommand, TransactWriteCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { between, seededRandom, type Random } from '../../simulator/random';
import type { Item } from './dynamodb-expressions';
import { copied, DynamoDbFake } from './dynamodb-fake';
import type { VirtualTime } from './virtual-time';

export interface ContendedTableOptions {
  /** Of each request, there and back. */
  readonly latencyMs: readonly [number, number];
  /** Of one partition; DynamoDB's own ceiling is 1,000. */
  readonly unitsPerSecond?: number;
  readonly seed?: number;
}

/**
 * A table that takes time and is busy. As DynamoDB has it: while a transaction works on an item, other transactions on it are
 * cancelled and plain writes to it refused; plain writes among themselves stand in line. What a partition cannot take
 * at once takes longer (developer guide: transactions, conflict handling; service quotas; read 28 November 2026).
 */
export class ContendedTable {
  readonly fake: DynamoDbFake;
  readonly counts = { requests: 0, conflicts: 0, longestWaitMs: 0 };
  private readonly random: Random;
  /** By key: until when a transaction works on the item. */
  private readonly busy = new Map<string, number>();
  /** When the partition has done what was asked of it so far. */
  private freeAt = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly options: ContendedTableOptions,
  ) {
    this.fake = new DynamoDbFake(() => time.now);
    this.random = seededRandom(options.seed ?? 1, 'table', '');
  }

  get documents(): DynamoDBDocumentClient {
    return { send: (command: unknown) => this.send(command) } as unknown as DynamoDBDocumentClient;
  }

  private async send(command: unknown): Promise<unknown> {
    const [least, most] = this.options.latencyMs;
    const takes = between(this.random, least * 1000, most * 1000) / 1000;
    this.counts.requests += 1;
    // It is worked on in the middle of its way.
    await this.time.pause(takes / 4);
    const failure = this.conflict(command, this.time.now + takes / 2);
    if (failure) {
      this.counts.conflicts += 1;
      await this.time.pause((takes * 3) / 4);
      throw failure;
    }
    await this.time.pause(takes / 2);
    const before = this.fake.writeUnits;
    let outcome: () => unknown;
    try {
      const answer = copied(this.fake.run(command));
      outcome = () => answer;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
    await this.time.pause(takes / 4 + this.waitsFor(this.fake.writeUnits - before));
    return outcome();
  }

  /** Instead of being throttled and sent again by the SDK. */
  private waitsFor(units: number): number {
    const { unitsPerSecond = Number.POSITIVE_INFINITY } = this.options;
    this.freeAt = Math.max(this.freeAt, this.time.now) + (units / unitsPerSecond) * 1000;
    const waits = this.freeAt - this.time.now;
    this.counts.longestWaitMs = Math.max(this.counts.longestWaitMs, waits);
    return waits;
  }

  private conflict(command: unknown, until: number): Error | undefined {
    const busy = (key: string) => (this.busy.get(key) ?? 0) > this.time.now;
    if (command instanceof TransactWriteCommand) {
      const keys = (command.input.TransactItems ?? []).map(({ Put, Update }) => keyOf(Put?.Item ?? Update?.Key));
      if (keys.some(busy)) {
        return new TransactionCanceledException({
          $metadata: {},
          message: 'Transaction cancelled',
          CancellationReasons: keys.map((key) => ({ Code: busy(key) ? 'TransactionConflict' : 'None' })),
        });
      }
      for (const key of keys) this.busy.set(key, until);
      return undefined;
    }
    if (command instanceof PutCommand && busy(keyOf(command.input.Item))) return plainConflict();
    if (command instanceof UpdateCommand && busy(keyOf(command.input.Key))) return plainConflict();
    return undefined;
  }
}

function keyOf(key: Item | undefined): string {
  return `${String(key?.['pk'])}|${String(key?.['sk'])}`;
}

function plainConflict(): Error {
  return new TransactionConflictException({ $metadata: {}, message: 'Transaction is ongoing for the item' });
}
