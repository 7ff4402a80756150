import type { VerifyServices } from './services';

/** Real adapters, each with its part of the SDK when it is first asked for. */
export function verifyServices(): VerifyServices {
  return {
    endpoint: endpointIn(process.env),
    get profiles() {
      return (
        require('../../lambda/adapters/bedrock') as typeof import('../../lambda/adapters/bedrock')
      ).temporaryProfiles();
    },
    get roles() {
      return (require('../../lambda/adapters/iam') as typeof import('../../lambda/adapters/iam')).temporaryRoles();
    },
    policyVersions: (policyArn) =>
      (require('../../lambda/adapters/iam') as typeof import('../../lambda/adapters/iam')).iamPolicyVersions(policyArn),
    budgets: (of) =>
      (require('../../lambda/adapters/budgets') as typeof import('../../lambda/adapters/budgets')).temporaryBudgets(of),
    get series() {
      return (
        require('../../lambda/adapters/cloudwatch') as typeof import('../../lambda/adapters/cloudwatch')
      ).listedSeries();
    },
    get metrics() {
      return (
        require('../../lambda/adapters/cloudwatch') as typeof import('../../lambda/adapters/cloudwatch')
      ).usageMetrics();
    },
    get caller() {
      return (
        require('../../lambda/adapters/bedrock-runtime') as typeof import('../../lambda/adapters/bedrock-runtime')
      ).bedrockRuntime();
    },
    get sessions() {
      const { openSessions } = require('../../lambda/adapters/sts') as typeof import('../../lambda/adapters/sts');
      const { sessionCaller } =
        require('../../lambda/adapters/bedrock-runtime') as typeof import('../../lambda/adapters/bedrock-runtime');
      return openSessions(sessionCaller);
    },
    get costs() {
      const { CostExplorerAdapter } =
        require('../../lambda/adapters/cost-explorer') as typeof import('../../lambda/adapters/cost-explorer');
      return new CostExplorerAdapter();
    },
  };
}

/** The SDK takes one for all services, or one for each. */
export function endpointIn(variables: Readonly<Record<string, string | undefined>>): string {
  const [, found] =
    Object.entries(variables).find(([name, value]) => name.startsWith('AWS_ENDPOINT_URL') && (value ?? '') !== '') ??
    [];
  return found ?? 'aws';
}
