import type { CompleteClientConfig } from '../core/in-path/config';
import { exactLedger } from './adapters/dynamodb-ledger';
import { leaseLedger } from './adapters/dynamodb-lease-ledger';
import { budgetedDocuments } from './adapters/dynamodb-documents';
import { dynamoDbRateLimit } from './adapters/dynamodb-rate-limit';
import { dynamoDbStatus } from './adapters/dynamodb-status';
import type { GuardDeps } from './guard';
import type { SpendGuardOptions } from './options';

/** The leases table behind each port that the caller does not bring. */
export function stores(
  config: CompleteClientConfig,
  options: SpendGuardOptions,
): Pick<GuardDeps, 'ledger' | 'rateLimit' | 'status'> {
  const now = options.now ?? Date.now;
  // One client, with timeouts of its own, for all three.
  let shared: ReturnType<typeof budgetedDocuments> | undefined;
  const table = () => ({
    tableName: config.leasesTable,
    scope: config.environment,
    now,
    documents: (shared ??= budgetedDocuments({ region: config.region })),
  });
  const lease = config.inPath.mode === 'lease';
  const makeLedger = lease ? leaseLedger : exactLedger;
  const { ledger } = options;
  return {
    ledger: ledger ? () => ledger : (status) => makeLedger({ ...table(), limit: config.limit, status }),
    rateLimit: options.rateLimit ?? dynamoDbRateLimit({ ...table(), limits: config.requestLimits, ahead: lease }),
    status: options.status ?? dynamoDbStatus(table()),
  };
}
