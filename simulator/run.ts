import { guardAt, loadGuard, ConfigError, SHIPPED_CONFIG } from '../config';
import { GuardError } from '../core/errors';
import { parseOptions, USAGE, type RunOptions } from './options';
import { comparisonText, monthText, notesText } from './report/text';
import { monthReport } from './report/html/data';
import { checkReportFile, writeReport } from './report/html/write';
import type { Scenario } from './scenarios/scenario';
import { simulateMonth, type MonthResult } from './simulate-month';
import { synthesize } from './synth';
import type { GuardStack } from './template/guard-stack';

export interface Output {
  /** The result: the same for the same options. */
  readonly stdout: (text: string) => void;
  /** Progress, timings, and what went wrong. */
  readonly stderr: (text: string) => void;
  /** Whether a person looks at stderr, whose lines may then be rewritten. */
  readonly isTerminal: boolean;
}

/**
 * `npm start`, without the process around it.
 * @param synth gives the stacks; a test has its own
 * @returns the exit code: 0 played, 1 bad options, config or template, 2 something happened that must never happen
 */
export async function run(args: readonly string[], output: Output, synth = synthesize): Promise<number> {
  try {
    // The time only words the notices, which are not shown here.
    const config = configAt(SHIPPED_CONFIG);
    const parsed = parseOptions(
      args,
      config.environments.map(({ name }) => name),
    );
    if (parsed.kind === 'run') return await play(parsed.options, output, synth);
    if (parsed.kind === 'help') output.stdout(`${USAGE}\n`);
    else output.stderr(`${parsed.text}\n`);
    return parsed.kind === 'help' ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof GuardError)) throw error;
    output.stderr(`${error.message}\n`);
    return 1;
  }
}

function configAt(file: string) {
  return loadGuard(guardAt(file).input, 0, file);
}

async function play(options: RunOptions, output: Output, synth: typeof synthesize): Promise<number> {
  const { stdout, stderr } = output;
  const { month, seed, environments: names } = options;
  if (options.report !== undefined) checkReportFile(options.report);
  const progress = progressTo(output);

  const stacksOf = new Map<string, readonly GuardStack[]>();
  for (const file of new Set(options.scenarios.map(configOf))) {
    progress.begin(`Synthesizing the stacks of ${file} ...`);
    const started = performance.now();
    const synthesized = await synth(names, file);
    if (synthesized.kind === 'failed') {
      progress.end(`The CDK app did not synthesize (exit code ${synthesized.exitCode}):`);
      stderr(`${synthesized.output}\n`);
      return 1;
    }
    const { stacks, notices } = synthesized;
    const stackNames = stacks.map(({ identity }) => identity.stackName).join(', ');
    const folded = notices.length > 0 ? `; ${notices.length} lines of notes, which npx cdk synth shows` : '';
    progress.end(`Synthesized ${stackNames} of ${file} in ${seconds(started)}${folded}`);
    stacksOf.set(file, stacks);
  }

  const results: MonthResult[] = [];
  const started = performance.now();
  for (const scenario of options.scenarios) {
    const file = configOf(scenario);
    const environments = configAt(file).environments.filter(({ name }) => !names || names.includes(name));
    progress.begin(`Playing ${scenario.name} ...`);
    const scenarioStarted = performance.now();
    const result = await simulateMonth({ environments, stacks: stacksOf.get(file)!, scenario, month, seed });
    results.push(result);
    progress.end(`Played ${scenario.name}: ${handlerRuns(result)} runs of the handlers in ${seconds(scenarioStarted)}`);
  }
  stderr(`Simulation: ${seconds(started)} in all\n\n`);

  for (const result of results) stdout(`${monthText(result)}\n`);
  stdout(comparisonText(results));
  if (options.report !== undefined) stderr(`${writeReport(options.report, results.map(monthReport))}\n`);
  stdout(notesText(results, [...stacksOf.values()][0]!, seed));
  const violated = results.some(({ violations }) => violations.length > 0);
  if (violated) stderr('\nSomething happened that must never happen: see the end of the output.\n');
  return violated ? 2 : 0;
}

function configOf({ config }: Scenario): string {
  return config ?? SHIPPED_CONFIG;
}

/** In a terminal, what goes on is overwritten by how it went; a log gets the latter only. */
function progressTo({ stderr, isTerminal }: Output) {
  return {
    begin: (text: string) => isTerminal && stderr(text),
    end: (text: string) => stderr(isTerminal ? `\r\u001b[K${text}\n` : `${text}\n`),
  };
}

function handlerRuns({ journal }: MonthResult): number {
  return [...journal.runs.values()].reduce((sum, { invoked }) => sum + invoked, 0);
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(2)} s`;
}
