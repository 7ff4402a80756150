import * as z from 'zod/mini';
import { parseVariables } from '../env';
import { organizationSettings } from '../organization-settings';

const organizationBrakeEnv = z.object({
  ...organizationSettings,
  /** Of the service control policy, such as `p-1a2b3c4d`. */
  BRAKE_POLICY_ID: z.string().check(z.minLength(1)),
  ALERT_TOPIC_ARN: z.string().check(z.minLength(1)),
});

/** What the construct must set. */
export type OrganizationBrakeVariables = z.input<typeof organizationBrakeEnv>;
export type OrganizationBrakeEnv = z.output<typeof organizationBrakeEnv>;

/** @throws GuardError ENVIRONMENT_INVALID that names everything at fault */
export function parseOrganizationBrakeEnv(
  variables: Readonly<Record<string, string | undefined>>,
): OrganizationBrakeEnv {
  return parseVariables(organizationBrakeEnv, variables);
}
