import { GuardError } from '../core/errors';

/** The app of the package is for the simulator: its functions are those of a guard. @throws GuardError CONTEXT_INVALID */
export function organizationOf(): never {
  throw new GuardError(
    'CONTEXT_INVALID',
    "an organization's stacks are deployed from the repository, not from the package",
  );
}
