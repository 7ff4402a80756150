import { COSTLY_ACTIONS } from '../enforcement';
import { GuardError } from '../errors';

/**
 * What AWS Organizations takes everywhere. Since May 2026 it takes twice as much where translations of its page still say this
 * (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html, read 2026-11-29).
 */
const MOST_CHARACTERS = 5_120;

export interface BrakeDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly [
    {
      readonly Sid: string;
      readonly Effect: 'Deny';
      readonly Action: readonly string[];
      readonly Resource: '*';
      readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
    },
  ];
}

/**
 * What an account's brake denies: all that costs, to everybody but the break-glass roles.
 * @param neverStop ARNs of roles, with `*` and `?`
 * @throws GuardError POLICY_TOO_LARGE
 */
export function brakeDocument(neverStop: readonly string[]): BrakeDocument {
  const document: BrakeDocument = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SpendGuardBrake',
        Effect: 'Deny',
        Action: [...COSTLY_ACTIONS],
        Resource: '*',
        ...(neverStop.length > 0 && { Condition: { ArnNotLike: { 'aws:PrincipalArn': [...neverStop] } } }),
      },
    ],
  };
  const { length } = JSON.stringify(document);
  if (length <= MOST_CHARACTERS) return document;
  throw new GuardError(
    'POLICY_TOO_LARGE',
    `the brake's policy would have ${length} characters, AWS Organizations takes ${MOST_CHARACTERS}: list fewer roles in brake.neverStop, or one pattern for several`,
  );
}
