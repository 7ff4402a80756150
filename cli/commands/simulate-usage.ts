import { replayReport } from '../../simulator/report/html/data';
import { checkReportFile, writeReport } from '../../simulator/report/html/write';
import { configuration, selected } from '../environments';
import { EXIT_CODES } from '../exit-codes';
import { replayData, replayed, replayLines } from '../replayed';
import type { CommandResult } from '../result';
import { readUsage } from '../usage/read';
import type { World } from '../world';

export interface SimulateUsageOptions {
  readonly usage: string;
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly report?: string | undefined;
}

/** A person's own usage against the configuration: the real decision, on the user's own tokens, in each environment. */
export async function simulateUsage(options: SimulateUsageOptions, world: World): Promise<CommandResult> {
  const chosen = selected(configuration(options.config, world.now()).environments, options.env);
  const models = [...new Set(chosen.flatMap((environment) => environment.models.map(({ id }) => id)))];
  if (options.report !== undefined) checkReportFile(options.report);
  world.progress(`Reading ${options.usage}`);
  const rows = readUsage(options.usage, models);
  const results = chosen.map((environment) => {
    world.progress(`Replaying ${rows.length} rows in ${environment.name}`);
    const offered = new Set(environment.models.map(({ id }) => id));
    return {
      environment,
      result: replayed(
        environment,
        rows.filter(({ modelId }) => offered.has(modelId)),
      ),
    };
  });
  if (options.report !== undefined) {
    const environments = results.map(({ environment, result }) => replayReport(environment, environment.name, result));
    const story = [`${rows.length} rows of ${options.usage}, as the guard would have held them.`];
    world.progress(writeReport(options.report, [{ title: 'Your usage, replayed', story, environments }]));
  }
  return {
    exitCode: EXIT_CODES.ok,
    data: {
      usage: options.usage,
      rows: rows.length,
      environments: results.map(({ environment, result }) => ({
        environment: environment.name,
        limit: environment.limit,
        ...replayData(result),
      })),
    },
    lines: results.flatMap(({ environment, result }, at) => [
      ...(at > 0 ? [''] : []),
      ...replayLines(environment, result),
    ]),
  };
}
