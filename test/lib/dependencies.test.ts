import { templateOf, type Resource } from '../helpers/stack';

type Resources = Readonly<Record<string, Resource>>;
type Entry = readonly [id: string, resource: Resource];

const stacks = ['dev', 'staging', 'prod'].map((name) => [name, resourcesOf(name)] as const);

function resourcesOf(name: string): Resources {
  return templateOf(name).toJSON().Resources as Resources;
}

const ofType = (resources: Resources, ...types: readonly string[]) =>
  Object.entries(resources).filter(([, { Type }]) => types.includes(Type));

/** Logical ids that a value refers to. */
function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String(inner[0])];
    return referencesIn(inner);
  });
}

/** All that CloudFormation makes before a resource, and deletes after it. */
function outlives(resources: Resources, id: string, seen = new Set<string>()): ReadonlySet<string> {
  const { Properties, DependsOn = [] } = resources[id]!;
  for (const before of [...referencesIn(Properties), ...[DependsOn].flat()]) {
    if (!(before in resources) || seen.has(before)) continue;
    seen.add(before);
    outlives(resources, before, seen);
  }
  return seen;
}

/** Those of `needed` that may be gone while the resource is still there, or come after it. */
const missing = (resources: Resources, id: string, needed: readonly Entry[]) =>
  needed.filter(([one]) => !outlives(resources, id).has(one)).map(([one]) => `${id} before ${one}`);

describe.each(stacks)('%s: what a resource needs is made before it, and deleted after it', (_name, resources) => {
  test('trap 60: a schedule and its group', () => {
    const schedules = ofType(resources, 'AWS::Scheduler::Schedule');
    expect(schedules.length).toBeGreaterThanOrEqual(4);
    const group = ofType(resources, 'AWS::Scheduler::ScheduleGroup');
    expect(group).toHaveLength(1);
    expect(schedules.flatMap(([id]) => missing(resources, id, group))).toEqual([]);
  });

  test('whoever assumes a role, and all that the role may do', () => {
    const policies = ofType(resources, 'AWS::IAM::Policy');
    const rolesOf = ({ Properties }: Resource) =>
      referencesIn([
        Properties['Role'],
        Properties['ExecutionRoleArn'],
        (Properties['Target'] as { readonly RoleArn?: unknown } | undefined)?.RoleArn,
      ]);
    const assuming = Object.entries(resources).filter(([, resource]) => rolesOf(resource).length > 0);
    expect(new Set(assuming.map(([, { Type }]) => Type))).toEqual(
      new Set(['AWS::Lambda::Function', 'AWS::Scheduler::Schedule', 'AWS::Budgets::BudgetsAction']),
    );
    const raced = assuming.flatMap(([id, resource]) => {
      const roles = rolesOf(resource);
      const needed = policies.filter(([, { Properties }]) =>
        referencesIn(Properties['Roles']).some((role) => roles.includes(role)),
      );
      expect(needed).not.toEqual([]);
      return missing(resources, id, needed);
    });
    expect(raced).toEqual([]);
  });

  test('a function that buries what failed, and its leave to do so: Lambda looks when it is configured', () => {
    const configs = ofType(resources, 'AWS::Lambda::EventInvokeConfig');
    const burying = configs.filter(([, { Properties }]) => Properties['DestinationConfig'] !== undefined);
    expect(burying.length).toBeGreaterThanOrEqual(3);
    const raced = burying.flatMap(([id, { Properties }]) => {
      const [functionId] = referencesIn(Properties['FunctionName']);
      const roles = referencesIn(resources[functionId!]!.Properties['Role']);
      const needed = ofType(resources, 'AWS::IAM::Policy').filter(
        ([, policy]) =>
          referencesIn(policy.Properties['Roles']).some((role) => roles.includes(role)) &&
          JSON.stringify(policy.Properties).includes('sqs:SendMessage'),
      );
      expect(needed).toHaveLength(1);
      return missing(resources, id, needed);
    });
    expect(raced).toEqual([]);
  });

  test('whoever publishes to a topic, and the topic policy that lets it', () => {
    const publishers = ofType(
      resources,
      'AWS::CloudWatch::Alarm',
      'AWS::Budgets::Budget',
      'AWS::Budgets::BudgetsAction',
    );
    // The activity alarm publishes to nobody.
    const mute = publishers.filter(([, { Type, Properties }]) => Type.endsWith('Alarm') && !Properties['AlarmActions']);
    expect(mute).toHaveLength(1);
    const raced = publishers
      .filter((one) => !mute.includes(one))
      .flatMap(([id, { Properties }]) => {
        const used = referencesIn(Properties);
        const needed = ofType(resources, 'AWS::SNS::TopicPolicy').filter(([, policy]) =>
          referencesIn(policy.Properties['Topics']).some((topic) => used.includes(topic)),
        );
        expect(needed).toHaveLength(1);
        return missing(resources, id, needed);
      });
    expect(raced).toEqual([]);
  });

  test('a function, its log group and the tables that it writes to in its last run', () => {
    const functions = ofType(resources, 'AWS::Lambda::Function');
    const raced = functions.flatMap(([id, { Properties }]) => {
      const roles = referencesIn(Properties['Role']);
      const allowed = ofType(resources, 'AWS::IAM::Policy').filter(([, policy]) =>
        referencesIn(policy.Properties['Roles']).some((role) => roles.includes(role)),
      );
      const used = new Set(allowed.flatMap(([, policy]) => referencesIn(policy.Properties['PolicyDocument'])));
      const needed = ofType(
        resources,
        'AWS::Logs::LogGroup',
        'AWS::DynamoDB::GlobalTable',
        'AWS::SNS::Topic',
        'AWS::SQS::Queue',
        'AWS::IAM::ManagedPolicy',
      ).filter(([one]) => used.has(one));
      expect(needed.map(([, { Type }]) => Type)).toContain('AWS::Logs::LogGroup');
      return missing(resources, id, needed);
    });
    expect(raced).toEqual([]);
  });

  test('a custom resource and the whole of the function that serves it', () => {
    const custom = Object.entries(resources).filter(([, { Type }]) => Type.startsWith('Custom::'));
    expect(custom.length).toBeGreaterThanOrEqual(2);
    const raced = custom.flatMap(([id, { Properties }]) => {
      const [server] = referencesIn(Properties['ServiceToken']);
      const needed = [server!, ...outlives(resources, server!)].map((one) => [one, resources[one]!] as const);
      return missing(resources, id, needed);
    });
    expect(raced).toEqual([]);
  });
});
