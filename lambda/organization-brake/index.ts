export { type OrganizationBrakeVariables, parseOrganizationBrakeEnv } from './env';
export { type BrakeResult, makeHandler } from './handler';
