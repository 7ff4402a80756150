import shipped from '../config/budget-tiers';

export const ROLES = Array.from({ length: 9 }, (_, index) => `bench-caller-${index + 1}`);

/** The shipped dev, which also holds nine roles: ten principals with the invoker role. */
export default {
  ...shipped,
  environments: { dev: { ...shipped.environments['dev'], principals: { roles: ROLES, users: [], groups: [] } } },
} as typeof shipped;
