import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unique } from '../emulator/support';
import type { Account } from './account';

/** As the guard's own: string keys, nothing else. */
export class Table {
  private constructor(
    readonly name: string,
    private readonly account: Account,
  ) {}

  static async make(account: Account): Promise<Table> {
    const TableName = unique('table');
    await account.client(DynamoDBClient).send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    return new Table(TableName, account);
  }

  /** Another one each time: document clients of one client share their marshalling options, those of the last one made. */
  get client(): DynamoDBClient {
    return this.account.client(DynamoDBClient);
  }

  get documents(): DynamoDBDocumentClient {
    return DynamoDBDocumentClient.from(this.client);
  }

  async write(Item: Readonly<Record<string, unknown>>): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: this.name, Item }));
  }

  async read(pk: string, sk: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.documents.send(new GetCommand({ TableName: this.name, Key: { pk, sk } }));
    return Item;
  }

  throttle(): Promise<void> {
    const writes = ['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems'];
    const operations = ['GetItem', 'BatchGetItem', 'Query', 'Scan', ...writes];
    return this.account.refuse('throttle', ...operations.map((operation) => `dynamodb:${operation}`));
  }
}
