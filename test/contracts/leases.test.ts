import { ThrottlingException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { exactLedger } from '../../client/adapters/dynamodb-ledger';
import { leaseLedger } from '../../client/adapters/dynamodb-lease-ledger';
import { DynamoDbFake } from '../helpers/dynamodb-fake';
import { answersOn, ledgerOn, ledgerStoreOn, rateLimitOn, type LeasesTable } from './leases';
import { answersContract } from './suites/answers';
import { onFake } from './suites/contract';
import { ledgerContract } from './suites/ledger';
import { ledgerStoreContract } from './suites/ledger-store';
import { rateLimitContract } from './suites/rate-limit';

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
