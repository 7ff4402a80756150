export type { OrganizationRollUpVariables } from './env';
