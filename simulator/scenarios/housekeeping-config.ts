import shipped from '../../config/budget-tiers';
import { defineGuard, type GuardInput } from '../../config';

type Environment = GuardInput['environments'][string];

/** The shipped configuration, with a model that is Legacy and ends, a user who has keys, a second person to mail, and functions that may sleep. */
export default defineGuard({
  environments: Object.fromEntries(
    Object.entries(shipped.environments).map(([name, environment]): [string, Environment] => [
      name,
      {
        ...environment,
        budgetOwner: 'finance@example.com',
        models: {
          ...environment.models,
          small: [
            { id: 'meta.llama3-1-70b-instruct-v1:0', optional: true, legacy: 'include' },
            ...environment.models.small.filter(({ optional }) => optional !== true),
          ],
        },
        acceptOvershoot: 'nothing here costs anything',
        principals: { ...environment.principals, users: ['deployer-ddf-llm-models'] },
        provisionedConcurrency: environment.provisionedConcurrency.map((one) => ({ ...one, idleMinutes: 60 })),
      },
    ]),
  ),
});
