import { ThrottlingException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { exactLedger } from '../../client/adapters/dynamodb-ledger';
import { leaseLedger } from '../../client/adapters/dynamodb-lease-ledger';
import { sharedBudget } from '../../lambda/adapters/dynamodb/shared-budget';
import { sharedBudgets } from '../../lambda/adapters/dynamodb/shared-budgets';
import { DynamoDbFake } from '../helpers/dynamodb-fake';
import { MemoryTable } from '../helpers/memory-table';
import {
  answersOn,
  callerKeysOn,
  callersOn,
  ledgerOn,
  ledgerStoreOn,
  rateLimitOn,
  sharedBudgetOn,
  sharedBudgetsOn,
  type LeasesTable,
} from './leases';
import { answersContract } from './suites/answers';
import { callerKeysContract } from './suites/caller-keys';
import { callersContract } from './suites/callers';
import { onFake } from './suites/contract';
import { ledgerContract } from './suites/ledger';
import { ledgerStoreContract } from './suites/ledger-store';
import { rateLimitContract } from './suites/rate-limit';
import { sharedBudgetContract } from './suites/shared-budget';
import { sharedBudgetsContract } from './suites/shared-budgets';

interface MemoryLeases extends LeasesTable {
  pass(ms: number): void;
}

function inMemory(): MemoryLeases {
  let now = 0;
  let throttled = false;
  const fake = new DynamoDbFake(() => now);
  const { documents } = fake;
  const guarded = {
    async send(command: never) {
      if (throttled) throw new ThrottlingException({ $metadata: {}, message: 'slow down' });
      return documents.send(command);
    },
  } as unknown as DynamoDBDocumentClient;
  return {
    name: 'leases',
    documents: () => guarded,
    read: async (pk, sk) => fake.get(pk, sk),
    write: async (item) => fake.put(item),
    throttle: async () => void (throttled = true),
    pass: (ms) => void (now += ms),
  };
}

const TABLE = 'DynamoDB in memory';

ledgerStoreContract(
  TABLE,
  onFake(() => {
    const table = inMemory();
    return { ...ledgerStoreOn(table), pass: (ms: number) => table.pass(ms) };
  }),
);
ledgerContract(
  `exact, ${TABLE}`,
  onFake(() => ledgerOn(inMemory(), exactLedger)),
);
ledgerContract(
  `leases, ${TABLE}`,
  onFake(() => ledgerOn(inMemory(), leaseLedger)),
);
rateLimitContract(
  TABLE,
  onFake(() => rateLimitOn(inMemory())),
);
answersContract(
  TABLE,
  onFake(() => answersOn(inMemory())),
);
callersContract(
  TABLE,
  onFake(() => callersOn(inMemory())),
);
callerKeysContract(
  TABLE,
  onFake(() => callerKeysOn(inMemory())),
);
sharedBudgetContract(
  'the adapter on a table in memory',
  onFake(() => {
    // The ledger writes the one, which knows its conditions; the adapter reads the other, which knows its client.
    const [written, table] = [inMemory(), new MemoryTable()];
    return sharedBudgetOn(
      {
        ...written,
        read: async (pk, sk) => written.read(pk, sk),
        write: (item) => table.write(item),
        throttle: async () => void (table.failure = 'ThrottlingException'),
      },
      (scope) => ({
        async sharedBudget(month) {
          const item = await written.read(`BUDGET#${scope}#${month}`, 'STATE');
          if (item && table.items.size === 0) await table.write(item);
          return sharedBudget('leases', scope, table.client).sharedBudget(month);
        },
      }),
    );
  }),
);
sharedBudgetsContract(
  'the adapter on a table in memory',
  onFake(() => {
    const table = new MemoryTable();
    const paused: number[] = [];
    const pause = async (ms: number) => void paused.push(ms);
    const { client } = table;
    return {
      ...sharedBudgetsOn(
        {
          write: (item) => table.write(item),
          throttle: async () => void (table.failure = 'ThrottlingException'),
        },
        (scope) => sharedBudgets('leases', scope, { client, pause }),
      ),
      leaveOut: (counts: readonly number[]) => void (table.leftOut = [...counts]),
      paused,
    };
  }),
);
