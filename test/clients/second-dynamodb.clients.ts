import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { parseBudget } from '../../client/adapters/ledger-item';
import { utcMonth } from '../../core/calendar';
import type { ClientConfig } from '../../core/in-path/config';
import { nanoUsd } from '../../core/money';
import { buildClientPackage } from '../../scripts/client-package';
import { bedrockServer, converseReply, failure, type BedrockServer } from '../helpers/bedrock-server';
import { ROOT } from '../helpers/client-application';
import { CONFIG, SMALL } from '../helpers/guarded-client';
import { startMoto, type Moto } from './moto';

const PROCESSES = 2;
const CALLERS = 100;
const KILLED_AFTER = 150;
const COST = 10 * 1_000 + 20 * 4_000;
const AFFORDABLE = 700;
const LIMIT = AFFORDABLE * COST;
const STARTED_MS = 180_000;

let moto: Moto;
let plugin: string;
beforeAll(async () => {
  plugin = path.join(ROOT, 'build/test-clients');
  await buildClientPackage(plugin);
  moto = await startMoto();
}, 600_000);
afterAll(() => moto?.stop());

describe.each(['exact', 'lease'] as const)(
  'the ledger on the DynamoDB of moto, in two processes of 100 callers: %s',
  (mode) => {
    const config: ClientConfig = {
      ...CONFIG,
      leasesTable: `leases-${mode}`,
      limit: nanoUsd(LIMIT),
      requestLimits: { perHour: 100_000, perDay: 100_000 },
      inPath: { ...CONFIG.inPath, mode },
    };
    let bedrock: BedrockServer;
    let ended: readonly Ended[];
    beforeAll(async () => {
      bedrock = await bedrockServer((_, index) =>
        // A ledger without an end would otherwise be seen by the time limit only.
        index < 2 * AFFORDABLE ? converseReply({ input: 10, output: 20 }) : failure(400, 'ValidationException'),
      );
      await createTable(config.leasesTable as string);
      const args = [plugin, JSON.stringify(config), bedrock.endpoint, SMALL, String(CALLERS)];
      ended = await Promise.all(Array.from({ length: PROCESSES }, (_, number) => run(args, number === 0)));
    }, STARTED_MS);
    afterAll(() => bedrock?.stop());

    test('one was killed at work; the other went on until the budget was used', () => {
      expect(ended.map(({ how }) => how)).toEqual(['SIGKILL', 'ended']);
      expect(ended[0]?.answered).toBeGreaterThan(KILLED_AFTER);
      expect(ended[1]?.answered).toBeGreaterThan(KILLED_AFTER);
    });

    test('no more was billed than the limit, and the table accounts for every dollar of it', async () => {
      const billed = bedrock.received.length * COST;
      const { spent, held, remaining } = await ledger(config.leasesTable as string);
      process.stdout.write(
        `${mode}: ${bedrock.received.length} calls, ${moto.requests()} requests of the table so far\n`,
      );
      expect(spent + held + remaining).toBe(LIMIT);
      expect(billed).toBeLessThanOrEqual(LIMIT);
      expect(billed).toBeGreaterThanOrEqual(spent);
      expect(billed).toBeLessThanOrEqual(spent + held);
      expect((spent + held) / LIMIT).toBeGreaterThan(0.98);
    });
  },
);

interface Ended {
  readonly how: string;
  readonly answered: number;
}

/** @throws what the process wrote to its standard error */
function run(args: readonly string[], killed: boolean): Promise<Ended> {
  const env = { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: moto.endpoint };
  const child = spawn(process.execPath, [path.join(__dirname, 'process.js'), ...args], { env });
  let answered = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    answered += chunk.toString().split('answered').length - 1;
    if (killed && answered > KILLED_AFTER) child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve({ how: signal ?? 'ended', answered });
      else reject(new Error(complaint));
    });
  });
}

function table(): DynamoDBClient {
  return new DynamoDBClient({ region: CONFIG.region, endpoint: moto.endpoint });
}

/** As `lib/tables.ts` has it. */
async function createTable(TableName: string): Promise<void> {
  await table().send(
    new CreateTableCommand({
      TableName,
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
}

/** What the table says, added up. */
async function ledger(TableName: string) {
  const Key = { pk: `BUDGET#${CONFIG.environment}#${utcMonth(Date.now())}`, sk: 'STATE' };
  const { Item = {} } = await DynamoDBDocumentClient.from(table()).send(
    new GetCommand({ TableName, Key, ConsistentRead: true }),
  );
  const { state, holds } = parseBudget(Item);
  const held = holds.filter(({ claim }) => claim === 'active').reduce((sum, { amount }) => sum + amount, 0);
  return { spent: state.spent, remaining: state.remaining, held };
}
