import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  complete,
  isStackOutput,
  type ClientConfig,
  type CompleteClientConfig,
  type StackOutput,
} from '../../core/in-path';
import { deployCommand } from '../../config';
import { CommandError, UsageError } from '../errors';
import { configuration, theOne } from '../environments';
import { EXIT_CODES } from '../exit-codes';
import type { CommandResult } from '../result';
import type { World } from '../world';

export interface ClientConfigOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  /** Folder of the synthesized output. */
  readonly app: string;
  readonly out?: string | undefined;
}

/** Completes what synth wrote for the SDK plugin with what only the deployed stack knows, and writes it as one file. */
export async function clientConfig(options: ClientConfigOptions, world: World): Promise<CommandResult> {
  const { name, config } = await deployedClientConfig(options, world);
  const file = options.out ?? clientConfigFile(name);
  write(file, `${JSON.stringify(config, null, 2)}\n`);
  return {
    exitCode: EXIT_CODES.ok,
    data: { environment: name, file, config },
    lines: [
      { text: `wrote ${file}`, tone: 'good' },
      `  ${config.models.length} models, table ${config.leasesTable}, ${config.inPath.mode}; it holds no credentials`,
      `  ship it with the application: spendGuard({ config: require('./${path.basename(file)}') })`,
    ],
  };
}

export function clientConfigFile(environment: string): string {
  return `spend-guard-client.${environment}.json`;
}

/** @throws UsageError where there is no such environment or synth has not written it; CommandError where it is not deployed */
export async function deployedClientConfig(
  options: Pick<ClientConfigOptions, 'env' | 'config' | 'app'>,
  world: World,
): Promise<{ readonly name: string; readonly config: CompleteClientConfig }> {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const { name } = environment;
  const content = synthesized(options.app, name);
  const stacks = [...new Set(named(content).map(({ stack }) => stack))];
  world.progress(`Asking CloudFormation for the outputs of ${stacks.join(', ')}`);
  const { stackOutputs } = await world.services(environment);
  const outputs = new Map(
    await Promise.all(stacks.map(async (stack) => [stack, await stackOutputs.outputs(stack)] as const)),
  );
  for (const [stack, found] of outputs) if (!found) throw notDeployed(`stack ${stack} is not there`, name);
  const { config, missing } = complete(content, ({ stack, output }) => outputs.get(stack)?.[output]);
  if (missing.length > 0) {
    const lacking = missing.map(({ stack, output }) => `${stack}.${output}`).join(', ');
    throw notDeployed(`${lacking} ${missing.length === 1 ? 'is not' : 'are not'} among its outputs`, name);
  }
  return { name, config };
}

/** @throws UsageError where synth has not written it */
export function synthesized(app: string, name: string): ClientConfig {
  const file = path.join(app, clientConfigFile(name));
  if (!existsSync(file)) {
    throw new UsageError(
      `--app ${app}: no ${clientConfigFile(name)} there; run npx cdk synth first, or name its output`,
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UsageError(`${file} is no JSON: run npx cdk synth again`);
  }
  const { schemaVersion } = (content ?? {}) as { schemaVersion?: unknown };
  if (schemaVersion !== 1) {
    throw new UsageError(
      `${file} is of another release (schemaVersion ${String(schemaVersion)}, this one reads 1): synth again`,
    );
  }
  return content as ClientConfig;
}

function named({ leasesTable, models }: ClientConfig): readonly StackOutput[] {
  return [leasesTable, ...models.map(({ profile }) => profile)].filter(isStackOutput);
}

function notDeployed(why: string, name: string): CommandError {
  return new CommandError('NOT_DEPLOYED', `${name}: ${why}; deploy what you have synthesized: ${deployCommand(name)}`);
}

/** @throws UsageError where it cannot be written */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = 'error' } = error as { code?: string };
    throw new UsageError(`--out ${file}: cannot be written (${code}); name a file in a folder that exists`);
  }
}
