import { IamActions, type IamAction } from '../helpers/iam-actions';
import { ALLOW_ALL, Principal, type IamRequest, type NamedPolicy } from '../helpers/iam-evaluator';
import { grantsOf } from '../helpers/iam-findings';
import { ENVIRONMENTS, GUARD_SERVICES, stackIam, type StackIam } from '../helpers/iam-stack';
import { SWITCH, switchVersion } from '../helpers/switch-versions';

/** The version of the switch that stands while nothing is stopped: whoever has it attached may do what they may without it. */

let iam: IamActions;
let actions: readonly IamAction[];
const stacks = new Map<string, StackIam>();

beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
  actions = iam.matching('*');
  for (const name of ENVIRONMENTS) stacks.set(name, stackIam(iam, name));
});

/** An action on each kind of resource that it has, with none of its condition keys and with all of them. */
function requestsOf({ name, arnPatterns, withoutResource, conditionKeys }: IamAction): IamRequest[] {
  const any = arnPatterns.map((arn) => arn.replace('arn:*:', 'arn:aws:').replaceAll('*', 'any'));
  const every = [...conditionKeys, 'aws:principalarn'].map((key) => [
    `${key}${key.endsWith('/') ? 'team' : ''}`,
    'any',
  ]);
  return [...any, ...(withoutResource ? ['*'] : [])].flatMap((resource) =>
    [{}, Object.fromEntries(every)].map((context: Record<string, string>) => ({ action: name, resource, context })),
  );
}

/** The requests that end otherwise for somebody who has the version attached besides. */
function changedBy(version: NamedPolicy, own: readonly NamedPolicy[], boundary?: NamedPolicy): readonly string[] {
  const [without, having] = [new Principal(iam, own, boundary), new Principal(iam, [...own, version], boundary)];
  const changed = actions.flatMap(requestsOf).filter((one) => without.decide(one) !== having.decide(one));
  return [...new Set(changed.map(({ action, resource }) => `${action} on ${resource}`))];
}

const policyOf = (name: string, ...statements: readonly object[]): NamedPolicy => ({
  name,
  document: { Version: '2012-10-17', Statement: statements },
});
const ADMINISTRATOR = { name: 'AdministratorAccess', document: ALLOW_ALL };
const NOTHING = policyOf('reader', { Effect: 'Allow', Action: 'bedrock:Get*', Resource: '*' });
const DENIED = policyOf('denied', { Effect: 'Deny', Action: 'sts:*', Resource: '*' });

test('the table of actions has all that the guard deals with', () => {
  expect(actions.length).toBeGreaterThan(1_400);
});

describe.each(ENVIRONMENTS)('%s', (name) => {
  const open = () => switchVersion(stacks.get(name)!, 'open');

  test('is what the template makes the policy with', () => {
    expect(stacks.get(name)!.managedPolicy(SWITCH).document).toEqual(open().document);
  });

  test('grants nothing', () => {
    expect(grantsOf(stacks.get(name)!, new Principal(iam, [open()]))).toEqual([]);
  });
});

describe('no decision on any action changes with it', () => {
  const open = () => switchVersion(stacks.get('dev')!, 'open');

  test.each<[string, NamedPolicy[]]>([
    ['somebody who may do everything', [ADMINISTRATOR]],
    ['somebody who may read models', [NOTHING]],
    ['somebody who may not ask who it is', [ADMINISTRATOR, DENIED]],
    ['somebody who has nothing else', []],
  ])('%s', (_who, own) => {
    expect(changedBy(open(), own)).toEqual([]);
  });

  test("the environment's own role, and any role of the guard", () => {
    for (const { name, policies, boundary } of stacks.get('dev')!.roles) {
      const own = policies.filter((one) => one.name !== SWITCH);
      expect([name, changedBy(open(), own, boundary)]).toEqual([name, []]);
    }
  });
});

describe('a fault planted in it is found', () => {
  const changed = (change: (statement: Record<string, unknown>) => void): NamedPolicy => {
    const version = switchVersion(stacks.get('dev')!, 'open');
    const document = structuredClone(version.document) as { Statement: Record<string, unknown>[] };
    change(document.Statement[0]!);
    return { ...version, document };
  };

  test.each<[string, (statement: Record<string, unknown>) => void]>([
    ['without its condition', (one) => delete one['Condition']],
    ['where the request has a caller', (one) => (one['Condition'] = { Null: { 'aws:PrincipalArn': 'false' } })],
    ['by a key that requests need not carry', (one) => (one['Condition'] = { Null: { 'aws:ViaAWSService': 'true' } })],
  ])('it grants %s', (_what, change) => {
    expect(changedBy(changed(change), [NOTHING])).toEqual(['sts:GetCallerIdentity on *']);
    expect(grantsOf(stacks.get('dev')!, new Principal(iam, [changed(change)]))).not.toEqual([]);
  });

  test('it denies', () => {
    const denying = changed((one) => {
      one['Effect'] = 'Deny';
      delete one['Condition'];
    });
    expect(changedBy(denying, [ADMINISTRATOR])).toEqual(['sts:GetCallerIdentity on *']);
  });
});
