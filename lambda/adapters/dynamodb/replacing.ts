import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GuardError } from '../../../core/errors';
import { serviceError } from '../service-error';

interface KeyedItem {
  readonly pk: string;
  readonly sk: string;
  readonly [attribute: string]: unknown;
}

interface Replaced {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Of the item that stands there; 0: none must. */
  readonly replaces: number;
}

/**
 * Writes an item only where the one that it replaces still stands.
 * @throws GuardError STATE_CONFLICT where another run was faster; ServiceError
 */
export async function putReplacing(
  Item: KeyedItem,
  { documents, tableName: TableName, replaces }: Replaced,
  options: { readonly abortSignal?: AbortSignal } = {},
): Promise<void> {
  try {
    await documents.send(new PutCommand({ TableName, Item, ...replacing(replaces) }), options);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw serviceError(error);
    const name = `${Item.pk}/${Item.sk}`;
    throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of ${name} first`);
  }
}

/** Of a PutCommand: the item is written only where the one that it replaces still stands. @param revision of that one; 0: none must be there */
export function replacing(revision: number) {
  return revision === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : { ConditionExpression: 'revision = :replaces', ExpressionAttributeValues: { ':replaces': revision } };
}
