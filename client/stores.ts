import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CompleteClientConfig } from '../core/in-path';
import { usd } from '../core/money';
import { exactLedger } from './adapters/dynamodb-ledger';
import { leaseLedger } from './adapters/dynamodb-lease-ledger';
import { budgetedDocuments } from './adapters/dynamodb-documents';
import { dynamoDbRateLimit } from './adapters/dynamodb-rate-limit';
import { dynamoDbStatus } from './adapters/dynamodb-status';
import type { GuardDeps } from './guard';
import type { SpendGuardOptions } from './options';

export type Credentials = NonNullable<DynamoDBClientConfig['credentials']>;

export interface Stores extends Pick<GuardDeps, 'ledger' | 'rateLimit' | 'status'> {
  /** Of the client that is guarded: the table's too, from its first request on, unless the options name others. */
  useCredentials(credentials: Credentials): void;
}

/** The leases table behind each port that the caller does not bring. */
export function stores(config: CompleteClientConfig, options: SpendGuardOptions): Stores {
  const now = options.now ?? Date.now;
  let credentials = options.tableCredentials;
  const documents = madeWithFirstUse(() =>
    budgetedDocuments({ region: config.region, ...(credentials ? { credentials } : {}) }),
  );
  const table = { tableName: config.leasesTable, scope: config.environment, now, documents };
  const lease = config.inPath.mode === 'lease';
  const makeLedger = lease ? leaseLedger : exactLedger;
  const { ledger, unsettledPerHourUsd: perHour } = options;
  const unsettled = perHour === undefined ? {} : { unsettledPerHour: usd(perHour) };
  const within = config.budgets === undefined ? {} : { budgets: config.budgets };
  return {
    ledger: ledger
      ? () => ledger
      : (status, lost) => makeLedger({ ...table, ...unsettled, ...within, limit: config.limit, status, lost }),
    rateLimit: options.rateLimit ?? dynamoDbRateLimit({ ...table, limits: config.requestLimits, ahead: lease }),
    status: options.status ?? dynamoDbStatus(table),
    useCredentials(ofClient) {
      credentials ??= ofClient;
    },
  };
}

/** One client, with timeouts of its own, for all three; by then it is known whose calls it serves. */
function madeWithFirstUse(make: () => DynamoDBDocumentClient): DynamoDBDocumentClient {
  let made: DynamoDBDocumentClient | undefined;
  const send = (...args: Parameters<DynamoDBDocumentClient['send']>) => (made ??= make()).send(...args);
  return { send } as unknown as DynamoDBDocumentClient;
}
