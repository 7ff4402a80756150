import shipped from '../../../config/budget-tiers';
import { assemblyOf } from '../assemblies';

/** `dev` as shipped, with other settings. */
export const dev = (changes: Readonly<Record<string, unknown>> = {}) =>
  assemblyOf(({ dev: shipped }) => ({ dev: { ...shipped, ...changes } }));

/** Synthesized once for several tests. */
export const once = (changes: () => Readonly<Record<string, unknown>>) => {
  let folder: string | undefined;
  return () => (folder ??= dev(changes()));
};

export const otherSettings = once(() => ({
  billAction: 'needsApproval',
  provisionedConcurrency: [{ functionName: 'other', optional: true }],
  models: { ...shipped.environments['dev']!.models, large: [{ id: 'amazon.nova-pro-v1:0' }] },
}));
