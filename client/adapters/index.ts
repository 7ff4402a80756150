export { dynamoDbCallers } from './dynamodb-callers';
export { budgetedDocuments } from './dynamodb-documents';
export { leaseLedger } from './dynamodb-lease-ledger';
export { dynamoDbLedgerStore } from './dynamodb-ledger-store';
export { exactLedger } from './dynamodb-ledger';
export { dynamoDbRateLimit } from './dynamodb-rate-limit';
export { dynamoDbStatus } from './dynamodb-status';
export { after } from '../after';
