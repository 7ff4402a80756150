export { functionBundle, functionFeatures } from './bundle';
export { clientConfig, clientConfigFile } from './client-config';
export type { MembersTemplate } from './guard-stack-set';
export { MembersStack, OrganizationHubStack } from './organization-hub-stack';
export { organizationNotes } from './organization-notes';
export { selectedEnvironments } from './selection';
export { countBillable } from './self-cost';
export { SpendGuardStack } from './spend-guard-stack';
export { synthNotes } from './synth-notes';
