import { functionBundle, functionFeatures } from '../lib/bundle';

/** Bundles the functions once: every worker that synthesizes a stack would do it otherwise. */
export default function setup(): void {
  for (const feature of functionFeatures()) functionBundle(feature);
}
