/** Of a PutCommand: the item is written only where the one that it replaces still stands. @param revision of that one; 0: none must be there */
export function replacing(revision: number) {
  return revision === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : { ConditionExpression: 'revision = :replaces', ExpressionAttributeValues: { ':replaces': revision } };
}
