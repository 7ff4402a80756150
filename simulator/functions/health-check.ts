import { DAY_MS } from '../../core/calendar';
import { ServiceError } from '../../core/errors';
import { sha256 } from '../../lambda/digest';
import { parseHealthCheckEnv, type HealthCheckEnv, makeHandler } from '../../lambda/health-check';
import { namesOf, principalsOf } from '../../lambda/principals';
import { RESERVED, setAside } from '../../lambda/reserve-concurrency';
import { FakeAccountConcurrency } from '../fakes/account-concurrency';
import { AVAILABLE, FakeHealthServices, type FakeModel } from '../fakes/health-services';
import { FakeHealthState } from '../fakes/health-state';
import { FakeMail } from '../fakes/mail';
import { FakeMetrics } from '../fakes/metrics';
import { NEVER } from '../fakes/never';
import type { Housekeeping } from '../scenarios/scenario';
import { namedByCall } from '../world/calls';
import type { Place, World } from '../world/world';
import type { FunctionSite, Handler } from './site';

const INVOKE = 'bedrock:InvokeModel';
/** Tokens of the check's fixed prompt. */
const PROMPT_TOKENS = 9;
/** How old the access keys of guarded users are when the month begins. */
const KEY_AGE_DAYS = 10;
/** Of an account that is not new. */
const ACCOUNT_CONCURRENCY = 1_000;

/** Who is denied what follows from what is attached, and what the switch says, at the time of a run. */
export function healthCheck({ spec, place, world, now, mail }: FunctionSite): Handler {
  const env = parseHealthCheckEnv(spec.variables);
  const aws = servicesOf(env, place, world);
  // As the deployment has left it, and nobody takes it off.
  const account = new FakeAccountConcurrency(ACCOUNT_CONCURRENCY, new Map([[env.METER_FUNCTION, RESERVED]]));
  const handler = makeHandler(
    {
      now,
      // Nothing here takes time.
      stopwatch: () => () => 0,
      timeout: () => NEVER,
      identity: aws.identity,
      assumeRole: aws.assumeRole,
      ownCaller: aws.ownCaller,
      catalog: aws.catalog,
      accessKeys: aws.accessKeys,
      subscriptions: aws.topic,
      policyRoom: aws.policyRoom,
      switchVersions: aws.switchVersions,
      permissionSetRoles: aws.permissionSetRoles,
      digest: sha256,
      quotas: aws.quotas,
      reservedConcurrency: { ensure: () => setAside(account, env.METER_FUNCTION) },
      state: stateOf(place, world),
      mail: new FakeMail((sent) => mail(env.ALERT_TOPIC_ARN, sent)),
      metrics: new FakeMetrics(),
    },
    env,
  );
  const facts = world.settings.scenario.housekeeping?.(world.settings.month);
  return (event) => {
    aws.principals = principalsOf(env).map((one) => ({
      ...one,
      policyArns: world.attachments.current(place.config.name, one.name).map(({ policy }) => policy.arn),
    }));
    aws.versions = place.switch?.list() ?? [];
    if (facts) applyHousekeeping(aws, facts, place, now());
    return handler(event);
  };
}

/** The canary's calls reach the meter's part of the table, and CloudWatch; the meter's state is what the meter has written. */
function stateOf(place: Place, world: World): FakeHealthState {
  const state = new FakeHealthState();
  const keep = state.saveCanary.bind(state);
  state.saveCanary = async (record) => {
    await keep(record);
    place.meter.keepCanary(record);
    world.cloudWatch(place).showCanary(place, record.profileArn);
  };
  const keepDates = state.saveExtendedAccess.bind(state);
  state.saveExtendedAccess = async (dates) => {
    await keepDates(dates);
    place.meter.keepExtendedAccess(dates);
  };
  state.desired = async (month) => {
    const found = await place.meter.latest(month);
    return found?.month === month ? found.desired : undefined;
  };
  return state;
}

/** What the template and the world say of models, subscriptions and quotas: all in order, apart from what the config has. */
function servicesOf(env: HealthCheckEnv, place: Place, world: World): FakeHealthServices {
  const { stack } = place;
  const models = env.MODELS.map(({ modelId, callAs, endOfLife }) => fakeModel(modelId, callAs, endOfLife));
  const canary = env.CANARY ? [fakeModel(env.CANARY.modelId, env.CANARY.profileArn)] : [];
  const aws = new FakeHealthServices({
    account: stack.identity.account,
    invokerRoleName: stack.invokerRole,
    models: [...models, ...canary],
    denies: (policyArn, model) => isDenied(place, policyArn, model),
  });
  const { startMs } = world.settings.month;
  aws.users = new Map(
    namesOf(env, 'users').map((name) => [
      name,
      [{ id: `key-of-${name}`, createdAtMs: startMs - KEY_AGE_DAYS * DAY_MS, active: true, use: {} }],
    ]),
  );
  aws.subscriptions = (stack.topics.get(env.ALERT_TOPIC_ARN) ?? [])
    .filter(({ protocol }) => protocol === 'email')
    .map(({ endpoint }) => ({ address: endpoint, state: 'confirmed' }));
  aws.appliedQuotas = env.ASSUMED_QUOTAS.map(({ model, tokensPerMinute }) => ({
    name: `On-demand InvokeModel tokens per minute for ${model}`,
    value: tokensPerMinute,
  }));
  return aws;
}

/** What has become of keys, subscriptions and models by now. */
function applyHousekeeping(aws: FakeHealthServices, facts: Housekeeping, { config }: Place, now: number): void {
  const { keys, modelEndsMs, confirmedMs } = facts;
  const createdAtMs = now < keys.rotatedMs ? keys.createdMs : keys.rotatedMs;
  for (const [name, [key]] of aws.users) if (key) aws.users.set(name, [{ ...key, createdAtMs }]);
  aws.subscriptions = aws.subscriptions.map(({ address }) => ({
    address,
    state: address === config.budgetOwner && now < confirmedMs ? 'pending' : 'confirmed',
  }));
  const ending = aws.settings.models.find(({ id }) => id === config.models[0]?.route.modelId);
  if (!ending) return;
  ending.lifecycle = { status: 'legacy', endOfLifeMs: modelEndsMs };
  if (now >= modelEndsMs) {
    ending.refusal = new ServiceError(
      'notFound',
      'ResourceNotFoundException',
      'This model version has reached the end of its life.',
      404,
      { reason: { kind: 'endOfLife' } },
    );
  }
}

function fakeModel(id: string, callAs: string, endOfLife?: string): FakeModel {
  return {
    id,
    callAs,
    inputTokens: PROMPT_TOKENS,
    lifecycle:
      endOfLife === undefined ? { status: 'active' } : { status: 'legacy', endOfLifeMs: Date.parse(endOfLife) },
    availability: AVAILABLE,
  };
}

function isDenied({ config, stack, switch: theSwitch }: Place, policyArn: string, { id, callAs }: FakeModel): boolean {
  const policy = theSwitch?.arn === policyArn ? theSwitch : stack.policies.get(policyArn);
  const model = config.models.find(({ route }) => route.modelId === id);
  const named = model ? namedByCall(stack, model) : [];
  return policy?.denies(INVOKE, [callAs, ...named]) ?? false;
}
