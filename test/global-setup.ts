import { rmSync } from 'node:fs';
import { functionBundle } from '../lib/bundle';
import { functionFeatures } from '../lib/bundled';
import { removeStale } from '../local/work-folder';
import { staleTmpdirs, takeOwnTmpdir } from './helpers/own-tmpdir';

/** Bundles the functions once: every worker that synthesizes a stack would do it otherwise. */
export default async function setup(): Promise<void> {
  for (const folder of staleTmpdirs()) {
    // An emulator may still run in it.
    await removeStale(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
  takeOwnTmpdir();
  for (const feature of functionFeatures()) functionBundle(feature);
}
