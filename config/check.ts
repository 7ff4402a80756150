import { isOfPermissionSet } from '../core/health';
import { accountOf, lastPart } from './iam-names';
import { unchangeable } from './reserved-roles';
import { environmentShape, type EnvironmentInput } from './schema';
import { duplicates, rightValues, shown, type Problem } from './problems';
import { missingResourceTypes } from './regions';
import { htmlProblems } from './report-html';
import { billActionProblems } from './bill-action';
import { channelProblems, sharedChatProblems } from './channels-check';
import { endpointProblems } from './endpoint';
import { environmentNameProblems } from './resource-names';
import { sharedBudgetProblems } from './shared-budgets';
import { spendersProblems } from './spenders-check';

type Partly = Partial<EnvironmentInput>;

/** AWS Budgets' limits: notifications of one budget. */
const MAX_NOTIFICATIONS = 10;

/**
 * What spans several values. It looks at the raw input, so that a mistake in one value hides no mistake in another.
 */
export function crossProblems(rawEnvironments: unknown): Problem[] {
  if (typeof rawEnvironments !== 'object' || rawEnvironments === null) return [];
  const environments = Object.entries(rawEnvironments).map(([name, raw]) => ({
    name,
    raw: raw as unknown,
    partly: rightValues<EnvironmentInput>(environmentShape, raw),
  }));
  return [
    ...sameNameProblems(environments.map(({ name }) => name)),
    ...environments.flatMap(({ name }) => environmentNameProblems(name)),
    ...environments.flatMap(({ name, partly }) => environmentProblems(`environments.${name}`, partly)),
    ...environments.flatMap(({ name, raw }) => htmlProblems(`environments.${name}`, raw)),
    ...environments.flatMap(({ name, raw }) => spendersProblems(`environments.${name}`, raw)),
    ...environments.flatMap(({ name, raw, partly }) => sharedBudgetProblems(`environments.${name}`, raw, partly)),
    ...environments.flatMap(({ name, raw, partly }) => endpointProblems(`environments.${name}`, raw, partly)),
    ...environments.flatMap(({ name, raw, partly }) => channelProblems(['environments', name], raw, partly.region)),
    ...sharedChatProblems(environments.map(({ name, raw, partly }) => ({ name, raw, account: partly.account }))),
    ...accountProblems(environments),
  ];
}

function sameNameProblems(names: readonly string[]): Problem[] {
  return names.flatMap((name, at) => {
    const earlier = names.slice(0, at).find((other) => other.toLowerCase() === name.toLowerCase());
    return earlier === undefined
      ? []
      : [{ path: `environments.${name}`, text: `differs from '${earlier}' in case only; choose another name` }];
  });
}

function environmentProblems(path: string, env: Partly): Problem[] {
  return [
    ...percentProblems(path, env),
    ...billActionProblems(path, env),
    ...regionProblems(path, env),
    ...meterRegionProblems(path, env),
    ...regionListProblems(`${path}.dataRegions`, env.dataRegions),
    ...modelListProblems(path, env),
    ...principalProblems(path, env),
    ...duplicates(
      `${path}.provisionedConcurrency`,
      env.provisionedConcurrency?.map((one) => one.functionName),
    ),
    ...requestLimitProblems(path, env),
    ...meteringProblems(path, env),
  ];
}

function percentProblems(path: string, env: Partly): Problem[] {
  const { alertAtPercent = [], ownAlertAtPercent, degradeAtPercent, stopAtPercent, allowAboveLimit } = env;
  const problems: Problem[] = alertAtPercent.flatMap((percent, at) => {
    const before = alertAtPercent[at - 1];
    return before !== undefined && percent <= before
      ? [
          {
            path: `${path}.alertAtPercent[${at}]`,
            text: `must exceed ${before} (alertAtPercent[${at - 1}]), got ${percent}`,
          },
        ]
      : [];
  });
  const named = [
    ...alertAtPercent.map((percent, at) => [`alertAtPercent[${at}]`, percent] as const),
    ...Object.entries({ ownAlertAtPercent, degradeAtPercent, stopAtPercent }),
  ];
  for (const [key, value] of named) {
    if (typeof value === 'number' && value > 100 && allowAboveLimit === undefined) {
      problems.push({
        path: `${path}.${key}`,
        text: `must be at most 100, got ${value}; to go above the limit on purpose, say why in allowAboveLimit`,
      });
    }
  }
  if (typeof degradeAtPercent === 'number' && stopAtPercent !== undefined && degradeAtPercent >= stopAtPercent) {
    problems.push({
      path: `${path}.degradeAtPercent`,
      text: `must be less than stopAtPercent (${stopAtPercent}) or 'never', got ${degradeAtPercent}`,
    });
  }
  const notifications = new Set([...alertAtPercent, ownAlertAtPercent, stopAtPercent]).size + 1;
  if (notifications > MAX_NOTIFICATIONS) {
    problems.push({
      path: `${path}.alertAtPercent`,
      text: `AWS Budgets takes ${MAX_NOTIFICATIONS} notifications a budget; with the own alert, the stop line and the forecast this makes ${notifications}`,
    });
  }
  return problems;
}

function regionProblems(path: string, env: Partly): Problem[] {
  if (env.region === undefined) return [];
  const missing = missingResourceTypes(env.region);
  if (missing === 'unknown Region') {
    return [{ path: `${path}.region`, text: `must be an AWS Region such as us-east-1, got ${shown(env.region)}` }];
  }
  return missing.length === 0
    ? []
    : [{ path: `${path}.region`, text: `${env.region} does not offer ${missing.join(', ')}; choose another Region` }];
}

/** A Region that is not metered is spend that is not seen: the environment's own is always one of them. */
function meterRegionProblems(path: string, { region, meterRegions }: Partly): Problem[] {
  const own =
    region === undefined || meterRegions === undefined || meterRegions.includes(region)
      ? []
      : [{ path: `${path}.meterRegions`, text: `must contain the environment's own Region, ${region}` }];
  return [...regionListProblems(`${path}.meterRegions`, meterRegions), ...own];
}

function regionListProblems(path: string, listed: readonly string[] = []): Problem[] {
  const unknown = listed.flatMap((one, at) =>
    missingResourceTypes(one) === 'unknown Region'
      ? [{ path: `${path}[${at}]`, text: `must be an AWS Region such as us-east-1, got ${shown(one)}` }]
      : [],
  );
  return [...unknown, ...duplicates(path, listed)];
}

function modelListProblems(path: string, env: Partly): Problem[] {
  const tiers = env.models;
  if (!tiers) return [];
  const seen = new Map<string, string>();
  return (['small', 'large'] as const).flatMap((tier) =>
    tiers[tier].flatMap(({ id }, at) => {
      const place = `models.${tier}[${at}]`;
      const earlier = seen.get(id);
      seen.set(id, place);
      return earlier === undefined ? [] : [{ path: `${path}.${place}.id`, text: `repeats ${earlier}, got '${id}'` }];
    }),
  );
}

function principalProblems(path: string, env: Partly): Problem[] {
  const { roles = [], users = [], groups = [], permissionSets = [] } = env.principals ?? {};
  const neverStop = env.neverStop ?? [];
  const fixed = (list: string, names: readonly string[]) =>
    names.flatMap((name, at) => {
      const why = unchangeable(name);
      return why ? [{ path: `${path}.${list}[${at}]`, text: `${why}, got '${name}'` }] : [];
    });
  const otherAccount = (list: string, names: readonly string[]) =>
    names.flatMap((name, at) => {
      const account = accountOf(name);
      return account === undefined || env.account === account
        ? []
        : [
            {
              path: `${path}.${list}[${at}]`,
              text: `must be in this environment's own account (${env.account ?? 'account is not set; write the name alone, or set account'}), got '${name}'`,
            },
          ];
    });
  const both = roles.flatMap((role, at) =>
    neverStop.some((kept) => lastPart(kept) === lastPart(role))
      ? [{ path: `${path}.principals.roles[${at}]`, text: `is also in neverStop; it can be only one, got '${role}'` }]
      : [],
  );
  const spared = permissionSets.flatMap((set, at) => {
    const role = neverStop.find((kept) => isOfPermissionSet(lastPart(kept), set));
    return role === undefined
      ? []
      : [
          {
            path: `${path}.principals.permissionSets[${at}]`,
            text: `is also in neverStop, as ${role}; it can be only one, got '${set}'`,
          },
        ];
  });
  const lists = { 'principals.roles': roles, 'principals.users': users, 'principals.groups': groups, neverStop };
  const trusted = (env.assumableBy?.principals ?? []).flatMap((arn, at) =>
    arn.endsWith(':root')
      ? [
          {
            path: `${path}.assumableBy.principals[${at}]`,
            text: `must be a role or a user: the account root would let in everybody whom that account allows, got '${arn}'`,
          },
        ]
      : [],
  );
  return [
    ...Object.entries(lists).flatMap(([list, names]) => [
      ...duplicates(`${path}.${list}`, names.map(lastPart)),
      ...otherAccount(list, names),
    ]),
    ...fixed('principals.roles', roles),
    ...fixed('principals.users', users),
    ...duplicates(`${path}.assumableBy.principals`, env.assumableBy?.principals),
    // Their roles are told regardless of case, as IAM does.
    ...duplicates(
      `${path}.principals.permissionSets`,
      permissionSets.map((set) => set.toLowerCase()),
    ),
    ...both,
    ...spared,
    ...trusted,
  ];
}

function requestLimitProblems(path: string, env: Partly): Problem[] {
  const { perHour, perDay } = env.requestLimits ?? {};
  if (perHour === undefined || perDay === undefined || perDay >= perHour) return [];
  return [{ path: `${path}.requestLimits.perDay`, text: `must be at least perHour (${perHour}), got ${perDay}` }];
}

/** Without profiles of its own, an environment that counts its profiles' usage would count nothing. */
function meteringProblems(path: string, { identity, metering }: Partly): Problem[] {
  if (identity !== 'direct' || metering !== 'profiles') return [];
  return [
    {
      path: `${path}.metering`,
      text: "must be 'account' (or left out) for identity 'direct', which calls models without profiles: nothing would be seen; got 'profiles'",
    },
  ];
}

function accountProblems(environments: readonly { name: string; partly: Partly }[]): Problem[] {
  return environments.flatMap(({ name, partly }, at) => {
    const problems: Problem[] = [];
    const account = partly.account ?? 'the account of whoever deploys';
    const others = environments.filter((other) => other.name !== name && other.partly.account === partly.account);
    if (partly.identity === 'direct' && others.length > 0) {
      problems.push({
        path: `environments.${name}.identity`,
        text: `must be 'profile', got 'direct': ${others.map((other) => other.name).join(', ')} share ${account}, and without profiles nothing tells their spend apart; or give each environment its own account`,
      });
    }
    const before = environments.slice(0, at).filter((other) => other.partly.account === partly.account);
    const counting = before.find((other) => other.partly.metering === 'account');
    if (partly.metering === 'account' && counting) {
      problems.push({
        path: `environments.${name}.metering`,
        text: `must be 'profiles', got 'account': '${counting.name}' counts already what no profile of ${account} claims; one environment an account can`,
      });
    }
    const showing = before.find((other) => other.partly.dashboard === true && other.partly.region === partly.region);
    if (partly.dashboard === true && showing) {
      problems.push({
        path: `environments.${name}.dashboard`,
        text: `is already set by '${showing.name}', whose dashboard shows all environments of ${account} in ${partly.region}: leave it out here`,
      });
    }
    const earlier = before.find((other) => other.partly.accountWideBudgetUsd !== undefined);
    if (partly.accountWideBudgetUsd !== undefined && earlier) {
      problems.push({
        path: `environments.${name}.accountWideBudgetUsd`,
        text: `is already set by '${earlier.name}' for ${account}; one account has one`,
      });
    }
    return problems;
  });
}
