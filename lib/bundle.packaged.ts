import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../core/settings';
import { withSettings } from './with-settings';

const FUNCTIONS = path.resolve(__dirname, '../functions');

export function functionBundle(feature: string): string {
  const folder = path.join(FUNCTIONS, feature);
  if (!existsSync(folder))
    throw new Error(
      `no function '${feature}' in ${FUNCTIONS}: install the package again, and leave it outside of a bundle`,
    );
  return folder;
}

/** An installed package may be read-only, and is shared by all who synthesize: what is made of it goes into the cloud assembly. */
export function functionWithSettings(feature: string, settings: Settings, assembly: string): string {
  return withSettings(functionBundle(feature), settings, path.join(assembly, '.spend-guard'));
}
