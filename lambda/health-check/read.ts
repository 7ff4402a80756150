import { utcMonth } from '../../core/calendar';
import { told } from '../../core/enforcement';
import {
  type HealthReadings,
  type ModelReading,
  attempt,
  inParallel,
  type Pace,
  canaryRecord,
  type CanaryTarget,
  type Answer,
  type CheckedModel,
  type HealthRecord,
  type ModelAvailability,
  type ModelCaller,
  type ModelLifecycle,
} from '../../core/health';
import type { PicoUsd } from '../../core/prices';
import { namesOf, principalsOf } from '../principals';
import type { HealthCheckEnv } from './env';
import type { HealthCheckDeps } from './deps';

const ASK_MS = 10_000;
const CALL_MS = 20_000;
/** Few enough that one model's latency is not another's queue, and IAM's and Bedrock's control planes do not throttle. */
const AT_ONCE = 4;

/** Asks everything, each question on its own: one that fails or hangs leaves the others as they are. */
export async function readHealth(
  deps: HealthCheckDeps,
  env: HealthCheckEnv,
  pace: Pace,
  last: Answer<HealthRecord | undefined>,
): Promise<HealthReadings> {
  const ask = <T>(question: (signal: AbortSignal) => Promise<T>) => attempt(pace, ASK_MS, question);
  const [
    identity,
    desired,
    extendedAccess,
    subscriptions,
    attachedQuotas,
    versions,
    permissionSetRoles,
    quotas,
    users,
    principals,
    reserved,
    models,
    canary,
  ] = await Promise.all([
    ask((signal) => deps.identity.whoAmI(signal)),
    ask((signal) => deps.state.desired(utcMonth(deps.now()), signal)),
    ask((signal) => deps.state.extendedAccess(signal)),
    ask((signal) => deps.subscriptions.emails(env.ALERT_TOPIC_ARN, signal)),
    ask((signal) => deps.policyRoom.quotas(signal)),
    ask(async () => (await deps.switchVersions.list()).map((version) => told(version, deps.digest))),
    readPermissionSetRoles(deps, env, pace),
    env.ASSUMED_QUOTAS.length > 0 ? ask((signal) => deps.quotas.applied(signal)) : undefined,
    inParallel(namesOf(env, 'users'), AT_ONCE, (user) => readKeys(deps, pace, user)),
    inParallel(principalsOf(env), AT_ONCE, async (principal) => ({
      principal,
      attached: await ask((signal) => deps.policyRoom.attached(principal.kind, principal.name, signal)),
    })),
    ask((signal) => deps.reservedConcurrency.ensure(signal)),
    readModels(deps, env, pace),
    readCanary(deps, env, pace),
  ]);
  return {
    last,
    identity,
    desired,
    extendedAccess,
    subscriptions,
    attachedQuotas,
    versions,
    users,
    principals,
    reserved,
    canary,
    ...models,
    ...(permissionSetRoles ? { permissionSetRoles } : {}),
    ...(quotas ? { quotas } : {}),
  };
}

async function readModels(
  deps: HealthCheckDeps,
  env: HealthCheckEnv,
  pace: Pace,
): Promise<Pick<HealthReadings, 'invoker' | 'models'>> {
  const invoker = await attempt(pace, ASK_MS, (signal) => deps.assumeRole.callerAs(env.INVOKER_ROLE_ARN, signal));
  const caller = invoker.kind === 'known' ? invoker.value : undefined;
  const ofModel = onceEach(
    (modelId) => attempt(pace, ASK_MS, (signal) => deps.catalog.lifecycle(modelId, signal)),
    (modelId) => attempt(pace, ASK_MS, (signal) => deps.catalog.availability(modelId, signal)),
  );
  const models = await inParallel(env.MODELS, AT_ONCE, (model) => readModel(ofModel, pace, model, caller));
  return { invoker, models };
}

interface OfModel {
  readonly lifecycle: (modelId: string) => Promise<Answer<ModelLifecycle>>;
  readonly availability: (modelId: string) => Promise<Answer<ModelAvailability>>;
}

/** Several entries may be of one model, under different scopes: Bedrock is asked of it once. */
function onceEach(lifecycle: OfModel['lifecycle'], availability: OfModel['availability']): OfModel {
  const once = <T>(ask: (modelId: string) => Promise<T>) => {
    const asked = new Map<string, Promise<T>>();
    return (modelId: string) => {
      const answer = asked.get(modelId) ?? ask(modelId);
      asked.set(modelId, answer);
      return answer;
    };
  };
  return { lifecycle: once(lifecycle), availability: once(availability) };
}

async function readModel(
  ofModel: OfModel,
  pace: Pace,
  model: CheckedModel,
  caller: ModelCaller | undefined,
): Promise<ModelReading> {
  const lifecycle = await ofModel.lifecycle(model.modelId);
  if (!caller) return { model, lifecycle };
  const call = await attempt(pace, CALL_MS, (signal) => caller.callOnce(model.callAs, signal));
  if (call.kind === 'known' || call.problem.refusal !== 'accessDenied') return { model, lifecycle, call };
  return { model, lifecycle, call, availability: await ofModel.availability(model.modelId) };
}

async function readCanary(deps: HealthCheckDeps, env: HealthCheckEnv, pace: Pace): Promise<HealthReadings['canary']> {
  if (env.CANARY === null) return {};
  const { price, ...profile } = env.CANARY;
  const target: CanaryTarget = {
    ...profile,
    price: { input: price.input as PicoUsd, output: price.output as PicoUsd },
  };
  const call = await attempt(pace, CALL_MS, (signal) => deps.ownCaller.callOnce(target.profileArn, signal));
  if (call.kind === 'unavailable') return { target, call };
  const record = canaryRecord(target, call.value, deps.now());
  const saved = await attempt(pace, ASK_MS, (signal) => deps.state.saveCanary(record, signal));
  return { target, call, saved };
}

async function readPermissionSetRoles(
  { permissionSetRoles: port }: HealthCheckDeps,
  env: HealthCheckEnv,
  pace: Pace,
): Promise<HealthReadings['permissionSetRoles']> {
  if (env.PERMISSION_SETS.length === 0) return undefined;
  const [roles, rolesWith] = await Promise.all([
    attempt(pace, ASK_MS, (signal) => port.roles(signal)),
    attempt(pace, ASK_MS, (signal) => port.rolesWith(env.SWITCH_ARN, signal)),
  ]);
  return { roles, rolesWith };
}

async function readKeys(deps: HealthCheckDeps, pace: Pace, user: string): Promise<HealthReadings['users'][number]> {
  const keys = await attempt(pace, ASK_MS, (signal) => deps.accessKeys.keysOf(user, signal));
  if (keys.kind === 'unavailable') return { user, keys };
  const withUse = await inParallel(keys.value, AT_ONCE, async (key) => ({
    key,
    use: await attempt(pace, ASK_MS, (signal) => deps.accessKeys.lastUse(key.id, signal)),
  }));
  return { user, keys: { ...keys, value: withUse } };
}
