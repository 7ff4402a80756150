import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { parseBudget } from '../../client/adapters/ledger-item';
import type { ClientConfig } from '../../core/in-path/config';
import { utcMonth } from '../../core/calendar';
import { letAdministratorAssume } from '../../local/caller';
import { cdkFor, type Cdk } from '../../local/cdk';
import { childEnvironment, startEmulator, type Emulator } from '../../local/emulator';
import { GuardFunctions } from '../../local/functions';
import { buildClientPackage } from '../../scripts/client-package';

const ROOT = path.resolve(__dirname, '../..');

/** Eight processes of one application, each with forty callers; three are killed in the middle of their work. */
const PROCESSES = 8;
const CALLERS = 40;
const KILLED = 3;
const LIMIT = 1_000_000_000;
const MODEL = 'amazon.nova-lite-v1:0';
const USAGE = { inputTokens: 20, outputTokens: 2_000 };

let aws: Emulator;
let cdk: Cdk;
let plugin: string;
beforeAll(async () => {
  aws = await startEmulator({ scheduleSeconds: 3600 });
  cdk = cdkFor(aws, { config: 'test/e2e/client/tiers.ts' });
  // Beside the project's own packages, which an application would have installed.
  plugin = path.join(ROOT, 'build/e2e-client');
  await buildClientPackage(plugin);
  await cdk.bootstrap();
  await cdk.deploy('exact', 'lease', 'example');
}, 240_000);
afterAll(() => aws?.stop());

describe('the examples, with the config that `spend-guard client-config` writes', () => {
  let file: string;
  beforeAll(async () => {
    await (await GuardFunctions.of(aws, 'example')).tick();
    file = path.join(aws.work.inside('tmp'), 'client.json');
    const asked = ['--env', 'example', '--config', 'test/e2e/client/tiers.ts', '--app', cdk.folder, '--out', file];
    expect(await run([path.join(ROOT, 'bin/spend-guard.js'), 'client-config', ...asked])).toContain(`wrote ${file}`);
  });

  test.each([
    ['converse', ['allowed', 'settled', 'cached']],
    ['stream', ['allowed', 'settled']],
    // No Ollama listens here: the small model answers for it.
    // Its second request sets no maxTokens: the model's own maximum is in the catalogue, so nothing is guessed, and nothing warned of.
    ['tiers', ['allowed', 'rerouted', 'allowed', 'rerouted', 'allowed', 'settled', 'allowed', 'settled']],
  ])('%s', async (name, events) => {
    const printed = await run(['-r', 'tsx/cjs', `client/examples/${name}.ts`, file]);
    // Between them stands the text of the models.
    const told = [...printed.matchAll(/{"name":"(\w+)"/g)].map(([, event]) => event);
    expect(told).toEqual(events);
    expect(printed).toContain('ministack');
  });
});

describe.each(['exact', 'lease'])('%s: the plugin in eight processes, under the role of the environment', (name) => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await prepared(name);
    await runProcesses(environment);
  }, 240_000);

  test('no more is billed than the limit, and what was not used is what the killed may have used', async () => {
    const { billed, calls } = await bill(environment);
    const { spent, held, remaining } = await ledger(environment);
    expect(spent + held + remaining).toBe(LIMIT);
    expect(billed).toBeLessThanOrEqual(LIMIT);
    // A call that was in flight when its process was killed may have been billed: it is held until it runs out.
    expect(billed).toBeGreaterThanOrEqual(spent);
    expect(billed).toBeLessThanOrEqual(spent + held);
    expect((spent + held) / LIMIT).toBeGreaterThan(0.99);
    expect(calls).toBeGreaterThan(1_000);
  });

  test('the killed were at work', () => {
    expect(environment.killed).toHaveLength(KILLED);
    for (const answered of environment.killed) expect(answered).toBeGreaterThan(10);
  });
});

/** What a command of this project prints, with the emulator for its AWS. @throws what it wrote to its standard error */
async function run(args: readonly string[]): Promise<string> {
  const env = { ...childEnvironment(aws), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  return (await promisify(execFile)(process.execPath, [...args], { cwd: ROOT, env })).stdout;
}

interface Environment {
  readonly name: string;
  readonly config: ClientConfig;
  readonly configFile: string;
  readonly table: string;
  readonly profileId: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** How many calls of each process that was killed were answered. */
  readonly killed: number[];
}

async function prepared(name: string): Promise<Environment> {
  const outputs = cdk.outputs(name);
  const { InvokerRoleArn: invoker = '', LeasesTableName: table = '' } = outputs;
  const profile = Object.entries(outputs).find(([key]) => key.startsWith('ProfileAmazonNovaLite'))?.[1] ?? '';
  await aws.control.usage({ [profile]: USAGE });
  // The meter writes the status that callers go by.
  await (await GuardFunctions.of(aws, name)).tick();
  await letAdministratorAssume(aws, invoker);
  const { accessKeyId, secretAccessKey, sessionToken = '' } = await aws.credentialsFor(invoker);
  const configFile = path.join(cdk.folder, `spend-guard-client.${name}.json`);
  return {
    name,
    config: JSON.parse(readFileSync(configFile, 'utf8')) as ClientConfig,
    configFile,
    table,
    profileId: profile.slice(profile.lastIndexOf('/') + 1),
    credentials: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    },
    killed: [],
  };
}

/** Resolves when those that were not killed have used the budget up. @throws what a process wrote to its standard error */
async function runProcesses({ configFile, credentials, killed }: Environment): Promise<void> {
  const script = path.join(__dirname, 'client/process.js');
  const args = [script, plugin, configFile, path.join(cdk.folder, 'outputs.json'), MODEL, String(CALLERS)];
  await Promise.all(
    Array.from({ length: PROCESSES }, (_, number) => {
      const child = spawn(process.execPath, args, { env: { ...childEnvironment(aws), ...credentials } });
      let answered = 0;
      let complaint = '';
      child.stdout.on('data', (chunk: Buffer) => {
        answered += chunk.toString().split('answered').length - 1;
        if (number < KILLED && answered > 10 * (number + 1) && child.exitCode === null) child.kill('SIGKILL');
      });
      child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
      return new Promise<void>((resolve, reject) => {
        child.on('exit', (code, signal) => {
          if (signal === 'SIGKILL' && number < KILLED) killed.push(answered);
          if (code === 0 || signal === 'SIGKILL') resolve();
          else reject(new Error(complaint));
        });
      });
    }),
  );
}

/** As the provider counts it, in its own metrics. */
async function bill({ config, profileId }: Environment): Promise<{ readonly billed: number; readonly calls: number }> {
  const sums = (metric: string) => ({
    Id: metric.charAt(0).toLowerCase() + metric.slice(1),
    MetricStat: {
      Metric: { Namespace: 'AWS/Bedrock', MetricName: metric, Dimensions: [{ Name: 'ModelId', Value: profileId }] },
      Period: 3600,
      Stat: 'Sum',
    },
  });
  const { MetricDataResults = [] } = await aws.client(CloudWatchClient).send(
    new GetMetricDataCommand({
      MetricDataQueries: ['InputTokenCount', 'OutputTokenCount'].map(sums),
      StartTime: new Date(Date.now() - 3 * 3_600_000),
      EndTime: new Date(Date.now() + 3_600_000),
    }),
  );
  const [input = 0, output = 0] = ['inputTokenCount', 'outputTokenCount'].map((id) =>
    (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce((sum, value) => sum + value, 0),
  );
  const price = config.models.find(({ id }) => id === MODEL)?.price;
  if (!price) throw new Error(`no price of ${MODEL}`);
  return { billed: (input * price.input + output * price.output) / 1_000, calls: output / USAGE.outputTokens };
}

/** What the leases table says, added up. */
async function ledger({ name, table }: Environment) {
  const documents = DynamoDBDocumentClient.from(aws.client(DynamoDBClient));
  const Key = { pk: `BUDGET#${name}#${utcMonth(Date.now())}`, sk: 'STATE' };
  const { Item = {} } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  const { state, holds } = parseBudget(Item);
  const held = holds.filter(({ claim }) => claim === 'active').reduce((sum, { amount }) => sum + amount, 0);
  return { spent: state.spent, remaining: state.remaining, held };
}
