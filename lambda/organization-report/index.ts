export type { OrganizationReportVariables } from './env';
