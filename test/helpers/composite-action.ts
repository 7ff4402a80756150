import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';

export interface ActionStep {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly shell: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

export interface CompositeAction {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

export const actionAt = (file: string): CompositeAction => load(readFileSync(file, 'utf8')) as CompositeAction;

/** What GitHub knows of a run. */
export interface Github {
  readonly token: string;
  readonly repository: string;
  readonly event: object;
}

export interface ActionRun {
  readonly status: number;
  /** All that the steps printed. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The names of the steps that ran. */
  readonly ran: readonly string[];
}

type Outputs = Readonly<Record<string, string>>;

/** What expressions see. */
interface Contexts {
  readonly inputs: Outputs;
  readonly github: Github;
  readonly steps: Readonly<Record<string, { readonly outputs: Outputs }>>;
}

/**
 * Of what an expression of GitHub names, in those forms that the action uses. What is not there is an empty string.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions (read 2026-11-29)
 */
function evaluated(expression: string, contexts: Contexts): string | boolean {
  const either = (by: string) => expression.split(` ${by} `);
  if (either('&&').length > 1) return either('&&').every((one) => evaluated(one, contexts) === true);
  if (either('||').length > 1)
    return (
      either('||')
        .map((one) => evaluated(one, contexts))
        .find((value) => value !== '') ?? ''
    );
  for (const operator of ['==', '!=']) {
    const [left, right] = either(operator);
    if (right === undefined) continue;
    return (evaluated(left!, contexts) === evaluated(right, contexts)) === (operator === '==');
  }
  const quoted = /^'(.*)'$/.exec(expression)?.[1];
  if (quoted !== undefined) return quoted;
  if (!/^(inputs|github|steps)(\.[\w-]+)+$/.test(expression)) throw new Error(`cannot evaluate '${expression}'`);
  let value: unknown = contexts;
  for (const key of expression.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const filled = (text: string, contexts: Contexts) =>
  text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => String(evaluated(expression, contexts)));

/** What a step wrote for the next ones: `name=value`, or a name with lines up to a delimiter. */
export function outputsOf(text: string): Outputs {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, name, delimiter] = /^([\w-]+)<<(.+)$/.exec(lines[at]!) ?? [];
    if (name !== undefined) {
      const end = lines.indexOf(delimiter!, at + 1);
      if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`);
      outputs[name] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else if (lines[at] !== '') {
      const [, key, value] = /^([\w-]+)=(.*)$/.exec(lines[at]!) ?? [];
      if (key === undefined) throw new Error(`Invalid format '${lines[at]}'`);
      outputs[key] = value!;
    }
  }
  return outputs;
}

/**
 * Runs a composite action as GitHub's runner does: each step that its condition lets run, with bash, until one fails.
 * @param action its folder
 * @param env beside what the runner sets
 */
export function runAction(
  action: string,
  given: Readonly<Record<string, string>>,
  { workspace, github, env }: { workspace: string; github: Github; env: Readonly<Record<string, string>> },
): ActionRun {
  const { inputs, outputs, runs } = actionAt(path.join(action, 'action.yml'));
  const unknown = Object.keys(given).filter((name) => !(name in inputs));
  if (unknown.length > 0) throw new Error(`no such input: ${unknown.join(', ')}`);
  const outer = { inputs: {}, github, steps: {} };
  const defaults = Object.entries(inputs).map(([name, input]) => [name, filled(input.default ?? '', outer)]);
  const contexts = { inputs: { ...Object.fromEntries(defaults), ...given }, github, steps: {} as Contexts['steps'] };

  const folder = mkdtempSync(path.join(tmpdir(), 'composite-action-'));
  const [output, summary, temp] = ['output', 'summary', 'temp'].map((name) => path.join(folder, name)) as string[];
  mkdirSync(temp!);
  writeFileSync(summary!, '');
  let log = '';
  let status = 0;
  const ran: string[] = [];
  try {
    for (const step of runs.steps) {
      if (status !== 0 || (step.if !== undefined && evaluated(step.if, contexts) !== true)) continue;
      ran.push(step.name);
      writeFileSync(output!, '');
      const own = Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, contexts)]);
      const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
        cwd: workspace,
        encoding: 'utf8',
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          GITHUB_ACTIONS: 'true',
          GITHUB_WORKSPACE: workspace,
          GITHUB_ACTION_PATH: action,
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: summary,
          RUNNER_TEMP: temp,
          ...env,
          ...Object.fromEntries(own),
        },
      });
      if (done.error) throw done.error;
      log += done.stdout + done.stderr;
      status = done.status ?? 1;
      if (step.id !== undefined)
        contexts.steps = { ...contexts.steps, [step.id]: { outputs: outputsOf(readFileSync(output!, 'utf8')) } };
    }
    const given = Object.entries(outputs).map(([name, { value }]) => [name, filled(value, contexts)]);
    return { status, log, ran, outputs: Object.fromEntries(given), summary: readFileSync(summary!, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
