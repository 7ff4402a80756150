export { type OrganizationRollUpVariables, parseOrganizationRollUpEnv } from './env';
export { makeHandler } from './handler';
