import type { Problem } from '../config';

/** What the configuration calls a thing, and what the construct's props do: the longer ones first. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/monthlyLimitUsd/g, 'monthlyLimit'],
  [/accountWideBudgetUsd/g, 'accountWideLimit'],
  [/principals\.permissionSets/g, 'permissionSets'],
  [/principals\.(roles|users|groups)/g, 'principals'],
  [/assumableBy\.principals/g, 'trustedBy'],
  [/assumableBy\.githubOidc/g, 'trustedGitHub'],
  [/assumableBy \(principals, or githubOidc\)/g, 'trustedBy, or by the verb grantInvoke'],
  [/assumableBy/g, 'trustedBy'],
  [/models\.small/g, 'models'],
  [/models\.large/g, 'largeModels'],
  [/report\.at/g, 'reportAt'],
  [/report\.html\.from/g, 'reportFrom'],
  [/report\.html\.identity/g, 'reportIdentity'],
  [/spenders\.invocationLogs\.logGroup/g, 'invocationLogs'],
  [/spenders\.principalTag/g, 'principalTag'],
  [/organizationHub\.busArn/g, 'hubBusArn'],
  [/report\.timeZone/g, 'timeZone'],
  [/metering: 'account'/g, 'meterWholeAccount: true'],
  [/\b(identity|metering)\b(?=[.:[]|$)/g, 'meterWholeAccount'],
  [/\bclass 'production'/g, 'production: true'],
  [/ (of|in) the config\b/g, ''],
  [/\bthe config\b/g, 'its props'],
  [/, or correct the assumptions in overshoot/g, ''],
  [/^(models|largeModels)(\[\d+\])\.id$/g, '$1$2'],
];

/** A sentence about the configuration as one about a construct. */
export function inPropsWords(text: string): string {
  return WORDS.reduce((told, [pattern, word]) => told.replaceAll(pattern, word), text);
}

/** A problem of the one environment that was made of a construct's props. @param origins by a path of it which prop that was */
export function propProblem(
  { path, text }: Problem,
  environment: string,
  origins: ReadonlyMap<string, string>,
): Problem {
  const within =
    path === `environments.${environment}` ? 'environmentName' : path.replace(`environments.${environment}.`, '');
  const prop = origins.get(within) ?? (within === 'region' ? "the stack's env.region" : inPropsWords(within));
  return { path: prop, text: inPropsWords(text) };
}
