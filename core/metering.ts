/** Whose usage counts: the own profiles', or all of the account's that no other environment's profile claims. */
export type Metering = 'profiles' | 'account';

/** As the configuration has it. */
interface Guarded {
  readonly metering: Metering;
  readonly principals: Readonly<Record<'roles' | 'users' | 'groups', readonly { readonly name: string }[]>> & {
    readonly permissionSets: readonly string[];
  };
}

const KINDS = { roles: 'role', users: 'user', groups: 'group' } as const;

/**
 * Whom a stop reaches and the meter may not see, as `role app`: the principals that the configuration names, as long as the
 * environment counts the usage of its profiles only. Its own role can call by nothing else. Empty: whoever is stopped is seen.
 */
export function guardedUnmetered({ metering, principals }: Guarded): readonly string[] {
  if (metering === 'account') return [];
  return [
    ...(['roles', 'users', 'groups'] as const).flatMap((list) =>
      principals[list].map(({ name }) => `${KINDS[list]} ${name}`),
    ),
    ...principals.permissionSets.map((name) => `permission set ${name}`),
  ];
}

/** @param names of `guardedUnmetered`, one at least */
export function unmeteredDetail(names: readonly string[]): string {
  return `${names.join(', ')}: stopped with the environment, but metered only through its profiles; what else they call is in no figure`;
}

export const UNMETERED_FIX = "let them call through the environment's profiles, or set metering: 'account'";

/** What synth, status and the daily report say; the doctor has it in two parts. */
export function unmeteredText(names: readonly string[]): string {
  return `${unmeteredDetail(names)}: ${UNMETERED_FIX}`;
}
