import { parseArgs } from 'node:util';
import { closest } from 'fastest-levenshtein';
import type { UtcMonth } from '../core/calendar';
import type { Scenario } from './scenarios/scenario';
import { allScenarios, furtherScenarios, scenarios } from './scenarios';

export interface RunOptions {
  /** What is printed in full; 'tour': what a newcomer is shown, in short. */
  readonly scenarios: readonly Scenario[] | 'tour';
  /** The tour with every event of it. */
  readonly verbose: boolean;
  readonly seed: number;
  /** Where to write the HTML report. @default - none */
  readonly report?: string;
  readonly month: UtcMonth;
  /** Undefined: none was named. That is all, and the first of them for the tour. */
  readonly environments: readonly string[] | undefined;
}

/** A fixed month, so that the same command prints the same thing next year. It has 31 days and begins on a Sunday. */
const DEFAULT_MONTH = '2026-03';
const DEFAULT_SEED = 1;
const LARGEST_SEED = 4_294_967_295;

export const USAGE = `Plays the guard: the synthesized templates and the real functions, on a virtual clock, without AWS.

  npm start                       a quiet month and a runaway, of the first environment of config/budget-tiers.ts
  npm start -- [SCENARIO ...] [options]

  SCENARIO           ${scenarioList(allScenarios)};
                     also --scenario NAMES, by comma; each is printed in full
  --all              every scenario, in full, but ${furtherScenarios.map(({ name }) => name).join(', ')} (minutes)
  --verbose          every mail and event too
  --env NAMES        environments of config/budget-tiers.ts, by comma; default: all; of npm start alone the first
  --month YYYY-MM    the UTC month to play; default: ${DEFAULT_MONTH}
  --seed N           0 to ${LARGEST_SEED}; the same seed gives the same month; default: ${DEFAULT_SEED}
  --report FILE      also write what was played as one HTML file
  --help

Exit code 0: played; 1: bad options, config or template; 2: something happened that must never happen, or a scenario did
not show what it is there for.`;

const ALLOWED =
  'SCENARIO, --scenario NAMES, --all, --verbose, --env NAMES, --month YYYY-MM, --seed N, --report FILE, --help';

/** Four a line, under the first. */
function scenarioList(all: readonly Scenario[]): string {
  const names = all.map(({ name }) => name);
  const lines = Array.from({ length: Math.ceil(names.length / 4) }, (_, at) => names.slice(4 * at, 4 * at + 4));
  return `one of ${lines.map((line) => line.join(', ')).join(`,\n${' '.repeat(21)}`)}`;
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: RunOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly text: string };

/** @param known names of the configured environments */
export function parseOptions(args: readonly string[], known: readonly string[]): ParsedOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = {
    scenario: text,
    all: flag,
    verbose: flag,
    seed: text,
    env: text,
    month: text,
    report: text,
    help: flag,
  } as const;
  let values;
  let positionals;
  try {
    ({ values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true }));
  } catch (error) {
    // Node's own words name the argument; what follows its first sentence is advice on syntax.
    const [reason = ''] = (error as Error).message.split(/\.\s/);
    return problem(`${reason}; allowed: ${ALLOWED}`);
  }
  if (values.help) return { kind: 'help' };

  const named = positionals.flatMap((one) => list(one) ?? []);
  const opted = list(values.scenario) ?? [];
  const [bad] = [...named, ...opted.map((name) => `--scenario ${name}`)].flatMap((given) => {
    const text = scenarioProblem(given.replace('--scenario ', ''));
    return text === undefined ? [] : [`${given}: ${text}`];
  });
  if (bad !== undefined) return problem(bad);
  const names = [...named, ...opted];
  if (values.all && names.length > 0) {
    return problem(`--all and ${names[0]}: every scenario or some; allowed: one of the two`);
  }
  const environments = list(values.env);
  const stranger = environments?.find((name) => !known.includes(name));
  if (stranger !== undefined) return problem(`--env ${stranger}: no such environment; allowed: ${known.join(', ')}`);
  const { month = DEFAULT_MONTH, seed = String(DEFAULT_SEED) } = values;
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(month)) {
    return problem(`--month ${month}: not a month; allowed: YYYY-MM from 2000-01 to 2099-12, such as ${DEFAULT_MONTH}`);
  }
  if (!/^\d{1,10}$/.test(seed) || Number(seed) > LARGEST_SEED) {
    return problem(`--seed ${seed}: not a seed; allowed: whole numbers from 0 to ${LARGEST_SEED}`);
  }
  return {
    kind: 'run',
    options: {
      scenarios: chosen(names, values.all === true),
      verbose: values.verbose === true,
      seed: Number(seed),
      ...(values.report === undefined ? {} : { report: values.report }),
      month: month as UtcMonth,
      environments,
    },
  };
}

function chosen(names: readonly string[], all: boolean): RunOptions['scenarios'] {
  if (all) return scenarios;
  return names.length === 0 ? 'tour' : allScenarios.filter(({ name }) => names.includes(name));
}

/** What is wrong with a scenario's name, and what may have been meant; undefined where there is such a one. */
export function scenarioProblem(name: string): string | undefined {
  const known = allScenarios.map((one) => one.name);
  if (known.includes(name)) return undefined;
  return `no such scenario; nearest: '${closest(name, known)}'; allowed: ${known.join(', ')}`;
}

/** By comma; what is named twice counts once. */
function list(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [...new Set(value.split(',').map((name) => name.trim()))];
}

function problem(text: string): ParsedOptions {
  return { kind: 'problem', text };
}
