import * as z from 'zod/mini';
import { parseVariables } from '../env';
import { organizationSettings } from '../organization-settings';

const text = z.string().check(z.minLength(1));

const organizationReportEnv = z.object({
  ...organizationSettings,
  ALERT_TOPIC_ARN: text,
  PAGE_BUCKET_NAME: text,
  /** IANA name: a local day has one mail. */
  REPORT_TIME_ZONE: text,
});

/** What the construct must set. */
export type OrganizationReportVariables = z.input<typeof organizationReportEnv>;
export type OrganizationReportEnv = z.output<typeof organizationReportEnv>;

/** @throws GuardError ENVIRONMENT_INVALID that names everything at fault */
export function parseOrganizationReportEnv(
  variables: Readonly<Record<string, string | undefined>>,
): OrganizationReportEnv {
  return parseVariables(organizationReportEnv, variables);
}
