import { deployCommand, type EnvironmentConfig } from '../../config';
import type { TagStatus } from '../../core/bill';
import {
  assessCostTag,
  type Answer,
  assessIdentity,
  isOfPermissionSet,
  assessQuotas,
  assessSubscriptions,
  type AccountPrincipal,
} from '../../core/health';
import type { DeployedFunction } from '../../core/enforcement';
import { BILLING_TAG } from '../../core/tags';
import { guardedUnmetered, UNMETERED_FIX, unmeteredDetail } from '../../core/metering';
import { refusalOf } from '../explain';
import type { Looked } from '../looked/looked';
import type { Services } from '../services';
import { bedrockCallers } from './callers';
import { asking, unknown, type Ask, type Diagnosis } from './diagnosis';
import { channelStates } from './channel-states';
import { channels } from './channels';
import { held, NO_HEALTH_CHECK, roleName } from './held';
import { htmlReport } from './html-report';
import { availability, modelAccess, regionOf } from './models';
import { spenders } from './spenders';

/** All policies of an account, over many pages. */
const POLICIES_MS = 120_000;
/** Below this a burst of one application leaves no room for the guard. New accounts have 10. */
const LITTLE_CONCURRENCY = 100;
const LISTED = 8;

/**
 * Everything that can be wrong on day one, asked with the caller's own permissions. Changes nothing.
 * @param look is told what there was nothing to ask for
 * @throws ServiceError where AWS does not even say whose credentials these are
 */
export async function examine(
  environment: EnvironmentConfig,
  services: Services,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const ask = asking(services);
  const identity = await ask((signal) => services.identity.whoAmI(signal));
  const account = environment.account ?? (identity.kind === 'known' ? identity.value.account : 'of these credentials');
  const who = assessIdentity(account, identity);
  // Every other question would fail for the same reason: nothing could be examined.
  if (identity.kind === 'unavailable') throw refusalOf(identity.problem);
  if (who.status === 'failed') {
    look.stop('otherAccount', who.detail);
    return [who];
  }
  otherRegions(environment, look);

  const models = await availability(ask, services, environment);
  const functions = await ask(() => services.guard.functions(environment.name));
  const check =
    functions.kind === 'known' ? functions.value.find(({ feature }) => feature === 'health-check') : undefined;
  return [
    who,
    regionOf(environment.region, models),
    await bootstrap(ask, services, account, environment.region),
    deployed(environment, functions),
    ...modelAccess(environment.region, models),
    ...(await billing(ask, services, environment)),
    ...(await subscriptions(ask, services, environment, check, look)),
    await otherCallers(ask, services, environment, check),
    metering(environment),
    ...(await held(ask, services, environment, { identity: identity.value, functions }, look)),
    ...(await channels(ask, services, environment, check !== undefined, look)),
    ...(await channelStates(ask, services, environment, functions, look)),
    ...(await htmlReport(ask, services, environment, look)),
    ...(await spenders(ask, services, environment, look)),
    ...(await quotas(ask, services, environment, look)),
    await concurrency(ask, services, environment.region),
  ];
}

/** Models, quotas and concurrency are asked for in the environment's own Region; its spend may be in others too. */
function otherRegions({ region, meter }: EnvironmentConfig, look: Looked): void {
  for (const other of meter.regions.filter((one) => one !== region)) {
    look.note(`models, quotas and concurrency in ${other}`, 'otherRegion', `${region} alone was asked`);
  }
}

/** The role that `cdk bootstrap` makes and `cdk deploy` assumes stands for all of the bootstrap stack. */
async function bootstrap(ask: Ask, { account }: Services, accountId: string, region: string): Promise<Diagnosis> {
  const base = { check: 'bootstrap', subject: `${accountId}/${region}` } as const;
  const answer = await ask((signal) => account.bootstrapped(accountId, region, signal));
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  if (answer.value) return { ...base, status: 'ok', detail: "the CDK's deployment role is there" };
  const fix = `npx cdk bootstrap aws://${accountId}/${region}`;
  return { ...base, status: 'failed', detail: 'not bootstrapped for the CDK: nothing can be deployed', fix };
}

/** Before the first deploy that is as it should be. */
function deployed({ name }: EnvironmentConfig, functions: Answer<readonly DeployedFunction[]>): Diagnosis {
  const base = { check: 'deployed', subject: `SpendGuard-${name}` } as const;
  if (functions.kind === 'unavailable') return unknown(base.check, base.subject, functions.problem);
  if (functions.value.length > 0) return { ...base, status: 'ok', detail: `${functions.value.length} functions` };
  const fix = deployCommand(name);
  return { ...base, status: 'expected', detail: 'not deployed yet: what hangs on it was not checked', fix };
}

/** One question tells both whether Cost Explorer answers and whether the tag is active. */
async function billing(ask: Ask, { costTags }: Services, { identity }: EnvironmentConfig): Promise<Diagnosis[]> {
  const answer = await ask(() => costTags.tagStatus(BILLING_TAG));
  const access =
    answer.kind === 'known'
      ? costExplorer(answer.value)
      : unknown(COST_EXPLORER.check, COST_EXPLORER.subject, answer.problem);
  return identity === 'profile' ? [access, assessCostTag(BILLING_TAG, answer)] : [access];
}

const COST_EXPLORER = { check: 'cost-explorer', subject: 'Cost Explorer' } as const;

/** A member account may not ask for the tag, and a service may be busy: neither says that Cost Explorer is not enabled. */
function costExplorer(tag: TagStatus): Diagnosis {
  if (tag.kind === 'known') return { ...COST_EXPLORER, status: 'ok', detail: 'answers' };
  if (tag.isNotEnabled !== true) return { ...COST_EXPLORER, status: 'unknown', detail: `not checked: ${tag.why}` };
  return {
    ...COST_EXPLORER,
    status: 'failed',
    detail: `does not answer: ${tag.why}`,
    fix: 'enable Cost Explorer once in the management account (24 hours until it answers), activate IAM access to billing there, and let this account see its costs',
  };
}

/** The topic is the stack's: without the stack there is nothing to be confirmed. */
async function subscriptions(
  ask: Ask,
  services: Services,
  { owner, budgetOwner }: EnvironmentConfig,
  check: DeployedFunction | undefined,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const topic = check?.variables['ALERT_TOPIC_ARN'];
  if (topic === undefined) {
    look.skip('subscriptions', 'notDeployed', NO_HEALTH_CHECK);
    return [];
  }
  const answer = await ask((signal) => services.subscriptions.emails(topic, signal));
  return assessSubscriptions(topic, [owner, budgetOwner], answer);
}

/** Who else could spend: a guard that does not know them cannot stop them. */
async function otherCallers(
  ask: Ask,
  { account }: Services,
  environment: EnvironmentConfig,
  check: DeployedFunction | undefined,
): Promise<Diagnosis> {
  const base = { check: 'other-callers', subject: environment.name } as const;
  const answer = await ask((signal) => account.principals(signal), POLICIES_MS);
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  const others = bedrockCallers(answer.value).filter((one) => !isKnown(one, environment, check));
  if (others.length === 0) {
    return { ...base, status: 'ok', detail: 'nobody else in the account may call a model, by their own policies' };
  }
  const named = others.slice(0, LISTED).map(({ kind, name }) => `${kind} ${name}`);
  const more = others.length > LISTED ? ` and ${others.length - LISTED} more` : '';
  return {
    ...base,
    status: 'warning',
    detail: `${others.length} may call models, and no stop of this environment reaches them: ${named.join(', ')}${more}`,
    fix: 'name them in principals or neverStop of an environment (people of IAM Identity Center in principals.permissionSets), or take bedrock:InvokeModel from them; the account-wide budget sees what they spend',
  };
}

/** Who would be stopped for a spend that is not theirs alone, and spends where the meter does not look. */
function metering(environment: EnvironmentConfig): Diagnosis {
  const base = { check: 'metering', subject: environment.name } as const;
  const names = guardedUnmetered(environment);
  return names.length === 0
    ? { ...base, status: 'ok', detail: 'whoever is stopped is metered' }
    : { ...base, status: 'warning', detail: unmeteredDetail(names), fix: UNMETERED_FIX };
}

/** Guarded, spared on purpose, or part of a guard. */
function isKnown(
  { kind, name, path }: AccountPrincipal,
  { principals, neverStop }: EnvironmentConfig,
  check: DeployedFunction | undefined,
): boolean {
  const guarded = { role: principals.roles, user: principals.users, group: principals.groups }[kind];
  if (guarded.some((one) => one.name === name)) return true;
  if (kind !== 'role') return false;
  return (
    neverStop.some((one) => one.name === name) ||
    principals.permissionSets.some((set) => isOfPermissionSet(name, set)) ||
    name === roleName(check) ||
    name.startsWith('SpendGuard-') ||
    path.startsWith('/aws-service-role/')
  );
}

/** How fast money can go out is estimated from the models' quotas; the account may have more. */
async function quotas(
  ask: Ask,
  services: Services,
  { models }: EnvironmentConfig,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const assumed = models.flatMap(({ provider, name, quota }) =>
    quota && provider ? [{ model: `${provider} ${name}`, tokensPerMinute: quota.tokensPerMinute }] : [],
  );
  if (assumed.length === 0) look.skip('quotas', 'notConfigured', 'no model has a quota to compare');
  else {
    for (const { id } of models.filter(({ quota, provider }) => !quota || !provider)) {
      look.note(`the quota of ${id}`, 'notConfigured', 'it has no quota to compare');
    }
  }
  return assessQuotas(assumed, assumed.length > 0 ? await ask((signal) => services.quotas.applied(signal)) : undefined);
}

/** What keeps the guard's own functions from running. */
async function concurrency(ask: Ask, { account }: Services, region: string): Promise<Diagnosis> {
  const base = { check: 'concurrency', subject: `Lambda in ${region}` } as const;
  const answer = await ask((signal) => account.concurrencyLimit(signal));
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  const detail = `the account may run ${answer.value} functions at once`;
  if (answer.value >= LITTLE_CONCURRENCY) return { ...base, status: 'ok', detail };
  return {
    ...base,
    status: 'warning',
    detail: `${detail}: another application can leave no room for the guard, whose budgets action needs none`,
    fix: 'Service Quotas, AWS Lambda, Concurrent executions: ask for 1000',
  };
}
