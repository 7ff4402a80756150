import type { Problem } from './problems';
import type { EnvironmentInput } from './schema';

/**
 * How many roles, users and groups each the definition of a budgets action takes (AWS::Budgets::BudgetsAction IamActionDefinition,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-budgets-budgetsaction-iamactiondefinition.html,
 * read 2026-11-28).
 */
export const MAX_OF_A_KIND = 100;

/** What spans `billAction` and other values. */
export function billActionProblems(path: string, env: Partial<EnvironmentInput>): Problem[] {
  const { billAction, principals } = env;
  const automatic =
    env.class === 'production' && billAction === 'automatic'
      ? [
          {
            path: `${path}.billAction`,
            text: "must be 'needsApproval', 'none' or { automaticAtPercent: 120, acceptRisk: 'why' } for class 'production' (a wrong bill would stop it), got 'automatic'",
          },
        ]
      : [];
  if (billAction === undefined || billAction === 'none' || principals === undefined) return automatic;
  // The environment's own role is one of them.
  const most = { roles: MAX_OF_A_KIND - 1, users: MAX_OF_A_KIND, groups: MAX_OF_A_KIND };
  const tooMany = (['roles', 'users', 'groups'] as const).flatMap((kind) => {
    const { length } = principals[kind];
    if (length <= most[kind]) return [];
    return [
      {
        path: `${path}.principals.${kind}`,
        text: `must be at most ${most[kind]} with a billAction, as AWS Budgets attaches its deny to ${MAX_OF_A_KIND} ${kind} at most${kind === 'roles' ? ", the environment's own among them" : ''}; set billAction: 'none' (the meter stops any number), or put users into groups; got ${length}`,
      },
    ];
  });
  return [...automatic, ...tooMany];
}
