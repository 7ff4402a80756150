import { percentOf, usd, formatUsd } from '../core/money';
import type { Threshold } from '../core/stop-lines';
import { allowedKeysAt } from './allowed-keys';
import { channelsOf } from './channels';
import { crossProblems } from './check';
import type { BillAction, EnvironmentConfig, GuardConfig, Notice, ResolvedModel } from './guard-config';
import { mustAcknowledge } from '../core/estimates';
import { guardedUnmetered, unmeteredText } from '../core/metering';
import { inPathConfig } from './in-path';
import { meterConfig } from './meter';
import { declarations } from './declared';
import { endpointConfig } from './endpoint';
import { SHIPPED_CONFIG } from './home';
import { iamEntity } from './iam-names';
import { isKnownModel, unknownModel } from './find-model';
import { withOneTierEach } from './model-tiers';
import { leftOutProblems } from './own-names';
import { htmlOf } from './report-html';
import { reportTimeProblem } from './report-time';
import { spendersOf } from './spenders';
import { ConfigError, shapeProblems, type Problem } from './problems';
import {
  calledId,
  resolveModel,
  unknownNotices,
  unusedDeclarations,
  unusedPrices,
  unusedQuotas,
  type OwnModels,
  type Purpose,
} from './resolve-models';
import { sharedBudgetNotices } from './budget-notices';
import { configuredBudgets } from './shared-budgets';
import { guardSchema, type EnvironmentInput, type GuardInput } from './schema';

/**
 * Checks and resolves what a person wrote.
 * @param now milliseconds since the epoch: an end of life that has passed is worded as such
 * @param file named in the error
 * @param purpose to `deploy` a model that has ended is a mistake; who must `operate` what was deployed is told, and not kept from it
 * @throws ConfigError that names every problem at once
 */
export function loadGuard(
  input: GuardInput,
  now: number,
  file = SHIPPED_CONFIG,
  purpose: Purpose = 'deploy',
): GuardConfig {
  const parsed = guardSchema.safeParse(input, { reportInput: true });
  const told = [
    ...(parsed.success ? [] : shapeProblems(parsed.error, (path) => allowedKeysAt(guardSchema, path))),
    ...crossProblems((input as { environments?: unknown } | undefined)?.environments),
    ...declaredTwice((input as { declaredModels?: unknown } | undefined)?.declaredModels),
  ];
  const problems = [...told, ...leftOutProblems(guardSchema, input, told)];
  if (!parsed.success || problems.length > 0) throw new ConfigError([...problems, ...catalogueProblems(input)], file);

  const { prices = {}, quotas = {}, declaredModels = [] } = parsed.data;
  const declared = declarations(declaredModels);
  const resolved = Object.entries(parsed.data.environments).map(([name, environment]) =>
    resolveEnvironment(name, environment, { prices, quotas, declared, purpose }, now),
  );
  const models = resolved.flatMap(({ environment }) => environment.models);
  const called = [...new Set(models.map(({ route }) => calledId(route)))].join(', ');
  const unresolved = [
    ...resolved.flatMap((one) => one.problems),
    ...unusedPrices(prices, models).map((id) => ({
      path: `prices.${id}`,
      text: `is not called by any environment; the ids that are: ${called}`,
    })),
    ...unusedDeclarations(declared, models).map((id) => ({
      path: `declaredModels[${declaredModels.findIndex((one) => one.id === id)}].id`,
      text: `is not a model of any environment, got '${id}'`,
    })),
    ...unusedQuotas(quotas, models).map((id) => ({
      path: `quotas.${id}`,
      text: `is not a model of any environment; those that are: ${[...new Set(models.map((model) => model.id))].join(', ')}`,
    })),
  ];
  if (unresolved.length > 0) throw new ConfigError(unresolved, file);
  return {
    environments: withDashboards(
      resolved.map((one) => one.environment),
      ({ name }) => parsed.data.environments[name]?.dashboard === true,
    ),
    notices: resolved.flatMap((one) => one.notices),
  };
}

/** Each environment with the dashboard of its account and Region, where an environment there has one. */
function withDashboards(
  environments: readonly EnvironmentConfig[],
  carries: (one: EnvironmentConfig) => boolean,
): readonly EnvironmentConfig[] {
  return environments.map((one) => {
    const neighbours = environments.filter(({ account, region }) => account === one.account && region === one.region);
    const carrier = neighbours.find(carries);
    if (carrier === undefined) return one;
    const shown = neighbours.map(({ name, limit, thresholds }) => ({ name, limit, thresholds }));
    return { ...one, dashboard: { carriedBy: carrier.name, environments: shown } };
  });
}

/** Unknown models are named in the first message too, whatever else is wrong. */
function catalogueProblems(input: GuardInput): Problem[] {
  const declared = new Map(declaredIds(input?.declaredModels).map((id) => [id, id]));
  return Object.entries(input?.environments ?? {}).flatMap(([name, environment]) =>
    (['small', 'large'] as const).flatMap((tier) => {
      const entries: unknown = environment?.models?.[tier];
      if (!Array.isArray(entries)) return [];
      return entries.flatMap((entry: unknown, at) => {
        const id = (entry as { id?: unknown } | null)?.id;
        return typeof id !== 'string' || id === '' || isKnownModel(id, declared)
          ? []
          : [{ path: `environments.${name}.models.${tier}[${at}].id`, text: unknownModel(id, declared).text }];
      });
    }),
  );
}

function declaredIds(declaredModels: unknown): readonly string[] {
  if (!Array.isArray(declaredModels)) return [];
  return declaredModels.map((one: unknown) => {
    const id = (one as { id?: unknown } | null)?.id;
    return typeof id === 'string' ? id : '';
  });
}

/** Of two declarations nobody can tell which one is meant. */
function declaredTwice(declaredModels: unknown): Problem[] {
  const ids = declaredIds(declaredModels);
  return ids.flatMap((id, at) => {
    const first = ids.indexOf(id);
    return id === '' || first === at
      ? []
      : [{ path: `declaredModels[${at}].id`, text: `repeats declaredModels[${first}], got '${id}'` }];
  });
}

interface Resolution {
  readonly environment: EnvironmentConfig;
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
}

function resolveEnvironment(name: string, env: EnvironmentInput, own: OwnModels, now: number): Resolution {
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  const listed: ResolvedModel[] = [];
  for (const tier of ['small', 'large'] as const) {
    env.models[tier].forEach((entry, at) => {
      const path = `environments.${name}.models.${tier}[${at}].id`;
      const outcome = resolveModel(entry, tier, env, own, now);
      notices.push(...outcome.notices.map((text) => ({ environment: name, text })));
      if (outcome.kind === 'problem') problems.push({ path, text: outcome.text });
      if (outcome.kind !== 'model' || listed.some((model) => model.id === outcome.model.id)) return;
      const called = calledId(outcome.model.route);
      const twin = listed.find((model) => calledId(model.route) === called);
      if (twin) problems.push({ path, text: `calls '${called}', as '${twin.id}' does already: keep one of them` });
      const alike = listed.find((model) => lettersOf(model.id) === lettersOf(outcome.model.id));
      if (alike)
        problems.push({ path, text: `differs from '${alike.id}' in punctuation only, got '${outcome.model.id}'` });
      listed.push(outcome.model);
    });
  }
  const { models, notices: ofTiers } = withOneTierEach(listed);
  notices.push(...ofTiers.map((text) => ({ environment: name, text })));
  notices.push(...unknownNotices(models).map((text) => ({ environment: name, text })));
  if (models.length === 0 && problems.length === 0) {
    const text = 'leaves no model: every entry is optional and left out; name one that can be called from here';
    problems.push({ path: `environments.${name}.models`, text });
  } else if (models.every(({ tier }) => tier === 'large')) {
    notices.push({ environment: name, text: 'no small model is left: degraded will deny every model' });
  }
  const limit = usd(env.monthlyLimitUsd);
  const [hour = 0, minute = 0] = env.report.at.split(':').map(Number);
  const report = { hour, minute, timeZone: env.report.timeZone, ...htmlOf(env.report) };
  const wrongTime = reportTimeProblem(env.report.at, report, now);
  if (wrongTime !== undefined && own.purpose === 'deploy') {
    problems.push({ path: `environments.${name}.report.at`, text: wrongTime });
  } else if (wrongTime !== undefined) {
    notices.push({ environment: name, text: `report.at ${wrongTime}` });
  }
  if (env.assumableBy.principals.length === 0 && !env.assumableBy.githubOidc && !env.endpoint) {
    notices.push({
      environment: name,
      text: 'nobody may assume the invoker role yet: name somebody in assumableBy (principals, or githubOidc)',
      about: 'assumableBy',
    });
  }
  if (typeof env.billAction === 'object') {
    notices.push({
      environment: name,
      text: `billAction stops ${name} by itself at ${env.billAction.automaticAtPercent}% of the bill. Risk accepted: ${env.billAction.acceptRisk}`,
    });
  }
  if (env.allowAboveLimit !== undefined) {
    notices.push({ environment: name, text: `percentages above 100 are allowed: ${env.allowAboveLimit}` });
  }
  const meter = meterConfig(env, models, limit);
  const { known } = meter.overshoot;
  if (mustAcknowledge(meter.overshoot) && known !== 'unknown') {
    const estimate = `the overshoot estimate is ${formatUsd(known.amount)}, ${known.percentOfLimit.toFixed(0)}% of the limit`;
    if (meter.acceptedOvershoot === undefined) {
      problems.push({
        path: `environments.${name}.acceptOvershoot`,
        text: `must say why that is acceptable, as ${estimate}; or raise monthlyLimitUsd, drop the models with the largest quotas, or correct the assumptions in overshoot`,
      });
    } else {
      notices.push({ environment: name, text: `${estimate}. Accepted: ${meter.acceptedOvershoot}` });
    }
  }
  if (!meter.enforce) {
    notices.push({ environment: name, text: 'enforce is false: a dry run, in which nobody is denied' });
  }
  const environment: EnvironmentConfig = {
    name,
    class: env.class,
    owner: env.owner,
    budgetOwner: env.budgetOwner,
    ...(env.account === undefined ? {} : { account: env.account }),
    region: env.region,
    identity: env.identity,
    metering: env.metering ?? (env.identity === 'direct' ? 'account' : 'profiles'),
    limit,
    ...(env.accountWideBudgetUsd === undefined ? {} : { accountWideLimit: usd(env.accountWideBudgetUsd) }),
    thresholds: thresholdsOf(env),
    stopAtPercent: env.stopAtPercent,
    dailyLimit: percentOf(limit, env.dailyLimitPercent),
    dailyLimitPercent: env.dailyLimitPercent,
    hourlyBrake: percentOf(limit, env.runawayBrakePercentPerHour),
    hourlyBrakePercent: env.runawayBrakePercentPerHour,
    billAction: billActionOf(env),
    meter,
    keepState: env.keepState ?? env.class === 'production',
    ...(env.organizationHub ? { organizationHub: env.organizationHub } : {}),
    requestLimits: env.requestLimits,
    cacheMinutes: env.cacheMinutes,
    inPath: inPathConfig(env, limit),
    report,
    channels: channelsOf(env.channels),
    spenders: spendersOf(env),
    localModels: env.models.local,
    models,
    principals: {
      roles: env.principals.roles.map(iamEntity),
      users: env.principals.users.map(iamEntity),
      groups: env.principals.groups.map(iamEntity),
      permissionSets: env.principals.permissionSets ?? [],
    },
    neverStop: env.neverStop.map(iamEntity),
    assumableBy: {
      principals: env.assumableBy.principals,
      ...(env.assumableBy.githubOidc ? { githubOidc: env.assumableBy.githubOidc } : {}),
    },
    provisionedConcurrency: env.provisionedConcurrency.map(
      ({ optional = false, declaredElsewhere = false, ...managed }) => ({ ...managed, optional, declaredElsewhere }),
    ),
    budgets: configuredBudgets(env.budgets),
    ...(env.endpoint ? { endpoint: endpointConfig(env.endpoint) } : {}),
  };
  const unmetered = guardedUnmetered(environment);
  if (unmetered.length > 0) notices.push({ environment: name, text: unmeteredText(unmetered) });
  notices.push(...sharedBudgetNotices(environment).map((text) => ({ environment: name, text })));
  return { environment, problems, notices };
}

/** What is left of an id in the names of resources and outputs. */
function lettersOf(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
}

/** Ascending by percentage; what has the same percentage, effect and basis counts once (trap 34). */
function thresholdsOf(env: EnvironmentInput): readonly Threshold[] {
  const all: Threshold[] = [
    ...[...env.alertAtPercent, env.ownAlertAtPercent].map((atPercent): Threshold => ({
      atPercent,
      effect: 'notify',
      basis: 'actual',
    })),
    ...(env.degradeAtPercent === 'never'
      ? []
      : [{ atPercent: env.degradeAtPercent, effect: 'degrade', basis: 'actual' } as const]),
    { atPercent: env.stopAtPercent, effect: 'stop', basis: 'actual' },
    { atPercent: env.forecastAlertAtPercent, effect: 'notify', basis: 'forecast' },
  ];
  const key = (one: Threshold) => `${one.basis} ${one.effect} ${one.atPercent}`;
  const once = all.filter((one, at) => all.findIndex((other) => key(other) === key(one)) === at);
  return once.sort((a, b) => a.atPercent - b.atPercent);
}

function billActionOf(env: EnvironmentInput): BillAction {
  if (typeof env.billAction === 'object') {
    return { kind: 'automatic', atPercent: env.billAction.automaticAtPercent, acceptedRisk: env.billAction.acceptRisk };
  }
  return env.billAction === 'none' ? { kind: 'none' } : { kind: env.billAction, atPercent: env.stopAtPercent };
}
