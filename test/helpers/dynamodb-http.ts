import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { DynamoDbFake } from './dynamodb-fake';

export interface DynamoDbServer {
  readonly endpoint: string;
  readonly table: DynamoDbFake;
  /** Requests that it has answered. */
  requests(): number;
  stop(): Promise<void>;
}

type Wire = Record<string, unknown>;

const COMMANDS: Readonly<Record<string, new (input: never) => unknown>> = {
  GetItem: GetCommand,
  PutItem: PutCommand,
  UpdateItem: UpdateCommand,
  Query: QueryCommand,
  TransactWriteItems: TransactWriteCommand,
};

/**
 * The fake table for processes that share it: DynamoDB's protocol (JSON 1.0), over HTTP on loopback. Each request happens at
 * one instant. @param latencyMs before it is looked at, as on the way to AWS
 */
export async function dynamoDbServer({ latencyMs = 0 } = {}): Promise<DynamoDbServer> {
  const table = new DynamoDbFake(Date.now);
  let answered = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const answer = () => {
        answered += 1;
        reply(response, () => run(table, String(request.headers['x-amz-target']), JSON.parse(body) as Wire));
      };
      if (latencyMs === 0) answer();
      else setTimeout(answer, latencyMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    table,
    requests: () => answered,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

function run(table: DynamoDbFake, target: string, wire: Wire): Wire {
  const Command = COMMANDS[target.split('.')[1] ?? ''];
  if (!Command) throw new Error(`the fake knows no ${target}`);
  return toWire(table.run(new Command(fromWire(wire) as never)) as Wire);
}

/** The members that hold values of the table; all else is as it is sent. */
const ONE_VALUE_EACH = ['Key', 'Item', 'ExpressionAttributeValues', 'Attributes'];

function fromWire(wire: Wire): Wire {
  return mapped(wire, (value) => unmarshall(value as Record<string, AttributeValue>));
}

function toWire(output: Wire): Wire {
  return mapped(output, (value) => marshall(value, { removeUndefinedValues: true }));
}

function mapped(wire: Wire, values: (value: unknown) => unknown): Wire {
  const inside = (value: unknown) => mapped(value as Wire, values);
  return Object.fromEntries(
    Object.entries(wire).map(([name, value]) => {
      if (ONE_VALUE_EACH.includes(name)) return [name, values(value)];
      if (name === 'Items') return [name, (value as unknown[]).map(values)];
      if (name === 'TransactItems') return [name, (value as Wire[]).map(inside)];
      if (name === 'Put' || name === 'Update') return [name, inside(value)];
      return [name, value];
    }),
  );
}

function reply(response: ServerResponse, answer: () => Wire): void {
  const send = (status: number, body: Wire) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(body));
  };
  try {
    send(200, answer());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const more =
      error instanceof ConditionalCheckFailedException
        ? { Item: error.Item }
        : error instanceof TransactionCanceledException
          ? { CancellationReasons: error.CancellationReasons }
          : {};
    send(400, { __type: `com.amazonaws.dynamodb.v20120810#${error.name}`, message: error.message, ...more });
  }
}
