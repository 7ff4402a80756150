import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }>
  >;
}

/** The script of a named step, as its runner gets it. */
export function scriptOf(workflow: string, name: string): string {
  const { jobs } = load(workflow) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps.filter((step) => step.name === name));
  const [script] = steps.flatMap(({ run }) => run ?? []);
  if (script === undefined || steps.length > 1)
    throw new Error(`${steps.length} steps '${name}', of which one must have a script`);
  return script;
}

/** Every script of a workflow, with the key that it stands under. */
export const scriptsIn = (workflow: string): readonly string[] =>
  workflow.match(/run: (\|\n(?: {10}.*\n|\n)+|.*)/g) ?? [];

export interface StepRun {
  readonly status: number | null;
  readonly stdout: string;
  /** What `gh` was asked. */
  readonly asked: readonly string[];
  /** What the step gave on to the next ones. */
  readonly output: string;
}

/**
 * Runs a step's script as GitHub does, with a `gh` that answers `listed`.
 * @param prepare puts further things into the step's folder, which is on the PATH
 */
export function runStep(
  script: string,
  env: Readonly<Record<string, string>>,
  listed = '',
  prepare: (folder: string) => void = () => undefined,
): StepRun {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-step-'));
  try {
    const gh = `#!/bin/bash\necho "$*" >> ${folder}/asked\ncase "$*" in *--paginate*) printf '%s' '${listed}' ;; esac\n`;
    writeFileSync(path.join(folder, 'gh'), gh, { mode: 0o755 });
    for (const file of ['asked', 'output']) writeFileSync(path.join(folder, file), '');
    prepare(folder);
    const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: `${folder}:${process.env['PATH']}`,
        GITHUB_OUTPUT: path.join(folder, 'output'),
        GITHUB_STEP_SUMMARY: '/dev/null',
        ...env,
      },
    });
    const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
    return { status, stdout, asked: read('asked').trim().split('\n'), output: read('output') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
