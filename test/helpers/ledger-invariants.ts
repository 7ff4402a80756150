import type { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { parseBudget } from '../../client/adapters/ledger-item';
import type { DynamoDbFake } from './dynamodb-fake';

/** Whether a write takes a hold for dead. */
export function charges({ input }: UpdateCommand): boolean {
  return Object.entries(input.ExpressionAttributeValues ?? {}).some(
    ([name, value]) => name.startsWith(':to_h') && String(value).startsWith('c.'),
  );
}

/** `remaining + spent + active = limit`, exactly, in every month; and what is charged unsettled is a part of what is spent. */
export function checkLedger(table: DynamoDbFake): void {
  for (const item of table.items.values()) {
    if (item['sk'] !== 'STATE' || !String(item['pk']).startsWith('BUDGET#')) continue;
    const { state, holds } = parseBudget(item);
    const { limit, remaining, spent, raised, unsettled } = state;
    const held = holds.filter(({ claim }) => claim === 'active').reduce((sum, { amount }) => sum + amount, 0);
    if (remaining + spent + held !== limit || unsettled < 0 || unsettled > spent - raised)
      throw new Error(`ledger broken: ${JSON.stringify({ ...state, held })}`);
  }
}
