import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ClientConfig } from '../../../core/in-path/config';
import { BUDGET_SORT_KEY, type BudgetNode, budgetKey, periodAt } from '../../../core/shared-budgets';
import { letAdministratorAssume } from '../../../local/caller';
import { cdkFor, type Cdk } from '../../../local/cdk';
import { childEnvironment, startEmulator, type Credentials, type Emulator } from '../../../local/emulator';
import { GuardFunctions } from '../../../local/functions';
import { ROOT } from '../../../local/python';
import { buildClientPackage } from '../../../scripts/client-package';
import { makeJob } from './job';

export const MODEL = 'amazon.nova-lite-v1:0';
const USAGE = { inputTokens: 20, outputTokens: 2_000 };
const CONFIG = 'test/e2e/client/tiers.ts';
/** For so long callers ask again where the table does not answer in time: one emulator serves all of them. */
const PATIENT_MS = 200_000;

export interface Environment {
  readonly name: string;
  readonly config: ClientConfig;
  readonly configFile: string;
  readonly table: string;
  readonly profileId: string;
  readonly credentials: Credentials;
}

export interface Crowd {
  readonly processes: number;
  readonly callersEach: number;
  /** The first so many are killed in the middle of their work. */
  readonly killed: number;
  /** That the processes are told of, in turns. Default: none */
  readonly budgets?: readonly string[];
}

/** The local AWS with the guard on it, and applications that have the packed plugin. */
export class Applications {
  private constructor(
    readonly aws: Emulator,
    readonly cdk: Cdk,
    private readonly plugin: string,
  ) {}

  static async start(...environments: readonly string[]): Promise<Applications> {
    const aws = await startEmulator({ scheduleSeconds: 3600 });
    try {
      const cdk = cdkFor(aws, { config: CONFIG });
      // Beside the project's own packages, which an application would have installed.
      const plugin = path.join(ROOT, 'build/e2e-client');
      await buildClientPackage(plugin);
      await makeJob(aws);
      await cdk.bootstrap();
      await cdk.deploy(...environments);
      return new Applications(aws, cdk, plugin);
    } catch (error) {
      await aws.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.aws.stop();
  }

  /** What a command of this project prints, with the emulator for its AWS. @throws what it wrote to its standard error */
  async run(args: readonly string[], credentials?: Credentials): Promise<string> {
    const env = { ...this.environmentOf(credentials), AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
    return (await promisify(execFile)(process.execPath, [...args], { cwd: ROOT, env })).stdout;
  }

  /** The meter's tick writes the status that callers go by. */
  async tick(name: string): Promise<void> {
    await (await GuardFunctions.of(this.aws, name)).tick();
  }

  async prepared(name: string): Promise<Environment> {
    const outputs = this.cdk.outputs(name);
    const { InvokerRoleArn: invoker = '', LeasesTableName: table = '' } = outputs;
    const profile = Object.entries(outputs).find(([key]) => key.startsWith('ProfileAmazonNovaLite'))?.[1] ?? '';
    await this.aws.control.usage({ [profile]: USAGE });
    await this.tick(name);
    await letAdministratorAssume(this.aws, invoker);
    const configFile = path.join(this.cdk.folder, `spend-guard-client.${name}.json`);
    return {
      name,
      config: JSON.parse(readFileSync(configFile, 'utf8')) as ClientConfig,
      configFile,
      table,
      profileId: profile.slice(profile.lastIndexOf('/') + 1),
      credentials: await this.aws.credentialsFor(invoker),
    };
  }

  /** What a script of this folder gets after its name: `<plugin> <client config> <outputs> <model>`. */
  argumentsFor(configFile: string): readonly string[] {
    return [this.plugin, configFile, path.join(this.cdk.folder, 'outputs.json'), MODEL];
  }

  /**
   * Resolves when those that were not killed have used the budget up.
   * @returns how many calls of each process that was killed were answered
   * @throws what a process wrote to its standard error
   */
  async crowd(
    { configFile, credentials }: Pick<Environment, 'configFile' | 'credentials'>,
    { processes, callersEach, killed, budgets = [] }: Crowd,
  ): Promise<readonly number[]> {
    const args = [
      path.join(__dirname, 'process.js'),
      ...this.argumentsFor(configFile),
      String(callersEach),
      String(PATIENT_MS),
    ];
    const answeredByKilled: number[] = [];
    await Promise.all(
      Array.from({ length: processes }, (_, number) => {
        const budget = budgets[number % budgets.length];
        const env = this.environmentOf(credentials);
        const child = spawn(process.execPath, args, {
          env: budget === undefined ? env : { ...env, SPEND_GUARD_BUDGET: budget },
        });
        let answered = 0;
        let complaint = '';
        child.stdout.on('data', (chunk: Buffer) => {
          answered += chunk.toString().split('answered').length - 1;
          if (number < killed && answered > 10 * (number + 1) && child.exitCode === null) child.kill('SIGKILL');
        });
        child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
        return new Promise<void>((resolve, reject) => {
          child.on('exit', (code, signal) => {
            if (signal === 'SIGKILL' && number < killed) answeredByKilled.push(answered);
            if (code === 0 || signal === 'SIGKILL') resolve();
            else reject(new Error(complaint));
          });
        });
      }),
    );
    return answeredByKilled;
  }

  /** As the provider counts it, in its own metrics. */
  async bill({ config, profileId }: Environment): Promise<{ readonly billed: number; readonly calls: number }> {
    const sums = (metric: string) => ({
      Id: metric.charAt(0).toLowerCase() + metric.slice(1),
      MetricStat: {
        Metric: { Namespace: 'AWS/Bedrock', MetricName: metric, Dimensions: [{ Name: 'ModelId', Value: profileId }] },
        Period: 3600,
        Stat: 'Sum',
      },
    });
    const { MetricDataResults = [] } = await this.aws.client(CloudWatchClient).send(
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

  /** What the leases table says of a budget's running period; undefined where nobody has used it. */
  async item(
    { name, table }: Pick<Environment, 'name' | 'table'>,
    { path: budget, period }: Pick<BudgetNode, 'path' | 'period'>,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const documents = DynamoDBDocumentClient.from(this.aws.client(DynamoDBClient));
    const Key = { pk: budgetKey(name, budget, periodAt(period, Date.now())), sk: BUDGET_SORT_KEY };
    return (await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
  }

  private environmentOf(credentials?: Credentials): NodeJS.ProcessEnv {
    const env = childEnvironment(this.aws);
    if (!credentials) return env;
    const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
    return {
      ...env,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
  }
}
