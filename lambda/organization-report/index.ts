export { type OrganizationReportVariables, parseOrganizationReportEnv } from './env';
export { makeHandler, type OrganizationReportResult } from './handler';
