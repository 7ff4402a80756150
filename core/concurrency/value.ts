import type { ProvisionedConfig } from '../ports/concurrency';

/** @param config undefined where there is no configuration, which is 0 */
export function valueOf(config: ProvisionedConfig | undefined): number {
  return config?.requested ?? 0;
}
