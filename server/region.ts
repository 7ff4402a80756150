import type { ConfigSource } from '../client';

/** Of a config that has been checked. */
export function regionOf({ config }: ConfigSource): string {
  return (config as { readonly region: string }).region;
}
