import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { CalibrationPort } from '../../../core/decision';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 5_000;

/** The item `pk` = `calibration`, `sk` = `meter`, which never expires; a key of its own, so that cost-check writes no other. */
export function meterCalibration(tableName: string, client = new DynamoDBClient({ maxAttempts: 2 })): CalibrationPort {
  const documents = DynamoDBDocumentClient.from(client);
  return {
    async keepCalibration(calibration) {
      const Item = { pk: 'calibration', sk: 'meter', schemaVersion: 1, ...calibration };
      const command = new PutCommand({ TableName: tableName, Item });
      await calling(() => documents.send(command, { abortSignal: timeout(REQUEST_MS) }));
    },
  };
}
