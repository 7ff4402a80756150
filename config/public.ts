/** What a configuration file needs: nothing of AWS CDK is loaded by it. */
export { type BriefEnvironment, type BriefModel, withDefaults } from './defaults';
export { defineOrganization, type OrganizationInput } from './organization-schema';
export { defineGuard, type GuardInput } from './schema';
