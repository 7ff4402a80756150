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
}

/** A person's own usage against the configuration: the real decision, on the user's own tokens, in each environment. */
export async function simulateUsage(options: SimulateUsageOptions, world: World): Promise<CommandResult> {
  const environments = selected(configuration(options.config, world.now()).environments, options.env);
  const models = [...new Set(environments.flatMap((environment) => environment.models.map(({ id }) => id)))];
  world.progress(`Reading ${options.usage}`);
  const rows = readUsage(options.usage, models);
  const results = environments.map((environment) => {
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
