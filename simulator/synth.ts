import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { APP, CDK_JSON } from './app';
import { readAssembly } from './template/assembly';
import type { GuardStack } from './template/guard-stack';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type SynthResult =
  | {
      readonly kind: 'done';
      readonly stacks: readonly GuardStack[];
      /** What the app said to people, line by line. */
      readonly notices: readonly string[];
    }
  /** The app refused: its own words, and its exit code. */
  | { readonly kind: 'failed'; readonly output: string; readonly exitCode: number };

/**
 * Synthesizes the CDK app in a process of its own, without the CDK CLI and the network, into a folder that is gone
 * afterwards, also when the run is interrupted.
 * @param environments names for `--context env=`; all when undefined
 * @param config for `--context config=`
 */
export async function synthesize(environments: readonly string[] | undefined, config: string): Promise<SynthResult> {
  let folder: string | undefined;
  let child: ChildProcess | undefined;
  const remove = () => folder !== undefined && rmSync(folder, { recursive: true, force: true });
  const interrupted = (signal: NodeJS.Signals) => {
    child?.kill('SIGKILL');
    remove();
    process.exit(128 + constants.signals[signal]);
  };
  // Before there is anything to leave behind.
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-simulate-'));
    const app = spawn(process.execPath, APP, {
      env: appEnvironment(folder, environments, config),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child = app;
    let output = '';
    app.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const exitCode = await new Promise<number>((resolve, reject) => {
      app.on('error', reject).on('close', (code) => resolve(code ?? 1));
    });
    if (exitCode !== 0) return { kind: 'failed', output: output.trimEnd(), exitCode };
    return { kind: 'done', stacks: readAssembly(folder), notices: output.split('\n').filter((line) => line !== '') };
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, interrupted);
    remove();
  }
}

/** What the CDK CLI would give the app: cdk.json's context, and where to write. */
function appEnvironment(
  folder: string,
  environments: readonly string[] | undefined,
  config: string,
): NodeJS.ProcessEnv {
  const cdkJson = JSON.parse(readFileSync(CDK_JSON, 'utf8')) as {
    context?: Record<string, unknown>;
  };
  const context = { ...cdkJson.context, config, ...(environments ? { env: environments.join(',') } : {}) };
  return {
    ...process.env,
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    // Two to three seconds a run, and the same templates.
    CDK_VALIDATION: 'false',
  };
}
