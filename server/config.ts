import { type ClientConfig, complete, type CompleteClientConfig } from '../core/in-path';
import type { ConfigSource } from '../client/index';

/** What the guard was made of; it has been checked by then. */
export function configOf({ config, outputs = {} }: ConfigSource): CompleteClientConfig {
  const stacks = outputs as Readonly<Record<string, Readonly<Record<string, string>>>>;
  return complete(config as ClientConfig, ({ stack, output }) => stacks[stack]?.[output]).config;
}
