import { leaseSizing, type LedgerPort } from '../../core/ledger';
import { dynamoDbLedger, type DynamoDbLedgerOptions } from './dynamodb-ledger';

/**
 * The ledger for long-running processes that need the speed: each takes a small part of the budget ahead and lets calls in
 * out of it, mostly without a request. A process that dies loses its part, at most 1% of the limit and the bounds of its
 * calls in flight.
 */
export function leaseLedger(options: DynamoDbLedgerOptions): LedgerPort {
  return dynamoDbLedger(options, leaseSizing);
}
