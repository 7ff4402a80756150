export type { OrganizationBrakeVariables } from './env';
