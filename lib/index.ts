export { functionBundle } from './bundle';
export { bundled, functionFeatures } from './bundled';
export { clientConfig, clientConfigFile } from './client-config';
export { selectedEnvironments } from './selection';
export { countBillable } from './self-cost';
export { SpendGuardConfig } from './spend-guard-config';
export { SpendGuardStack } from './spend-guard-stack';
export { NOTES_ARE_SAID, synthNotes } from './synth-notes';
