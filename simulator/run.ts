import { guardAt, loadGuard, ConfigError, SHIPPED_CONFIG, type EnvironmentConfig } from '../config';
import { GuardError } from '../core/errors';
import { parseOptions, USAGE, type RunOptions } from './options';
import { comparisonText, monthText, notesText } from './report/text';
import { openingText, tourText } from './report/tour';
import { monthReport, tourReports } from './report/html/sources';
import { checkReportFile, writeReport } from './report/html/write';
import { shippedTour, type Tour } from './scenarios';
import type { Scenario } from './scenarios/scenario';
import { simulateMonth, type MonthResult } from './simulate-month';
import { synthesize } from './synth';
import type { GuardStack } from './template/guard-stack';
import { playTour, tourViolations } from './tour';

export interface Output {
  /** The result: the same for the same options. */
  readonly stdout: (text: string) => void;
  /** Progress, timings, and what went wrong. */
  readonly stderr: (text: string) => void;
  /** Whether a person looks at both, so that a line of progress may stand there and be rewritten. */
  readonly isTerminal: boolean;
}

/**
 * `npm start`, without the process around it.
 * @param synth gives the stacks; a test has its own, and its own tour
 * @returns the exit code: 0 played, 1 bad options, config or template, 2 something happened that must never happen, or a
 * scenario did not show what it is there for
 */
export async function run(
  args: readonly string[],
  output: Output,
  synth = synthesize,
  tour: Tour = shippedTour,
): Promise<number> {
  try {
    const environments = environmentsAt(SHIPPED_CONFIG);
    const parsed = parseOptions(
      args,
      environments.map(({ name }) => name),
    );
    if (parsed.kind === 'run') {
      const { scenarios } = parsed.options;
      if (parsed.options.report !== undefined) checkReportFile(parsed.options.report);
      const played =
        scenarios === 'tour'
          ? showTour(parsed.options, output, synth, tour)
          : playInFull(scenarios, parsed.options, output, synth);
      return await played;
    }
    if (parsed.kind === 'help') output.stdout(`${USAGE}\n`);
    else output.stderr(`${parsed.text}\n`);
    return parsed.kind === 'help' ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof GuardError)) throw error;
    output.stderr(`${error.message}\n`);
    return 1;
  }
}

/** The time only words the notices, which are not shown here. */
function environmentsAt(file: string): readonly EnvironmentConfig[] {
  return loadGuard(guardAt(file).input, 0, file).environments;
}

/** What is guarded at once, then a quiet month and a runaway in short. */
async function showTour(
  { month, seed, report, verbose, environments: named }: RunOptions,
  output: Output,
  synth: typeof synthesize,
  tour: Tour,
): Promise<number> {
  const { stdout, stderr, isTerminal } = output;
  const configured = environmentsAt(SHIPPED_CONFIG);
  const names = named ?? configured.slice(0, 1).map(({ name }) => name);
  const environments = configured.filter(({ name }) => names.includes(name));
  stdout(`${openingText(configured, { environments, tour, month, seed })}\n`);

  // Only where it can be taken back: what is printed is to be read from top to bottom.
  const progress = (text: string) => isTerminal && stderr(`\r\u001b[K${text}`);
  progress('Synthesizing the templates ...');
  const synthesized = await synth(names, SHIPPED_CONFIG);
  if (synthesized.kind === 'failed') {
    progress('');
    return notSynthesized(synthesized, output);
  }
  const { stacks } = synthesized;
  const result = await playTour({ environments, stacks, tour, month, seed }, ({ title }, days) =>
    progress(`Playing: ${title}, day ${days + 1} ...`),
  );
  progress('');

  const months = [result.quiet, result.runaway];
  if (verbose) for (const one of months) stdout(`${monthText(one)}\n`);
  stdout(tourText(result));
  if (verbose) stdout(`\n${notesText(months, stacks, seed)}`);
  if (report !== undefined) stderr(`${writeReport(report, tourReports(result))}\n`);
  return exitCode(tourViolations(result), output);
}

/** Month by month, with every event. */
async function playInFull(
  scenarios: readonly Scenario[],
  { month, seed, report, environments: names }: RunOptions,
  output: Output,
  synth: typeof synthesize,
): Promise<number> {
  const { stdout, stderr } = output;
  const progress = progressTo(output);

  const stacksOf = new Map<string, readonly GuardStack[]>();
  for (const file of new Set(scenarios.map(configOf))) {
    progress.begin(`Synthesizing the stacks of ${file} ...`);
    const started = performance.now();
    const synthesized = await synth(names, file);
    if (synthesized.kind === 'failed') {
      progress.clear();
      return notSynthesized(synthesized, output);
    }
    const { stacks, notices } = synthesized;
    const stackNames = stacks.map(({ identity }) => identity.stackName).join(', ');
    const folded = notices.length > 0 ? `; ${notices.length} lines of notes, which npx cdk synth shows` : '';
    progress.end(`Synthesized ${stackNames} of ${file} in ${seconds(started)}${folded}`);
    stacksOf.set(file, stacks);
  }

  const results: MonthResult[] = [];
  const started = performance.now();
  for (const scenario of scenarios) {
    const file = configOf(scenario);
    const environments = environmentsAt(file).filter(({ name }) => !names || names.includes(name));
    progress.begin(`Playing ${scenario.name} ...`);
    const scenarioStarted = performance.now();
    const result = await simulateMonth({ environments, stacks: stacksOf.get(file)!, scenario, month, seed });
    results.push(result);
    progress.end(`Played ${scenario.name}: ${handlerRuns(result)} runs of the handlers in ${seconds(scenarioStarted)}`);
  }
  stderr(`Simulation: ${seconds(started)} in all\n\n`);

  for (const result of results) stdout(`${monthText(result)}\n`);
  stdout(comparisonText(results));
  if (report !== undefined) stderr(`${writeReport(report, results.map(monthReport))}\n`);
  stdout(notesText(results, [...stacksOf.values()][0]!, seed));
  return exitCode(
    results.flatMap(({ violations }) => violations),
    output,
  );
}

function notSynthesized(failed: { readonly output: string; readonly exitCode: number }, { stderr }: Output): number {
  stderr(`The CDK app did not synthesize (exit code ${failed.exitCode}):\n${failed.output}\n`);
  return 1;
}

function exitCode(violations: readonly string[], { stderr }: Output): number {
  if (violations.length === 0) return 0;
  stderr('\nSomething happened that must never happen, or what must happen did not: see NOT in the output.\n');
  return 2;
}

function configOf({ config }: Scenario): string {
  return config ?? SHIPPED_CONFIG;
}

/** In a terminal, what goes on is overwritten by how it went; a log gets the latter only. */
function progressTo({ stderr, isTerminal }: Output) {
  return {
    begin: (text: string) => isTerminal && stderr(text),
    end: (text: string) => stderr(isTerminal ? `\r\u001b[K${text}\n` : `${text}\n`),
    clear: () => isTerminal && stderr('\r\u001b[K'),
  };
}

function handlerRuns({ journal }: MonthResult): number {
  return [...journal.runs.values()].reduce((sum, { invoked }) => sum + invoked, 0);
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(2)} s`;
}
