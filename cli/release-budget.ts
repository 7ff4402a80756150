import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoDbLedgerStore, dynamoDbStatus, after } from '../client/adapters';
import { releaseAll, LedgerContended } from '../core/ledger';
import { budgetName, type BudgetPath, ENVIRONMENT_BUDGET } from '../core/shared-budgets';
import type { SharedBudgetReleasePort } from '../core/report';

const ATTEMPTS = 50;
const PAUSE_MS = 200;

/** The budgets that callers share, in the environment's leases table, by the ledger's own conditional write. */
export function sharedBudgetRelease(
  tableName: string,
  environment: string,
  documents: DynamoDBDocumentClient,
): SharedBudgetReleasePort {
  const shared = { tableName, scope: environment, documents, now: Date.now, random: Math.random, after };
  const storeOf = (budget: BudgetPath) => dynamoDbLedgerStore({ ...shared, budget });
  return {
    async release(period, note, budget = ENVIRONMENT_BUDGET) {
      const store = storeOf(budget);
      // The meter sees the environment alone.
      const seen = budget === ENVIRONMENT_BUDGET ? await dynamoDbStatus({ tableName, documents }).read() : undefined;
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const record = await store.read(period);
        if (!record || record.state.unsettled === 0) return undefined;
        const release = releaseAll(record, seen?.month === period ? seen : undefined, note);
        const isDone = release !== undefined && (await store.release(period, release));
        if (isDone && release.note) return release.note.amount;
        if (!isDone) await sleep(PAUSE_MS);
      }
      const which = budget === ENVIRONMENT_BUDGET ? 'the budget' : budgetName(budget);
      throw new LedgerContended(`callers have changed ${which} of ${environment} each time meanwhile; try again`);
    },
  };
}
