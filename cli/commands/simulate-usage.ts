import { replayReport, writeReport } from '../../simulator';
import { configuration, selected } from '../environments';
import { UsageError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import { besideSpent, replayData, replayed, replayLines } from '../replayed';
import type { CommandResult } from '../result';
import { readingLines } from '../usage/account';
import { covered } from '../usage/covered';
import { checkGuarded, readAsSaid, type UsageOptions } from '../usage/options';
import { checkReportPath } from '../usage/report-path';
import type { World } from '../world';

export interface SimulateUsageOptions extends UsageOptions {
  readonly usage: string;
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly report?: string | undefined;
  /** Of a month that is made up: they do nothing here, and are refused. */
  readonly scenarios?: readonly string[];
  readonly month?: string | undefined;
  readonly seed?: string | undefined;
}

/** A person's own usage against the configuration: the real decision, on the user's own tokens, in each environment. */
export async function simulateUsage(options: SimulateUsageOptions, world: World): Promise<CommandResult> {
  refuseIdle(options);
  const { usage, report } = options;
  const chosen = selected(configuration(options.config, world.now()).environments, options.env);
  if (report !== undefined) checkReportPath(report);
  const { table, reading } = await readAsSaid(usage, options, chosen, world);
  const results = chosen.map((environment) => {
    world.progress(`Replaying ${reading.rows} rows in ${environment.name}`);
    const part = covered(table, environment);
    checkGuarded(options, usage, environment.name, part);
    return { environment, part, result: replayed(environment, part.rows, part.models) };
  });
  if (report !== undefined) {
    const environments = results.map(({ environment, part, result }) =>
      replayReport(environment, environment.name, result, besideSpent(environment.name, result, part)),
    );
    const story = [`${reading.rows} rows of ${usage}, as the guard would have held them.`];
    world.progress(writeReport(report, [{ title: 'Your usage, replayed', story, environments }]));
  }
  return {
    exitCode: EXIT_CODES.ok,
    data: {
      usage,
      rows: reading.rows,
      reading,
      environments: results.map(({ environment, part, result }) => ({
        environment: environment.name,
        limit: environment.limit,
        ...replayData(result, part),
      })),
    },
    lines: [
      ...readingLines(reading),
      ...results.flatMap(({ environment, part, result }) => ['', ...replayLines(environment, result, part)]),
    ],
  };
}

function refuseIdle({ scenarios = [], month, seed }: SimulateUsageOptions): void {
  const idle = [
    ...scenarios.map((name) => `the scenario ${name}`),
    ...(month === undefined ? [] : ['--month']),
    ...(seed === undefined ? [] : ['--seed']),
  ];
  if (idle.length === 0) return;
  throw new UsageError(
    `simulate --usage: ${idle.join(', ')} would do nothing, as the usage has its own months and calls; leave it out, or --usage`,
  );
}
