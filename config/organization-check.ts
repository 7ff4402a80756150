import { channelProblems } from './channels-check';
import { duplicates, rightValues, type Problem } from './problems';
import {
  organizationShape,
  stackSetShape,
  brakeShape,
  peopleShape,
  type OrganizationValues,
} from './organization-schema';
import { missingResourceTypes } from './regions';

type Partly<Values> = Partial<Values> | undefined;

/** What spans several values. It looks at the raw input, so that a mistake in one value hides no mistake in another. */
export function organizationProblems(raw: unknown): Problem[] {
  const { managementAccount, hubRegion } = rightValues<OrganizationValues>(organizationShape, raw);
  const part = <Values>(key: string, shape: Parameters<typeof rightValues>[0]): Partly<Values> =>
    rightValues<Values>(shape, (raw as Record<string, unknown> | null)?.[key]);
  if (typeof raw !== 'object' || raw === null) return [];
  const stackSet = part<OrganizationValues['stackSet']>('stackSet', stackSetShape);
  const brake = part<OrganizationValues['brake']>('brake', brakeShape);
  const people = part<NonNullable<OrganizationValues['people']>>('people', peopleShape);
  return [
    ...regionProblems(hubRegion, stackSet?.regions?.[0]),
    ...duplicates('stackSet.organizationalUnits', stackSet?.organizationalUnits),
    ...duplicates('brake.neverStop', brake?.neverStop),
    ...everybodyProblems(brake?.neverStop),
    ...duplicates('people.viewers', people?.viewers),
    ...duplicates('people.operators', people?.operators),
    ...channelProblems([], raw, hubRegion),
    ...managementProblems(managementAccount, (raw as { accounts?: unknown }).accounts),
  ];
}

/** Code of a function must lie in a bucket of its own Region, and the one bucket of the members' code lies beside the hub. */
function regionProblems(hubRegion: string | undefined, region: string | undefined): Problem[] {
  if (hubRegion === undefined) return [];
  const missing = missingResourceTypes(hubRegion);
  if (missing === 'unknown Region') {
    return [{ path: 'hubRegion', text: `must be an AWS Region such as us-east-1, got '${hubRegion}'` }];
  }
  // Of what a guard is made of, which the members have in the same Region.
  if (missing.length > 0) {
    return [{ path: 'hubRegion', text: `${hubRegion} does not offer ${missing.join(', ')}; choose another Region` }];
  }
  if (region === undefined || region === hubRegion) return [];
  return [
    {
      path: 'stackSet.regions[0]',
      text: `must be hubRegion, '${hubRegion}': Lambda takes code from a bucket of its own Region only; got '${region}'`,
    },
  ];
}

/** A pattern that spares every role makes a brake that holds nobody but users. */
function everybodyProblems(neverStop: readonly string[] = []): Problem[] {
  return neverStop.flatMap((pattern, at) =>
    /:role\/[*?/]+$/.test(pattern)
      ? [{ path: `brake.neverStop[${at}]`, text: `must spare some roles, not all: name them, got '${pattern}'` }]
      : [],
  );
}

/**
 * StackSets deploy nothing to it (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html), and no
 * service control policy affects it (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html; both read
 * 2026-11-29).
 */
function managementProblems(managementAccount: string | undefined, accounts: unknown): Problem[] {
  if (managementAccount === undefined || typeof accounts !== 'object' || accounts === null) return [];
  return managementAccount in accounts
    ? [
        {
          path: `accounts.${managementAccount}`,
          text: 'is the management account: neither StackSets nor service control policies reach it; guard it by an environment of config/budget-tiers.ts, and leave it out here',
        },
      ]
    : [];
}
