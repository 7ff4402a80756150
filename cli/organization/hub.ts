import type * as z from 'zod';
import {
  loadOrganization,
  ORGANIZATION_HUB,
  organizationAt,
  type OrganizationConfig,
  SHIPPED_ORGANIZATION,
  stackName,
  usualOrganization,
} from '../../config';
import { ServiceError } from '../../core/errors';
import type { OrganizationDocument } from '../../core/organization';
import { invoked } from '../deployed';
import { existing } from '../environments';
import { CommandError, UsageError } from '../errors';
import { isAboutCredentials } from '../explain';
import type { World } from '../world';
import { reportAnswer } from './answers';

export interface OrganizationOptions {
  readonly organization?: string | undefined;
}

/** The organisation's limits by account, as a person wrote them. */
export interface OrganizationFile {
  readonly organization: OrganizationConfig;
  /** As it was named. */
  readonly file: string;
}

/** The deployed hub, asked under the caller's own credentials. */
export interface Hub extends OrganizationFile {
  /** Whose credentials these are: the hub's records name them. */
  readonly caller: string;
  /** @throws CommandError NOT_DEPLOYED, NOT_PERMITTED, FUNCTION_FAILED, ANSWER_INVALID; ServiceError */
  ask<Shape extends z.ZodType>(
    feature: Feature,
    event: Readonly<Record<string, unknown>>,
    shape: Shape,
  ): Promise<z.output<Shape>>;
}

type Feature = 'organization-report' | 'organization-brake';

/** The roles of the hub's stack that may run it, by their outputs. */
const ROLES: Readonly<Record<Feature, string>> = {
  'organization-report': 'ViewerRoleArn or OperatorRoleArn',
  'organization-brake': 'OperatorRoleArn',
};

/** Longer than any answer of STS takes. */
const IDENTITY_MS = 10_000;

/**
 * The file that `--organization` names, from the working directory; the usual one without.
 * @throws UsageError where there is no such file, or a folder; ConfigError where it is wrong
 */
export function organizationFile(option: string | undefined, now: number): OrganizationFile {
  const { input, file } = organizationAt(
    option === undefined ? usualOrganization() : existing('--organization', option, SHIPPED_ORGANIZATION),
  );
  const named = option ?? file;
  return { organization: loadOrganization(input, now, named), file: named };
}

/** @throws UsageError where these credentials are of another account than the hub's; ServiceError */
export async function theHub({ organization, file }: OrganizationFile, world: World): Promise<Hub> {
  const { managementAccount, hubRegion } = organization;
  const { guard, identity, pace } = await world.services({ region: hubRegion });
  world.progress("Asking the organisation's hub");
  const { account, arn } = await identity.whoAmI(pace.timeout(IDENTITY_MS));
  if (account !== managementAccount) {
    throw new UsageError(
      `the hub is in account ${managementAccount} (managementAccount of ${file}), and these credentials are of ${account}; assume a role of its own there (${ROLES['organization-report']} of stack ${stackName(ORGANIZATION_HUB)}), or name another file with --organization`,
    );
  }
  return {
    organization,
    file,
    caller: arn,
    async ask(feature, event, shape) {
      try {
        const found = await guard.functionOf(ORGANIZATION_HUB, feature);
        if (found) return await invoked(guard, found, event, shape);
      } catch (error) {
        throw isRefused(error) ? notPermitted(error, feature, arn, file) : error;
      }
      throw new CommandError(
        'NOT_DEPLOYED',
        `the organisation's hub: no function ${feature} in ${hubRegion} (hubRegion of ${file}) of account ${account}; deploy it with npx cdk deploy --all --context organization=${file}`,
      );
    },
  };
}

function isRefused(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.refusal === 'accessDenied' && !isAboutCredentials(error.errorName);
}

function notPermitted({ errorName, text }: ServiceError, feature: Feature, arn: string, file: string): CommandError {
  const people = feature === 'organization-report' ? 'people.viewers and people.operators' : 'people.operators';
  return new CommandError(
    'NOT_PERMITTED',
    `${arn} may not run ${feature}: AWS answered ${errorName}: ${text}; assume the role that stack ${stackName(ORGANIZATION_HUB)} has as output ${ROLES[feature]}: ${people} of ${file} name who may`,
  );
}

export interface Reported {
  readonly document: OrganizationDocument;
  readonly page?: string | undefined;
}

/** @throws CommandError also where the hub cannot read its own table; ServiceError */
export async function reported(
  hub: Hub,
  event: { readonly mail?: boolean; readonly page?: boolean } = {},
): Promise<Reported> {
  const answer = await hub.ask('organization-report', event, reportAnswer);
  if (answer.kind === 'reported') return answer;
  throw new CommandError(
    'FUNCTION_FAILED',
    `what the organisation has spent is unknown: ${answer.why}${answer.mailed ? '; that was mailed' : ''}; see docs/runbook.md, "organization-report"`,
  );
}
