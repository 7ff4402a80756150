import * as z from 'zod';
import type { EnvironmentConfig } from '../../config/guard-config';
import { attempt, type Pace } from '../../core/health/attempt';
import { assessCostTag } from '../../core/health/cost-tag';
import { problemWords, type Answer } from '../../core/health/finding';
import { assessIdentity } from '../../core/health/identity';
import { assessPolicyRoom, type GuardedPrincipal } from '../../core/health/policy-room';
import { assessQuotas } from '../../core/health/quotas';
import { assessSubscriptions } from '../../core/health/subscriptions';
import type { AccountPrincipal } from '../../core/ports/account-setup';
import type { DeployedFunction } from '../../core/ports/deployed-guard';
import { BILLING_TAG } from '../../core/tags';
import { guardedUnmetered, UNMETERED_FIX, unmeteredDetail } from '../../core/unmetered';
import { refusalOf } from '../explain';
import type { Looked } from '../looked/looked';
import type { Services } from '../services';
import { bedrockCallers } from './callers';
import { unknown, type Ask, type Diagnosis } from './diagnosis';
import { availability, modelAccess, regionOf } from './models';

const ASK_MS = 15_000;
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
  const pace: Pace = { ...services.pace, deadlineMs: Number.POSITIVE_INFINITY };
  const ask: Ask = (question, limitMs = ASK_MS) => attempt(pace, limitMs, question);
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
    ...(await policyRoom(ask, services, environment, check, look)),
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
  const fix = `npx cdk deploy --context env=${name}`;
  return { ...base, status: 'expected', detail: 'not deployed yet: what hangs on it was not checked', fix };
}

/** One question tells both whether Cost Explorer answers and whether the tag is active. */
async function billing(ask: Ask, { costTags }: Services, { identity }: EnvironmentConfig): Promise<Diagnosis[]> {
  const answer = await ask(() => costTags.tagStatus(BILLING_TAG));
  const base = { check: 'cost-explorer', subject: 'Cost Explorer' } as const;
  const why =
    answer.kind === 'unavailable'
      ? problemWords(answer.problem)
      : answer.value.kind === 'unavailable'
        ? answer.value.why
        : undefined;
  const access: Diagnosis =
    why === undefined
      ? { ...base, status: 'ok', detail: 'answers' }
      : {
          ...base,
          status: 'failed',
          detail: `does not answer: ${why}`,
          fix: 'enable Cost Explorer once in the payer account (24 hours until it answers), activate IAM access to billing there, and let this account see its costs',
        };
  return identity === 'profile' ? [access, assessCostTag(BILLING_TAG, answer)] : [access];
}

/** Its variables name the topic, the role and the policies. */
const NO_HEALTH_CHECK = 'no deployed health check was found';

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
    fix: 'name them in principals or neverStop of an environment, or take bedrock:InvokeModel from them; the account-wide budget sees what they spend',
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
    name === roleName(check) ||
    name.startsWith('SpendGuard-') ||
    path.startsWith('/aws-service-role/')
  );
}

function roleName(check: DeployedFunction | undefined): string | undefined {
  return check?.variables['INVOKER_ROLE_ARN']?.split('/').at(-1);
}

const denyArns = z.object({ meter: z.string(), large: z.string(), bill: z.string() });

async function policyRoom(
  ask: Ask,
  { policyRoom: room }: Services,
  { principals }: EnvironmentConfig,
  check: DeployedFunction | undefined,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const invoker = roleName(check);
  if (invoker === undefined) look.note('room for a deny on the invoker role', 'notDeployed', NO_HEALTH_CHECK);
  const guarded: readonly GuardedPrincipal[] = [
    ...(invoker === undefined ? [] : [{ kind: 'role' as const, name: invoker }]),
    ...principals.roles.map(({ name }) => ({ kind: 'role' as const, name })),
    ...principals.users.map(({ name }) => ({ kind: 'user' as const, name })),
    ...principals.groups.map(({ name }) => ({ kind: 'group' as const, name })),
  ];
  if (guarded.length === 0) {
    for (const question of ['policyRoom.attached', 'policyRoom.quotas'] as const) {
      look.skip(question, 'notConfigured', 'principals names nobody');
    }
    return [];
  }
  const limits = await ask((signal) => room.quotas(signal));
  const denies = deniesOf(check);
  const diagnoses: Diagnosis[] = [];
  for (const principal of guarded) {
    const attached = await ask((signal) => room.attached(principal.kind, principal.name, signal));
    diagnoses.push(assessPolicyRoom(principal, attached, limits, denies));
  }
  return diagnoses;
}

/** Before the first deploy there are none, so that room for all of them is needed. */
function deniesOf(check: DeployedFunction | undefined): z.output<typeof denyArns> {
  const text = check?.variables['DENY_POLICY_ARNS'];
  const parsed = text === undefined ? undefined : denyArns.safeParse(JSON.parse(text));
  return parsed?.success ? parsed.data : { meter: '', large: '', bill: '' };
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
