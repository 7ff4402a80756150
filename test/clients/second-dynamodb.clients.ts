import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ClientConfig } from '../../core/in-path/config';
import { nanoUsd } from '../../core/money';
import {
  BUDGET_SORT_KEY,
  type BudgetNode,
  type BudgetPath,
  budgetKey,
  budgetName,
  ENVIRONMENT_BUDGET,
  lineOf,
  periodAt,
} from '../../core/shared-budgets';
import { buildClientPackage } from '../../scripts/client-package';
import { bedrockServer, converseReply, failure, type BedrockServer } from '../helpers/bedrock-server';
import { ROOT } from '../helpers/client-application';
import { CONFIG, SMALL } from '../helpers/guarded-client';
import { checkBudget, checkTree } from '../helpers/ledger-invariants';
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

/** One that is used up before the others, and one that promises more than there is. */
const NIGHTLY: BudgetNode = { path: 'search/nightly', period: 'day', limit: nanoUsd(LIMIT / 4) };
const DAYTIME: BudgetNode = { path: 'search/daytime', period: 'month', limit: nanoUsd(2 * LIMIT) };
const LEVELS: readonly BudgetNode[] = [{ path: 'search', period: 'month', limit: nanoUsd(LIMIT) }, NIGHTLY, DAYTIME];
const NAMED = [NIGHTLY.path, DAYTIME.path];

describe.each([
  ['exact', 'one level', []],
  ['exact', 'three levels', LEVELS],
  ['lease', 'one level', []],
  ['lease', 'three levels', LEVELS],
] as const)('the ledger on the DynamoDB of moto, in two processes of 100 callers: %s, %s', (mode, levels, budgets) => {
  const config: ClientConfig = {
    ...CONFIG,
    leasesTable: `leases-${mode}-${budgets.length}`,
    ...(budgets.length > 0 && { budgets }),
    limit: nanoUsd(LIMIT),
    requestLimits: { perHour: 100_000, perDay: 100_000 },
    inPath: { ...CONFIG.inPath, mode },
  };
  let bedrock: BedrockServer;
  let ended: readonly Ended[];
  let requests: number;
  let killedAfter = 0;
  beforeAll(async () => {
    let victim: Running | undefined;
    bedrock = await bedrockServer(({ body }, index) => {
      // Here, since a busy machine may see what it prints after its last call.
      if (victim && JSON.stringify(body).includes(` ${victim.pid} `) && ++killedAfter > KILLED_AFTER) victim.kill();
      // A ledger without an end would otherwise be seen by the time limit only.
      return index < 2 * AFFORDABLE ? converseReply({ input: 10, output: 20 }) : failure(400, 'ValidationException');
    });
    await createTable(config.leasesTable as string);
    requests = moto.requests();
    const args = [
      plugin,
      JSON.stringify(config),
      bedrock.endpoint,
      SMALL,
      String(CALLERS),
      ...(budgets.length > 0 ? NAMED : []),
    ];
    const running = Array.from({ length: PROCESSES }, () => run(args));
    [victim] = running;
    ended = await Promise.all(running.map((one) => one.ended));
  }, STARTED_MS);
  afterAll(() => bedrock?.stop());

  test('one was killed at work; the other went on until the budget was used', () => {
    expect(ended.map(({ how }) => how)).toEqual(['SIGKILL', 'ended']);
    expect(killedAfter).toBeGreaterThan(KILLED_AFTER);
    expect(ended[1]?.answered).toBeGreaterThan(KILLED_AFTER);
  });

  test('no more was billed than each level has, and the table accounts for every dollar of it', async () => {
    const stored = await items(config);
    checkTree(budgets, ({ path: budget }) => stored.get(budget), Date.now());
    const part = (amount: number) => `${((100 * amount) / LIMIT).toFixed(1)}%`;
    let figures = `${mode}, ${levels}: ${bedrock.received.length} calls, ${moto.requests() - requests} requests of the table`;
    for (const [budget, item] of stored) {
      const billed = COST * bedrock.received.filter(({ body }) => isOf(JSON.stringify(body), budget)).length;
      const { spent, held, limit } = checkBudget(item);
      figures += `; ${budgetName(budget)}: ${part(billed)} billed, ${part(spent)} spent, ${part(held)} held`;
      expect(billed).toBeLessThanOrEqual(limit);
      expect(billed).toBeGreaterThanOrEqual(spent);
      expect(billed).toBeLessThanOrEqual(spent + held);
    }
    process.stdout.write(`${figures}\n`);
    // Those within may have some left: what the killed held in the one above is not always held in them as well.
    expect(checkBudget(stored.get(ENVIRONMENT_BUDGET)!).remaining / LIMIT).toBeLessThan(0.02);
    expect([...stored.keys()]).toEqual([ENVIRONMENT_BUDGET, ...budgets.map((node) => node.path)]);
  });
});

interface Ended {
  readonly how: string;
  readonly answered: number;
}

interface Running {
  readonly pid: number | undefined;
  kill(): void;
  /** Rejects with what the process wrote to its standard error. */
  readonly ended: Promise<Ended>;
}

function run(args: readonly string[]): Running {
  const env = { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: moto.endpoint };
  const child = spawn(process.execPath, [path.join(__dirname, 'process.js'), ...args], { env });
  let answered = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    answered += chunk.toString().split('answered').length - 1;
  });
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('exit', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve({ how: signal ?? 'ended', answered });
      else reject(new Error(complaint));
    });
  });
  return { pid: child.pid, kill: () => void child.kill('SIGKILL'), ended };
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

/** Of each budget of the running period that was used. */
async function items({ environment, leasesTable, budgets = [] }: ClientConfig) {
  const documents = DynamoDBDocumentClient.from(table());
  const stored = new Map<BudgetPath, Readonly<Record<string, unknown>>>();
  for (const node of [{ path: ENVIRONMENT_BUDGET, period: 'month' as const }, ...budgets]) {
    const Key = { pk: budgetKey(environment, node.path, periodAt(node.period, Date.now())), sk: BUDGET_SORT_KEY };
    const { Item } = await documents.send(
      new GetCommand({ TableName: leasesTable as string, Key, ConsistentRead: true }),
    );
    if (Item) stored.set(node.path, Item);
  }
  return stored;
}

/** By its prompt, which begins with the budget that it named. */
function isOf(body: string, budget: BudgetPath): boolean {
  const named = NAMED.find((one) => body.includes(`"${one} `)) ?? ENVIRONMENT_BUDGET;
  return lineOf(named).includes(budget);
}
