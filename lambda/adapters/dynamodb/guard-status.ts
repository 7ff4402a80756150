import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { StatusWriterPort } from '../../../core/enforcement';
import { timeout } from '../pace';
import { serviceError } from '../service-error';

const REQUEST_MS = 5_000;

/** Item `pk` = `sk` = `STATUS` of the leases table; `asOf` in ms, amounts in nano-dollars; `budgets` a map. */
export function guardStatus(
  leasesTableName: string,
  client = new DynamoDBClient({ maxAttempts: 2 }),
): StatusWriterPort {
  const documents = DynamoDBDocumentClient.from(client);
  return {
    async write({ desired, asOf, month, spentAtLeast, limit, complete, budgets, revision }) {
      const Item = {
        ...{ pk: 'STATUS', sk: 'STATUS', schemaVersion: 1 },
        ...{ desired, asOf, month, spentAtLeast, limit, revision },
        ...(complete && { completeUntil: complete.until, completeSpent: complete.spent }),
        ...(budgets && { budgets }),
      };
      try {
        await documents.send(
          new PutCommand({
            TableName: leasesTableName,
            Item,
            ConditionExpression:
              'attribute_not_exists(pk) OR #month < :month OR (#month = :month AND revision <= :revision)',
            ExpressionAttributeNames: { '#month': 'month' },
            ExpressionAttributeValues: { ':month': month, ':revision': revision },
          }),
          { abortSignal: timeout(REQUEST_MS) },
        );
      } catch (error) {
        // A newer one stands there already, which is all that was wanted.
        if (!(error instanceof ConditionalCheckFailedException)) throw serviceError(error);
      }
    },
  };
}
