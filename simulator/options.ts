import { parseArgs } from 'node:util';
import type { UtcMonth } from '../core/calendar';
import type { Scenario } from './scenarios/scenario';
import { allScenarios, furtherScenarios, scenarios } from './scenarios';

export interface RunOptions {
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  /** Where to write the HTML report. @default - none */
  readonly report?: string;
  readonly month: UtcMonth;
  /** Undefined is all. */
  readonly environments: readonly string[] | undefined;
}

/** A fixed month, so that the same command prints the same thing next year. It has 31 days and begins on a Sunday. */
const DEFAULT_MONTH = '2026-03';
const DEFAULT_SEED = 1;
const LARGEST_SEED = 4_294_967_295;

export const USAGE = `Plays a month of the guard: the synthesized stacks and the real handlers, on a virtual clock, without AWS.

  npm start -- [options]

  --scenario NAME    one of ${allScenarios.map(({ name }) => name).join(', ')}; several by comma;
                     default: all but ${furtherScenarios.map(({ name }) => name).join(', ')}
  --env NAMES        environments of config/budget-tiers.ts, by comma; default: all
  --month YYYY-MM    the UTC month to play; default: ${DEFAULT_MONTH}
  --seed N           0 to ${LARGEST_SEED}; the same seed gives the same month; default: ${DEFAULT_SEED}
  --report FILE      also write what was played as one HTML file
  --help

Exit code 0: played; 1: bad options, config or template; 2: something happened that must never happen.`;

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: RunOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'problem'; readonly text: string };

/** @param known names of the configured environments */
export function parseOptions(args: readonly string[], known: readonly string[]): ParsedOptions {
  const text = { type: 'string' } as const;
  const options = {
    scenario: text,
    seed: text,
    env: text,
    month: text,
    report: text,
    help: { type: 'boolean' },
  } as const;
  let values;
  try {
    values = parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    // Node's own words name the argument; what follows its first sentence is advice on syntax.
    const [reason = ''] = (error as Error).message.split(/\.\s/);
    return problem(
      `${reason}; allowed: --scenario NAME, --env NAMES, --month YYYY-MM, --seed N, --report FILE, --help`,
    );
  }
  if (values.help) return { kind: 'help' };

  const names = list(values.scenario);
  const unknown = names?.find((name) => !allScenarios.some((one) => one.name === name));
  if (unknown !== undefined) {
    return problem(
      `--scenario ${unknown}: no such scenario; allowed: ${allScenarios.map(({ name }) => name).join(', ')}`,
    );
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
      scenarios: names ? allScenarios.filter(({ name }) => names.includes(name)) : scenarios,
      seed: Number(seed),
      ...(values.report === undefined ? {} : { report: values.report }),
      month: month as UtcMonth,
      environments,
    },
  };
}

/** By comma; what is named twice counts once. */
function list(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [...new Set(value.split(',').map((name) => name.trim()))];
}

function problem(text: string): ParsedOptions {
  return { kind: 'problem', text };
}
