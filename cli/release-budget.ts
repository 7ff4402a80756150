import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoDbLedgerStore, dynamoDbStatus, after } from '../client/adapters';
import { releaseAll, LedgerContended } from '../core/ledger';
import type { SharedBudgetReleasePort } from '../core/report';

const ATTEMPTS = 50;
const PAUSE_MS = 200;

/** The budget that callers share, in the environment's leases table, by the ledger's own conditional write. */
export function sharedBudgetRelease(
  tableName: string,
  environment: string,
  documents: DynamoDBDocumentClient,
): SharedBudgetReleasePort {
  const scope = environment;
  const store = dynamoDbLedgerStore({ tableName, scope, documents, now: Date.now, random: Math.random, after });
  return {
    async release(month, note) {
      const status = await dynamoDbStatus({ tableName, documents }).read();
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const record = await store.read(month);
        if (!record || record.state.unsettled === 0) return undefined;
        const release = releaseAll(record, status?.month === month ? status : undefined, note);
        const isDone = release !== undefined && (await store.release(month, release));
        if (isDone && release.note) return release.note.amount;
        if (!isDone) await sleep(PAUSE_MS);
      }
      throw new LedgerContended(`callers have changed the budget of ${environment} each time meanwhile; try again`);
    },
  };
}
