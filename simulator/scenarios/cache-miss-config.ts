import shipped from '../../config/budget-tiers';
import { defineGuard, type GuardInput } from '../../config';

type Environment = GuardInput['environments'][string];

/** The shipped configuration with a large model whose cache writes cost more than its input, and room for a service that uses it. */
export default defineGuard({
  environments: Object.fromEntries(
    Object.entries(shipped.environments).map(([name, environment]): [string, Environment] => [
      name,
      {
        ...environment,
        monthlyLimitUsd: environment.monthlyLimitUsd * 10,
        models: { ...environment.models, large: [{ id: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' }] },
        acceptOvershoot: 'nothing here costs anything',
      },
    ]),
  ),
});
