import { guardAt, type EnvironmentConfig, loadGuard, usualConfig } from '../../config';
import {
  parseOptions,
  type RunOptions,
  monthReport,
  writeReport,
  monthText,
  notesText,
  scenarioProblem,
  scenarios,
  type Scenario,
  simulateMonth,
  type MonthResult,
  synthesize,
  type GuardStack,
} from '../../simulator';
import { CommandError, UsageError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import type { CommandResult } from '../result';
import { isRecord, recordOf } from '../usage/formats/format';
import { checkReportPath } from '../usage/report-path';

export interface SimulateOptions {
  readonly scenarios: readonly string[];
  readonly env?: string | undefined;
  readonly month?: string | undefined;
  readonly seed?: string | undefined;
  readonly report?: string | undefined;
  /** Options of `--usage`: they do nothing here, and are refused. */
  readonly ofUsage?: Readonly<Record<string, unknown>>;
}

export interface SimulateDeps {
  readonly progress: (text: string) => void;
  /** A test has its own. */
  readonly synth?: typeof synthesize;
}

/**
 * Plays months of the guard on this machine: the synthesized stacks and the real handlers, without AWS.
 * @throws UsageError; CommandError SYNTH_FAILED with the app's own words
 */
export async function simulate(options: SimulateOptions, deps: SimulateDeps): Promise<CommandResult> {
  const [idle] = Object.entries(options.ofUsage ?? {}).filter(([, value]) => value !== undefined);
  if (idle) throw new UsageError(`simulate: ${idle[0]} is of --usage, and does nothing without it; leave it out`);
  const run = runOptions(options);
  if (options.report !== undefined) checkReportPath(options.report);
  const stacksOf = new Map<string, readonly GuardStack[]>();
  const results: MonthResult[] = [];
  for (const scenario of scenariosOf(run)) {
    const file = scenario.config ?? usualConfig();
    const stacks = stacksOf.get(file) ?? (await stacksFor(file, run.environments, deps));
    stacksOf.set(file, stacks);
    deps.progress(`Playing ${scenario.name}`);
    const environments = environmentsOf(file).filter(({ name }) => run.environments?.includes(name) ?? true);
    results.push(await simulateMonth({ environments, stacks, scenario, month: run.month, seed: run.seed }));
  }
  const [stacks = []] = stacksOf.values();
  if (options.report !== undefined) deps.progress(writeReport(options.report, results.map(monthReport)));
  const violated = results.some(({ violations }) => violations.length > 0);
  return {
    exitCode: violated ? EXIT_CODES.findings : EXIT_CODES.ok,
    data: { month: run.month, seed: run.seed, scenarios: results.map(monthData) },
    lines: [
      ...results.flatMap((result) => monthText(result).split('\n')),
      ...notesText(results, stacks, run.seed).trimEnd().split('\n'),
      ...(violated
        ? ['', { text: 'Something happened that must never happen: see above.', tone: 'bad' as const }]
        : []),
    ],
  };
}

/** The simulator's own reading of its options, whose errors name option, value and what is allowed. */
function runOptions({ scenarios: names, env, month, seed }: SimulateOptions): RunOptions {
  for (const name of names) {
    const problem = scenarioProblem(name);
    if (problem !== undefined) throw new UsageError(`${name}: ${problem}, or none for all`);
  }
  const given = {
    scenario: names.length > 0 ? names.join(',') : undefined,
    env,
    month,
    seed,
  };
  const args = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  const parsed = parseOptions(
    args,
    environmentsOf(usualConfig()).map(({ name }) => name),
  );
  if (parsed.kind === 'run') return parsed.options;
  throw new UsageError(parsed.kind === 'problem' ? parsed.text : 'see spend-guard simulate --help');
}

/** The tour is for a terminal that nobody has yet read much on: here none named is all. */
function scenariosOf(run: RunOptions): readonly Scenario[] {
  return run.scenarios === 'tour' ? scenarios : run.scenarios;
}

async function stacksFor(
  file: string,
  environments: readonly string[] | undefined,
  { progress, synth = synthesize }: SimulateDeps,
): Promise<readonly GuardStack[]> {
  progress(`Synthesizing the stacks of ${file}`);
  const synthesized = await synth(environments, file);
  if (synthesized.kind === 'done') return synthesized.stacks;
  throw new CommandError(
    'SYNTH_FAILED',
    `The CDK app did not synthesize (exit code ${synthesized.exitCode}):\n${synthesized.output}`,
  );
}

/** The time only words the notices, which are not shown here. */
function environmentsOf(file: string): readonly EnvironmentConfig[] {
  return loadGuard(guardAt(file).input, 0, file).environments;
}

/** A month for programs: nano-dollars, and ISO times; one that never came is left out. */
function monthData({ scenario, environments, violations }: MonthResult): Readonly<Record<string, unknown>> {
  return {
    scenario: scenario.name,
    violations,
    environments: environments.map(({ environment, byModel, ...outcome }) => ({
      environment: environment.name,
      limit: environment.limit,
      ...recordOf(withIsoTimes(outcome)),
      byModel: Object.fromEntries(byModel),
    })),
  };
}

/** `atMs: 1772409600000` to `at: '2026-03-02T00:00:00.000Z'`, at any depth. */
function withIsoTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIsoTimes);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) =>
      key.endsWith('Ms') && typeof one === 'number'
        ? [key.slice(0, -2), new Date(one).toISOString()]
        : [key, withIsoTimes(one)],
    ),
  );
}
