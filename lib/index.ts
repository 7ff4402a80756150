export { functionBundle, functionFeatures } from './bundle';
export { selectedEnvironments } from './selection';
export { countBillable } from './self-cost';
export { SpendGuardConfig } from './spend-guard-config';
export { SpendGuardStack } from './spend-guard-stack';
export { NOTES_ARE_SAID, synthNotes } from './synth-notes';
