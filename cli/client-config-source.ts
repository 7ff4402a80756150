import { existsSync, readFileSync } from 'node:fs';
import type { ConfigSource } from '../server';
import { clientConfigFile, deployedClientConfig, synthesized } from './commands/client-config';
import { configuration, theOne } from './environments';
import { UsageError } from './errors';
import type { World } from './world';

export interface SourceOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly clientConfig?: string | undefined;
  readonly app: string;
  readonly outputs?: string | undefined;
}

export interface Source extends ConfigSource {
  readonly environment: string;
  /** Where it comes from, for people. */
  readonly from: string;
}

/**
 * The client config of one environment: the file that is named, or lies here; else what was synthesized, with a file of its
 * outputs or with what CloudFormation says. With a named file neither the guard's config nor AWS is asked.
 * @throws UsageError, and what `client-config` throws
 */
export async function clientConfigSource(options: SourceOptions, world: World): Promise<Source> {
  const { clientConfig: file, outputs, env } = options;
  if (file !== undefined) {
    if (outputs !== undefined)
      throw new UsageError('--outputs: a file of client-config has the outputs in it; leave one out');
    return fromFile(file, '--client-config', env);
  }
  if (outputs !== undefined) {
    const { name } = theOne(configuration(options.config, world.now()).environments, env);
    const config = synthesized(options.app, name);
    return { environment: name, config, outputs: json(outputs, '--outputs'), from: `${options.app} and ${outputs}` };
  }
  const { name } = theOne(configuration(options.config, world.now()).environments, env);
  const here = clientConfigFile(name);
  if (existsSync(here)) return fromFile(here, 'in this folder', name);
  const { config } = await deployedClientConfig(options, world);
  return { environment: name, config, from: `${options.app} and the deployed stack` };
}

function fromFile(file: string, place: string, env: string | undefined): Source {
  const config = json(file, place);
  const { environment } = (config ?? {}) as { readonly environment?: unknown };
  if (typeof environment !== 'string')
    throw new UsageError(`${place} ${file}: is no client config: write it with npx spend-guard client-config`);
  if (env !== undefined && env !== environment)
    throw new UsageError(
      `${place} ${file}: is of ${environment}, and --env names ${env}: give one of them, or the file of ${env}`,
    );
  return { environment, config, from: file };
}

function json(file: string, place: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'error' } = error as { readonly code?: string };
    throw new UsageError(`${place} ${file}: cannot be read (${code}); name a file that exists`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${place} ${file}: is no JSON`);
  }
}
