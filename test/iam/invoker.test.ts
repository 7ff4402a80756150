import type { ResolvedModel } from '../../config/guard-config';
import { INVOKE_ACTIONS } from '../../core/enforcement/costly-actions';
import type { Template } from '../../simulator/template/resolver';
import { globExpression, IamActions } from '../helpers/iam-actions';
import { direct, ends, modelArn, through, type Call } from '../helpers/iam-calls';
import type { Principal } from '../helpers/iam-evaluator';
import { grantsOf } from '../helpers/iam-findings';
import { landingRegions, profilesOf } from '../helpers/iam-permissions';
import { WITH_LLAMA } from '../helpers/stack';
import { ACCOUNT, ENVIRONMENTS, GUARD_SERVICES, REGION, stackIam, StackIam } from '../helpers/iam-stack';
import { inState } from '../helpers/switch-versions';

let iam: IamActions;
const stacks = new Map<string, StackIam>();

beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
  for (const name of ENVIRONMENTS) stacks.set(name, stackIam(iam, name, WITH_LLAMA));
});

const regionsOf = ({ route }: ResolvedModel) => landingRegions(route);

/** A model of the environment with its own profile and, across Regions, the system's. */
interface Callable {
  readonly model: ResolvedModel;
  readonly profile: string;
  readonly system?: string;
}

function callables(stack: StackIam): readonly Callable[] {
  return stack.environment.models.map((one) => {
    const { route } = one;
    const system =
      route.via === 'crossRegion'
        ? `arn:aws:bedrock:${REGION}:${ACCOUNT}:inference-profile/${route.profileId}`
        : undefined;
    const own = profilesOf(stack).filter((arn) => stack.sourceOf(arn) === (system ?? modelArn(REGION, route.modelId)));
    expect(own.length).toBe(1);
    return { model: one, profile: own[0]!, ...(system === undefined ? {} : { system }) };
  });
}

const principals = new Map<StackIam, Principal>();

function invoker(stack: StackIam): Principal {
  const principal = principals.get(stack) ?? stack.principal(stack.roleNamed('invoker'));
  principals.set(stack, principal);
  return principal;
}

/** Every call of its own models, wherever it lands. */
const ownCalls = (stack: StackIam): Call[] =>
  callables(stack).flatMap(({ model: { route, ...rest }, profile, system }) =>
    regionsOf({ route, ...rest }).flatMap((region) =>
      [profile, ...(system === undefined ? [] : [system])].map((key) => through(profile, route.modelId, region, key)),
    ),
  );

describe.each(ENVIRONMENTS)('%s', (name) => {
  const stack = () => stacks.get(name)!;
  const others = () => ENVIRONMENTS.filter((one) => one !== name).map((one) => stacks.get(one)!);

  test('may call its models through its profiles, in every Region where a call may land', () => {
    expect(new Set(ownCalls(stack()).map((call) => ends(invoker(stack()), call)))).toEqual(new Set(['allowed']));
    expect(ownCalls(stack()).length).toBeGreaterThan(stack().environment.models.length);
  });

  test("not through another environment's profile, nor through the canary's", () => {
    const canary = stack().arn('AWS::Bedrock::ApplicationInferenceProfile', 'HealthCheckCanary');
    const foreign = [...others().flatMap(profilesOf), canary];
    for (const { model: one } of callables(stack()))
      for (const profile of foreign)
        for (const key of [profile, ...profilesOf(stack())]) {
          const call = through(profile, one.route.modelId, REGION, key);
          expect({ profile, ends: ends(invoker(stack()), call) }).toEqual({ profile, ends: 'notAllowed' });
        }
  });

  test('not with its own profile in front of a model that is not behind it, nor with a foreign one in the key', () => {
    const [{ profile }] = callables(stack()) as [Callable];
    expect(ends(invoker(stack()), through(profile, 'anthropic.claude-sonnet-4-6', REGION))).toBe('notAllowed');
    const foreign = profilesOf(others()[0]!)[0]!;
    for (const { model: one, profile: own } of callables(stack()))
      expect(ends(invoker(stack()), through(own, one.route.modelId, REGION, foreign))).toBe('notAllowed');
  });

  test('not in another Region: neither by the profile there, nor where no call of its own lands', () => {
    for (const { model: one, profile } of callables(stack())) {
      for (const region of ['eu-west-1', 'us-east-2', 'us-west-2']) {
        const there = profile.replace(`:${REGION}:`, `:${region}:`);
        expect(ends(invoker(stack()), through(there, one.route.modelId, REGION))).toBe('notAllowed');
        const lands = regionsOf(one).includes(region) ? 'allowed' : 'notAllowed';
        expect([region, ends(invoker(stack()), through(profile, one.route.modelId, region))]).toEqual([region, lands]);
      }
    }
  });

  test("trap 4: not the model without the profile, in no Region and not in the global form; nor by the system's own profile", () => {
    for (const { model: one, system } of callables(stack())) {
      for (const region of [...regionsOf(one), 'eu-west-1', ''])
        expect(ends(invoker(stack()), direct(one.route.modelId, region))).toBe('notAllowed');
      const profiles = [
        system ?? [],
        ['us', 'eu', 'global'].map(
          (scope) => `arn:aws:bedrock:${REGION}:${ACCOUNT}:inference-profile/${scope}.${one.id}`,
        ),
      ].flat();
      for (const profile of profiles)
        expect(ends(invoker(stack()), through(profile, one.route.modelId, REGION))).toBe('notAllowed');
    }
  });

  test.each(['priority', 'reserved'])('trap 31: not on the %s service tier, on anything', (tier) => {
    for (const call of ownCalls(stack()))
      expect(ends(invoker(stack()), call, { 'bedrock:ServiceTier': tier })).toBe('deniedExplicitly');
  });

  test.each(['default', 'flex'])('trap 31: on the %s tier as without one', (tier) => {
    for (const call of ownCalls(stack()))
      expect(ends(invoker(stack()), call, { 'bedrock:ServiceTier': tier })).toBe('allowed');
  });

  test('trap 29: no batch job, even where somebody allows it besides', () => {
    const everything = {
      name: 'more',
      document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'bedrock:*', Resource: '*' } },
    };
    const principal = stack().principal(stack().roleNamed('invoker'), everything);
    for (const { model: one } of callables(stack())) {
      const resource = modelArn(REGION, one.route.modelId);
      expect(principal.decide({ action: 'bedrock:CreateModelInvocationJob', resource })).toBe('deniedExplicitly');
    }
  });

  test('nothing else of Bedrock, on none of its models, profiles or anything: not PutUseCaseForModelAccess either', () => {
    const own = callables(stack()).flatMap(({ model: one, profile }) => [profile, modelArn(REGION, one.route.modelId)]);
    const all = iam.matching('bedrock*').filter(({ name: action }) => !INVOKE_ACTIONS.some((one) => one === action));
    const allowed = all.flatMap(({ name: action, arnPatterns, withoutResource }) => {
      const fitting = own.filter((arn) => arnPatterns.some((pattern) => globExpression(pattern).test(arn)));
      const any = arnPatterns.map((pattern) => pattern.replace('arn:*:', 'arn:aws:').replaceAll('*', 'any'));
      return [...fitting, ...any, ...(withoutResource ? ['*'] : [])]
        .filter((resource) => invoker(stack()).can({ action, resource }))
        .map((resource) => `${action} on ${resource}`);
    });
    expect(allowed).toEqual([]);
    expect(all.map((one) => one.name)).toEqual(
      expect.arrayContaining(['bedrock:PutUseCaseForModelAccess', 'bedrock-mantle:CreateInference']),
    );
  });

  test('all that it is granted is the two forms of calling a model, and its own items of the leases table', () => {
    const others = grantsOf(stack(), invoker(stack())).filter(
      (grant) =>
        !/: bedrock:InvokeModel(WithResponseStream)? on arn:aws:bedrock:/.test(grant) &&
        !/: dynamodb:(GetItem|PutItem|UpdateItem|Query) on .*:table\/SpendGuard-[a-z]+-TablesLeases\w+, if .*dynamodb:LeadingKeys/.test(
          grant,
        ),
    );
    expect(others).toEqual([]);
  });

  test('stopped by the switch, or by AWS Budgets, every one of its calls is denied', () => {
    const role = stack().roleNamed('invoker');
    const byBill = stack().principal(role, stack().managedPolicy('DenyBillPolicy'));
    for (const stopped of [inState(stack(), role, 'stopped'), byBill])
      expect(new Set(ownCalls(stack()).map((call) => ends(stopped, call)))).toEqual(new Set(['deniedExplicitly']));
  });

  test('while the switch is open, it calls each of its models', () => {
    const open = inState(stack(), stack().roleNamed('invoker'), 'open');
    expect(new Set(ownCalls(stack()).map((call) => ends(open, call)))).toEqual(new Set(['allowed']));
  });

  test('degraded, it calls its small models and no large one', () => {
    const degraded = inState(stack(), stack().roleNamed('invoker'), 'degraded');
    for (const { model: one, profile } of callables(stack())) {
      for (const region of regionsOf(one)) {
        const kind = ends(degraded, through(profile, one.route.modelId, region));
        expect([one.id, kind]).toEqual([one.id, one.tier === 'large' ? 'deniedExplicitly' : 'allowed']);
      }
    }
  });
});

describe('a fault planted in the template is found', () => {
  interface Statement {
    Sid: string;
    Effect: string;
    Action: unknown;
    Resource: unknown;
    Condition?: Record<string, Record<string, unknown>>;
  }
  const broken = (sid: string, change: (statement: Statement, all: Statement[]) => void): StackIam => {
    const { environment, template } = stacks.get('dev')!;
    const copy = structuredClone(template) as unknown as {
      Resources: Record<string, { Properties: { PolicyDocument: { Statement: Statement[] } } }>;
    };
    const [, policy] = Object.entries(copy.Resources).find(([id]) => id.startsWith('InvokerCallModels'))!;
    const statements: Statement[] = policy.Properties.PolicyDocument.Statement;
    change(
      statements.find((one) => one.Sid === sid)!,
      statements,
    );
    return new StackIam(iam, environment, copy as unknown as Template);
  };
  const [lite, llama] = ['amazon.nova-lite-v1:0', 'meta.llama3-1-70b-instruct-v1:0'];

  test('without the condition, the model answers without the profile', () => {
    const stack = broken('CallModelsThroughProfiles', (one) => delete one.Condition);
    expect(ends(invoker(stack), direct(lite, REGION))).toBe('allowed');
  });

  test('with a negated condition, too: the key is absent (trap 31)', () => {
    const stack = broken('CallModelsThroughProfiles', (one) => {
      one.Condition = {
        StringNotEquals: {
          'bedrock:InferenceProfileArn': 'arn:aws:bedrock:us-east-1:1:application-inference-profile/x',
        },
      };
    });
    expect(ends(invoker(stack), direct(lite, REGION))).toBe('allowed');
  });

  test("with every profile, another environment's answers", () => {
    const stack = broken(
      'CallProfiles',
      (one) => (one.Resource = `arn:aws:bedrock:${REGION}:${ACCOUNT}:application-inference-profile/*`),
    );
    const foreign = profilesOf(stacks.get('prod')!)[0]!;
    expect(ends(invoker(stack), through(foreign, lite, REGION, profilesOf(stack)[0]))).toBe('allowed');
  });

  test('without the destination Regions, calls across Regions end in a denial', () => {
    const stack = broken('CallModelsThroughProfiles', (one) => {
      one.Resource = (one.Resource as unknown[]).filter((arn) => !JSON.stringify(arn).includes('us-west-2'));
    });
    const { profile } = callables(stack).find((one) => one.model.route.modelId === llama)!;
    expect(ends(invoker(stack), through(profile, llama, 'us-west-2'))).toBe('notAllowed');
  });

  test('without its deny, the dear tier is served', () => {
    const stack = broken('NoDearServiceTier', (one, all) => void all.splice(all.indexOf(one), 1));
    expect(ends(invoker(stack), ownCalls(stack)[0]!, { 'bedrock:ServiceTier': 'priority' })).toBe('allowed');
  });

  test('with its deny negated, every call is denied that names no tier', () => {
    const stack = broken(
      'NoDearServiceTier',
      (one) => (one.Condition = { StringNotEquals: { 'bedrock:ServiceTier': 'default' } }),
    );
    expect(ends(invoker(stack), ownCalls(stack)[0]!)).toBe('deniedExplicitly');
  });
});
