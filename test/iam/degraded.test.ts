import { INVOKE_ACTIONS } from '../../core/enforcement/costly-actions';
import { IamActions } from '../helpers/iam-actions';
import { direct, ends, systemProfile, through, type Call } from '../helpers/iam-calls';
import { ALLOW_ALL, Principal, type NamedPolicy } from '../helpers/iam-evaluator';
import { profilesOf } from '../helpers/iam-permissions';
import { ACCOUNT, ENVIRONMENTS, GUARD_SERVICES, REGION, stackIam, type StackIam } from '../helpers/iam-stack';
import { BASE_IDS, callersIam, resolved, withModels } from '../helpers/library-models';
import { switchVersion } from '../helpers/switch-versions';

/** The degraded version of the switch, on a principal that may do everything: which calls of models are left. What else it denies: switch-versions.test.ts. */

const MADE_BY_HAND = `arn:aws:bedrock:${REGION}:${ACCOUNT}:application-inference-profile/madebyhand12`;

let iam: IamActions;
const stacks = new Map<string, StackIam>();

beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
  for (const name of ENVIRONMENTS) stacks.set(name, stackIam(iam, name));
});

const administratorWith = (policy: NamedPolicy) =>
  new Principal(iam, [{ name: 'AdministratorAccess', document: ALLOW_ALL }, policy]);

const degraded = (stack: StackIam) => administratorWith(switchVersion(stack, 'degraded'));

/** Every way in which somebody may call a model by its base id: by any profile, and anywhere without one. */
function waysTo(id: string, applicationProfiles: readonly string[]): Call[] {
  const systems = ['us', 'jp', 'global'].map((scope) => systemProfile(`${scope}.${id}`));
  return [REGION, 'ap-southeast-6', ''].flatMap((region) => [
    direct(id, region),
    ...[...systems, ...applicationProfiles].map((profile) => through(profile, id, region)),
    ...applicationProfiles.map((profile) => through(profile, id, region, systems[0])),
  ]);
}

const endsOf = (principal: Principal, id: string, profiles: readonly string[]) => [
  ...new Set(waysTo(id, profiles).map((call) => ends(principal, call))),
];

test.each(ENVIRONMENTS)(
  "%s: its small models answer by the own profile, another environment's, the system's, and directly, in every Region; no other model does",
  (name) => {
    const stack = stacks.get(name)!;
    const principal = degraded(stack);
    const small = stack.environment.models.flatMap(({ tier, route }) => (tier === 'small' ? [route.modelId] : []));
    const profiles = [...ENVIRONMENTS.map((one) => profilesOf(stacks.get(one)!)[0]!), MADE_BY_HAND];
    expect(small.length).toBeGreaterThan(0);
    for (const id of new Set([...BASE_IDS, ...stack.environment.models.map(({ route }) => route.modelId)])) {
      expect([id, endsOf(principal, id, profiles)]).toEqual([
        id,
        [small.includes(id) ? 'allowed' : 'deniedExplicitly'],
      ]);
    }
  },
);

test('a call is denied on nothing but what it costs for: what stops it is the model, and a profile alone is none', () => {
  const principal = degraded(stacks.get('dev')!);
  expect(principal.can({ action: INVOKE_ACTIONS[0], resource: MADE_BY_HAND })).toBe(true);
  expect(ends(principal, through(MADE_BY_HAND, 'anthropic.claude-opus-5', REGION))).toBe('deniedExplicitly');
});

test('not through the profile of another account, whose models nobody here can know', () => {
  const principal = degraded(stacks.get('dev')!);
  for (const kind of ['inference-profile/us.amazon.nova-lite-v1:0', 'application-inference-profile/abc']) {
    const resource = `arn:aws:bedrock:${REGION}:999988887777:${kind}`;
    expect(principal.decide({ action: INVOKE_ACTIONS[0], resource })).toBe('deniedExplicitly');
  }
});

describe('with sixty small models', () => {
  const [small, others] = [BASE_IDS.slice(0, 60), BASE_IDS.slice(60)];
  let principal: Principal;
  beforeAll(() => {
    const models = [...small.map((id) => resolved(id)), resolved(others[0]!, 'large')];
    principal = degraded(callersIam(iam, withModels(models)));
  });

  test('each of them answers, and no other id of the price library', () => {
    const wrong = [...small, ...others].filter(
      (id) => endsOf(principal, id, [MADE_BY_HAND])[0] !== (small.includes(id) ? 'allowed' : 'deniedExplicitly'),
    );
    expect(wrong).toEqual([]);
    expect(others.length).toBeGreaterThan(10);
  });

  test('nor any id that is nearly one of them: what the list names is never widened', () => {
    const nearly = small.flatMap((id) => [`${id}:24k`, `${id}x`, `x${id}`, id.slice(0, -1), id.replace('.', '-')]);
    const strange = nearly.filter((id) => !small.includes(id));
    expect(strange.length).toBeGreaterThan(290);
    expect(strange.filter((id) => endsOf(principal, id, [MADE_BY_HAND]).join() !== 'deniedExplicitly')).toEqual([]);
  });
});

test('a model that is small by one scope and large by another is denied by both: IAM cannot tell them apart', () => {
  const [haiku, nova] = ['anthropic.claude-haiku-4-5-20251001-v1:0', 'amazon.nova-lite-v1:0'];
  const models = [resolved(`global.${haiku}`), resolved(nova), resolved(`us.${haiku}`, 'large')];
  const principal = degraded(callersIam(iam, withModels(models)));
  expect(endsOf(principal, haiku, [MADE_BY_HAND])).toEqual(['deniedExplicitly']);
  expect(endsOf(principal, nova, [MADE_BY_HAND])).toEqual(['allowed']);
});

describe('a fault planted in it is found', () => {
  interface Denial {
    NotResource?: string[];
    [name: string]: unknown;
  }
  const changed = (change: (statement: Denial) => void): Principal => {
    const policy = switchVersion(stacks.get('dev')!, 'degraded');
    const document = structuredClone(policy.document) as { Statement: Denial[] };
    change(document.Statement[1]!);
    return administratorWith({ name: 'degraded', document });
  };
  const opus = `arn:aws:bedrock:${REGION}::foundation-model/anthropic.claude-opus-5`;
  const call = (resource: string) => ({ action: INVOKE_ACTIONS[0], resource });

  test('a list of what is denied lets through whatever is not on it', () => {
    const principal = changed((statement) => {
      delete statement.NotResource;
      statement['Resource'] = 'arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0';
    });
    expect(principal.can(call(opus))).toBe(true);
  });

  test('a wildcard in the place of an id lets through a large model', () => {
    const principal = changed((statement) => statement.NotResource!.push('arn:aws:bedrock:*::foundation-model/anth*'));
    expect(principal.can(call(opus))).toBe(true);
  });

  test.each([
    ['inference-profile', /:inference-profile\//, `arn:aws:bedrock:${REGION}:${ACCOUNT}:inference-profile/us.x.y`],
    ['foundation-model', /amazon\.nova-lite/, `arn:aws:bedrock:${REGION}::foundation-model/amazon.nova-lite-v1:0`],
  ])('without the %s of its small models those are denied too', (_what, removed, resource) => {
    expect(degraded(stacks.get('dev')!).can(call(resource))).toBe(true);
    const principal = changed((statement) => {
      statement.NotResource = statement.NotResource!.filter((one) => !removed.test(one));
    });
    expect(principal.can(call(resource))).toBe(false);
  });
});
