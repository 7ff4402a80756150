import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '../../../core/calendar';
import type { Claim, ReportDay, ReportStatePort } from '../../../core/report';
import { timeout } from '../pace';

const REQUEST_MS = 5_000;
/** Longer than a year, so that a report can be found again. */
const KEPT_MS = 400 * DAY_MS;

type KeyOf = (day: ReportDay) => { readonly pk: string; readonly sk: string };

export class ReportStateAdapter implements ReportStatePort {
  private readonly documents: DynamoDBDocumentClient;

  constructor(
    private readonly tableName: string,
    client = new DynamoDBClient({}),
    private readonly keyOf: KeyOf = environmentKey,
  ) {
    this.documents = DynamoDBDocumentClient.from(client);
  }

  async claim(day: ReportDay, now: number, staleBefore: number): Promise<Claim> {
    try {
      const { Attributes } = await this.documents.send(
        new UpdateCommand({
          TableName: this.tableName,
          Key: this.keyOf(day),
          UpdateExpression:
            'SET #status = :claimed, claimedAt = :now, schemaVersion = :version, expiresAt = :expires ADD attempts :one',
          ConditionExpression: 'attribute_not_exists(pk) OR (#status = :claimed AND claimedAt <= :stale)',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: {
            ':claimed': 'claimed',
            ':now': now,
            ':stale': staleBefore,
            ':version': 1,
            ':expires': Math.floor((now + KEPT_MS) / 1000),
            ':one': 1,
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        { abortSignal: timeout(REQUEST_MS) },
      );
      return { kind: 'claimed', attempt: Number(Attributes?.['attempts']) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (error.Item?.['status']?.S !== 'sent') return { kind: 'busy' };
      return { kind: 'sent', ...(error.Item['untold']?.BOOL === true && { isUntold: true }) };
    }
  }

  async markSent(day: ReportDay, now: number, subject: string, isUntold = false): Promise<void> {
    await this.documents.send(
      new UpdateCommand({
        TableName: this.tableName,
        Key: this.keyOf(day),
        UpdateExpression: 'SET #status = :sent, sentAt = :now, subject = :subject, untold = :untold',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':sent': 'sent', ':now': now, ':subject': subject, ':untold': isUntold },
      }),
      { abortSignal: timeout(REQUEST_MS) },
    );
  }
}

/** `sk` is the local day and its zone. */
function environmentKey(day: ReportDay): ReturnType<KeyOf> {
  return { pk: 'report', sk: day };
}

/** The same of the organisation's, in the hub's table. */
export function organizationReportState(tableName: string, client = new DynamoDBClient({})): ReportStatePort {
  return new ReportStateAdapter(tableName, client, (day) => ({ pk: 'HUB', sk: `REPORT#${day}` }));
}
