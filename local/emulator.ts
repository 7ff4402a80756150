/**
 * The local AWS: ministack with the extension of this project, IAM enforced.
 *
 * In a test:
 *
 *     let aws: Emulator;
 *     beforeAll(async () => {
 *       aws = await startEmulator();                          // own port, own temporary folder; 1-2 s
 *       const cdk = cdkFor(aws, { config: 'test/…/tiers.ts' }); // from './cdk'; without a config: config/budget-tiers.ts
 *       await cdk.bootstrap();
 *       await cdk.deploy('dev', 'staging');
 *     }, 120_000);
 *     afterAll(() => aws?.stop());
 *
 *     const iam = aws.client(IAMClient);                                     // as the account's administrator
 *     const bedrock = aws.client(BedrockRuntimeClient, await aws.credentialsFor(invokerRoleArn));
 *     await aws.control.usage({ [profileArn]: { inputTokens: 1_000_000, outputTokens: 0 } });
 *     await aws.control.mails();
 *
 * A child process (`spend-guard`, another test) gets `childEnvironment(aws)`. Nobody has to stop an emulator whose process
 * is killed: it ends with it, and takes its folder with it.
 */
import { type ChildProcess } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { endGroup, spawnGroup } from './cleanup';
import { Control } from './control';
import { LocalError } from './errors';
import { demandPort, freePort, usualOrFreePort } from './ports';
import { preparePython, ROOT } from './python';
import { removeStale, WorkFolder } from './work-folder';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
const READY_WITHIN_MS = 30_000;
const ATTEMPTS = 3;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly maxAttempts?: number;
}

export interface EmulatorOptions {
  /** `usual` is 4599 where it is free. @default - any free one */
  readonly port?: number | 'usual';
  /** `none` is ministack as it comes: without control endpoints, for showing what the extension is for. */
  readonly extension?: 'none';
  /** @default - that of `.venv`, prepared where needed */
  readonly python?: string;
  /** How often schedules are looked at. Not those of a test that makes its ticks itself: 3600. @default 1 */
  readonly scheduleSeconds?: number;
  /** Where its folder is made, and what interrupted runs have left is looked for. @default - the system's folder for temporary files */
  readonly parent?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (line: string) => void;
}

export interface Emulator {
  /** `http://localhost:<port>`: by this name the CDK CLI knows that it is local. */
  readonly endpoint: string;
  readonly port: number;
  /** Of the emulator's own process. */
  readonly pid: number;
  /** Whose administrator its clients are. */
  readonly account: string;
  /** For child processes, on top of their other variables: see `childEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
  readonly control: Control;
  /** Everything temporary goes in here; gone after `stop`. */
  readonly work: WorkFolder;
  /** A client of the AWS SDK for it. @default credentials - the account's administrator */
  client<T>(type: new (config: ClientConfig) => T, credentials?: Credentials): T;
  /** By sts:AssumeRole as the account's administrator, so that the role's trust policy must let it. */
  credentialsFor(roleArn: string, sessionName?: string): Promise<Credentials>;
  /** The same as another account sees it: its administrator, its variables, its control endpoints. */
  inAccount(account: string): Emulator;
  /** What it logged until now: for the message of a test that failed. */
  log(): string;
  /** Also removes its folder. Twice does no harm. */
  stop(): Promise<void>;
}

export const ADMINISTRATOR: Credentials = administratorOf(ACCOUNT);

/** The local AWS tells accounts apart by the id of the key: one of twelve digits is the account's root. */
export function administratorOf(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: 'local' };
}

/**
 * Starts one, once nothing of an interrupted run is left.
 * @throws PYTHON_…, PORT_IN_USE, DISK_FULL, EMULATOR_FAILED, INTERRUPTED: each a line for people
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const progress = options.progress ?? (() => undefined);
  for (const line of await removeStale(options.parent)) progress(line);
  const work = WorkFolder.make(options.parent);
  try {
    const temporary = work.temporary(options.parent);
    const { signal } = options;
    const python = options.python ?? (await preparePython({ temporary, progress, ...(signal ? { signal } : {}) }));
    for (let attempt = 1; ; attempt++) {
      const port = await portFor(options.port, attempt);
      const started = await tryStart(options, python, port, work);
      if ('emulator' in started) return started.emulator;
      // Somebody else may have been faster at a free port.
      if (typeof options.port !== 'number' && attempt < ATTEMPTS && /already in use/.test(started.why)) continue;
      throw new LocalError('EMULATOR_FAILED', `the emulator did not start: ${started.why}`);
    }
  } catch (error) {
    work.remove();
    throw error;
  }
}

async function portFor(wanted: EmulatorOptions['port'], attempt: number): Promise<number> {
  if (typeof wanted === 'number') return demandPort(wanted);
  return wanted === 'usual' && attempt === 1 ? usualOrFreePort() : freePort();
}

/** The variables of a child process that talks to the emulator: nothing of a real account comes along. */
export function childEnvironment(emulator: Pick<Emulator, 'env'>): NodeJS.ProcessEnv {
  return { ...withoutAws(), ...emulator.env };
}

function withoutAws(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
}

async function tryStart(
  options: EmulatorOptions,
  python: string,
  port: number,
  work: WorkFolder,
): Promise<{ emulator: Emulator } | { why: string }> {
  const logFile = path.join(work.path, 'emulator.log');
  const log = openSync(logFile, 'w');
  const bare = options.extension === 'none';
  const args = bare
    ? ['-c', 'import sys; del sys.argv[1:]; from ministack.app import main; main()', work.path]
    : ['-m', 'extension', work.path];
  const child = spawnGroup(python, args, {
    cwd: path.join(ROOT, 'local'),
    stdio: ['ignore', log, log],
    env: {
      ...withoutAws(),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      AWS_ACCESS_KEY_ID: ADMINISTRATOR.accessKeyId,
      AUTH: 'true',
      LAMBDA_EXECUTOR: 'local',
      // AWS's own; ministack would take it from the machine's memory.
      LAMBDA_ACCOUNT_CONCURRENCY: '1000',
      // For the functions: nothing about the guard.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      PLUS_TICK: String(options.scheduleSeconds ?? 1),
      PYTHONDONTWRITEBYTECODE: '1',
      TMPDIR: work.inside('tmp'),
    },
  });
  closeSync(log);
  work.usedBy(child.pid);
  const why = await ready(child, `http://127.0.0.1:${port}${bare ? '/_ministack/health' : '/_plus/process'}`, options);
  if (why === undefined && child.pid !== undefined)
    return { emulator: emulatorOf({ child, pid: child.pid, port, work, logFile }, ACCOUNT) };
  await endGroup(child);
  if (options.signal?.aborted) throw new LocalError('INTERRUPTED', 'interrupted');
  const said = readFileSync(logFile, 'utf8').trim().split('\n');
  return { why: said.findLast((line) => /error/i.test(line)) || said.at(-1) || why || 'it said nothing' };
}

/** Undefined once it answers, else why it will not. */
async function ready(child: ChildProcess, url: string, { signal }: EmulatorOptions): Promise<string | undefined> {
  let failed: string | undefined;
  child.once('error', (error) => (failed = error.message));
  child.once('exit', (code, by) => (failed ??= `it ended with ${code ?? by}`));
  const until = performance.now() + READY_WITHIN_MS;
  while (performance.now() < until) {
    if (failed !== undefined) return failed;
    if (signal?.aborted) return 'interrupted';
    if (await isAnswered(url, child.pid)) return undefined;
    await sleep(50);
  }
  return `it did not answer within ${READY_WITHIN_MS / 1000} s`;
}

/** By this process: another emulator may have been faster at the port. Bare, it does not say. */
async function isAnswered(url: string, pid: number | undefined): Promise<boolean> {
  try {
    const response = await fetch(url);
    if (!response.ok) return false;
    const { pid: by } = (await response.json()) as { pid?: unknown };
    return by === undefined || by === pid;
  } catch {
    return false;
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
  readonly work: WorkFolder;
  readonly logFile: string;
}

function emulatorOf(started: Started, account: string): Emulator {
  const { child, pid, port, work, logFile } = started;
  const administrator = administratorOf(account);
  const endpoint = `http://localhost:${port}`;
  const client: Emulator['client'] = (type, credentials = administrator) =>
    new type({ endpoint, region: REGION, credentials });
  let stopped: Promise<void> | undefined;
  return {
    endpoint,
    port,
    pid,
    account,
    work,
    control: new Control(`http://127.0.0.1:${port}`, account),
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: administrator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      CDK_DISABLE_VERSION_CHECK: '1',
      CDK_VALIDATION: 'false',
    },
    client,
    async credentialsFor(roleArn, sessionName = 'local') {
      const sts = client(STSClient);
      const { Credentials: found } = await sts.send(
        new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName }),
      );
      sts.destroy();
      if (!found?.AccessKeyId || !found.SecretAccessKey || !found.SessionToken) {
        throw new LocalError('EMULATOR_FAILED', `sts:AssumeRole of ${roleArn} answered without credentials`);
      }
      return {
        accessKeyId: found.AccessKeyId,
        secretAccessKey: found.SecretAccessKey,
        sessionToken: found.SessionToken,
      };
    },
    inAccount: (other) => emulatorOf(started, other),
    log: () => readFileSync(logFile, 'utf8'),
    stop() {
      stopped ??= endGroup(child).then(() => work.remove());
      return stopped;
    },
  };
}
