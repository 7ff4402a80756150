export { functionBundle, functionFeatures } from './bundle';
export { clientConfig, clientConfigFile } from './client-config';
export { selectedEnvironments } from './selection';
export { countBillable } from './self-cost';
export { OneClickStack } from './one-click-stack';
export { PARAMETERS } from './one-click-parameters';
export { SpendGuardStack } from './spend-guard-stack';
export { synthNotes } from './synth-notes';
