import * as z from 'zod/mini';
import { parseVariables } from '../env';
import { organizationSettings } from '../organization-settings';

const organizationRollUpEnv = z.object({
  ...organizationSettings,
  /** Name or ARN of organization-brake. */
  BRAKE_FUNCTION: z.string().check(z.minLength(1)),
});

/** What the construct must set. */
export type OrganizationRollUpVariables = z.input<typeof organizationRollUpEnv>;
export type OrganizationRollUpEnv = z.output<typeof organizationRollUpEnv>;

/** @throws GuardError ENVIRONMENT_INVALID that names everything at fault */
export function parseOrganizationRollUpEnv(
  variables: Readonly<Record<string, string | undefined>>,
): OrganizationRollUpEnv {
  return parseVariables(organizationRollUpEnv, variables);
}
