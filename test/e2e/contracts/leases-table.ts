import { exactLedger } from '../../../client/adapters/dynamodb-ledger';
import { leaseLedger } from '../../../client/adapters/dynamodb-lease-ledger';
import { dynamoDbStatus } from '../../../client/adapters/dynamodb-status';
import { guardStatus } from '../../../lambda/adapters/dynamodb/guard-status';
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
} from '../../contracts/leases';
import { sharedBudget } from '../../../lambda/adapters/dynamodb/shared-budget';
import { sharedBudgets } from '../../../lambda/adapters/dynamodb/shared-budgets';
import type { GuardStatusSubject } from '../../contracts/suites/guard-status';
import type { SharedBudgetSubject } from '../../contracts/suites/shared-budget';
import type { SharedBudgetsSubject } from '../../contracts/suites/shared-budgets';
import type { Account } from './account';
import { Table } from './tables';

export async function status(account: Account): Promise<GuardStatusSubject> {
  const table = await Table.make(account);
  return {
    port: dynamoDbStatus({ tableName: table.name, documents: table.documents }),
    writer: guardStatus(table.name, table.client),
    leave: (item) => table.write(item),
    throttle: () => table.throttle(),
  };
}

async function leases(account: Account): Promise<LeasesTable> {
  return leasesOn(await Table.make(account));
}

function leasesOn(table: Table): LeasesTable {
  return {
    name: table.name,
    documents: () => table.documents,
    read: (pk, sk) => table.read(pk, sk),
    write: (item) => table.write(item),
    throttle: () => table.throttle(),
  };
}

export const ledgerStore = async (account: Account) => ledgerStoreOn(await leases(account));
export const exact = async (account: Account) => ledgerOn(await leases(account), exactLedger);
export const leased = async (account: Account) => ledgerOn(await leases(account), leaseLedger);
export const rateLimit = async (account: Account) => rateLimitOn(await leases(account));
export const callers = async (account: Account) => callersOn(await leases(account));
export const keysOfCallers = async (account: Account) => callerKeysOn(await leases(account));
export const answers = async (account: Account) => answersOn(await leases(account));

export async function shared(account: Account): Promise<SharedBudgetSubject> {
  const table = await Table.make(account);
  return sharedBudgetOn(leasesOn(table), (scope) => sharedBudget(table.name, scope, table.client));
}

export async function sharedMany(account: Account): Promise<SharedBudgetsSubject> {
  const table = await Table.make(account);
  return sharedBudgetsOn(leasesOn(table), (scope) => sharedBudgets(table.name, scope, { client: table.client }));
}
