import { mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { endGroup, spawnGroup } from './cleanup';
import { childEnvironment, REGION, type Emulator } from './emulator';
import { LocalError } from './errors';
import { ROOT } from './python';

const BINARY = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');
const PRELOADED = ['end-with-parent.js', 'look-often.js'];

export interface CdkOptions {
  /** A file in place of config/budget-tiers.ts, relative to the project or absolute. */
  readonly config?: string;
  /** Further `-c key=value`. */
  readonly context?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Of another app than this project's. */
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  /** Each line that it prints, of both streams. */
  readonly onLine?: (line: string) => void;
}

/** The project's own aws-cdk against the emulator; each @throws CDK_FAILED with the reason that CloudFormation gives. */
export interface Cdk {
  /** Of the cloud assembly, and of `outputs.json`, which is what the last deploy gave. */
  readonly folder: string;
  bootstrap(): Promise<string>;
  /** Of these environments; of all when none is named. Resolves with what the CLI printed. */
  deploy(...environments: readonly string[]): Promise<string>;
  /** The outputs of an environment's stack by their names, such as InvokerRoleArn, once it was deployed. */
  outputs(environment: string): Readonly<Record<string, string>>;
  destroy(...environments: readonly string[]): Promise<string>;
  /** The folder of the cloud assembly. */
  synth(...environments: readonly string[]): Promise<string>;
}

export function cdkFor(emulator: Pick<Emulator, 'account' | 'env' | 'work'>, options: CdkOptions = {}): Cdk {
  // A folder each: the CLI locks its output, and a test may deploy two configs at once.
  const output = mkdtempSync(path.join(emulator.work.inside('cdk'), 'out-'));
  const outputs = path.join(output, 'outputs.json');
  const app = (environments: readonly string[]) => [
    ...(environments.length > 0 ? environments.map((name) => `SpendGuard-${name}`) : ['--all']),
    '--output',
    output,
    ...(environments.length === 1 ? ['-c', `env=${environments[0]}`] : []),
    ...(options.config === undefined ? [] : ['-c', `config=${options.config}`]),
    ...Object.entries(options.context ?? {}).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
  const run = async (args: readonly string[]): Promise<string> => {
    try {
      return await runCdk(args, emulator, options);
    } catch (error) {
      if (options.signal?.aborted === true || !lostChangeSet(error)) throw error;
      return runCdk(args, emulator, options);
    }
  };
  return {
    folder: output,
    // By an empty app: else it synthesizes first.
    bootstrap: () => run(['bootstrap', '--app', '', '--output', output, `aws://${emulator.account}/${REGION}`]),
    deploy: (...environments) =>
      run([
        'deploy',
        ...app(environments),
        '--require-approval',
        'never',
        '--progress',
        'events',
        '--outputs-file',
        outputs,
      ]),
    outputs(environment) {
      const stacks = JSON.parse(readFileSync(outputs, 'utf8')) as Record<string, Record<string, string>>;
      const found = stacks[`SpendGuard-${environment}`];
      if (!found) throw new LocalError('CDK_FAILED', `SpendGuard-${environment} was not part of the last deploy`);
      return found;
    },
    destroy: (...environments) => run(['destroy', ...app(environments), '--force']),
    async synth(...environments) {
      await run(['synth', '--quiet', ...app(environments)]);
      return output;
    },
  };
}

/** The CLI, as somebody calls it in a folder of an app. @throws CDK_FAILED */
export async function runCdk(
  args: readonly string[],
  emulator: Pick<Emulator, 'account' | 'env' | 'work'>,
  { signal, env, cwd = ROOT, onLine }: CdkOptions,
): Promise<string> {
  const child = spawnGroup(
    process.execPath,
    [...PRELOADED.flatMap((file) => ['--require', path.join(ROOT, 'local', file)]), BINARY, ...args],
    {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...childEnvironment(emulator), CI: 'true', NO_COLOR: '1', TMPDIR: emulator.work.inside('tmp'), ...env },
    },
  );
  const end = () => void endGroup(child, 2_000);
  signal?.addEventListener('abort', end);
  let printed = '';
  let rest = '';
  const hear = (chunk: Buffer) => {
    printed += chunk.toString();
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine?.(line);
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal?.removeEventListener('abort', end);
  if (signal?.aborted) throw new LocalError('INTERRUPTED', 'interrupted');
  if (code === 0) return printed;
  throw new LocalError('CDK_FAILED', `cdk ${args[0]} failed: ${reason(printed)}`, { cause: printed });
}

/** On a busy machine ministack 1.5.33 has lost a change set that it had just made. What the CLI does can be done again. */
function lostChangeSet(error: unknown): boolean {
  return error instanceof LocalError && /ChangeSetNotFoundException/.test(error.message);
}

/** The line in which something failed, rather than the last one. */
function reason(printed: string): string {
  const lines = printed.split('\n').filter((line) => /\S/.test(line));
  const app = lines.findIndex((line) => /Subprocess exited/.test(line));
  const failed =
    lines.find((line) => /no space left/i.test(line)) ??
    lines.find((line) => /(CREATE|UPDATE|DELETE)_FAILED/.test(line)) ??
    // What the app itself said of it stands before.
    lines[app - 1] ??
    lines.find((line) => /❌|error/i.test(line));
  return (failed ?? lines.at(-1) ?? 'it said nothing').trim();
}
