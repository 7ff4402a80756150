import type { EnvironmentConfig } from './guard-config';
import type { EnvironmentInput } from './schema';

/** Who spent it, as far as the config names where to look. */
export function spendersOf({ spenders = {} }: EnvironmentInput): EnvironmentConfig['spenders'] {
  const { principalTag, invocationLogs } = spenders;
  return {
    ...(principalTag === undefined ? {} : { principalTag }),
    ...(invocationLogs === undefined ? {} : { logGroup: invocationLogs.logGroup }),
  };
}
