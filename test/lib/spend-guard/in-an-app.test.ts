import {
  BootstraplessSynthesizer,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  NestedStack,
  PermissionsBoundary,
  RemovalPolicies,
  Stack,
  Stage,
  Tags,
  Token,
} from 'aws-cdk-lib';
import type { App, StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Template } from 'aws-cdk-lib/assertions';
import { BILLING_TAG } from '../../../core/tags';
import type { SpendGuard } from '../../../lib/spend-guard';
import { guardIn, someApp, someStack } from '../../helpers/app-guard';
import { checked } from '../../helpers/checked-app';
import { resourcesOf, roleIds } from '../../helpers/stack';

const SERVICE = { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') };

/** What synth says of a guard, by level. */
function said(app: App, guard: SpendGuard, level: 'info' | 'warning'): readonly string[] {
  const { messages } = app.synth({ force: true }).getStackByName(Stack.of(guard).stackName);
  return messages
    .filter((message) => (message.level as string) === level && message.id === `/${guard.node.path}`)
    .map(({ entry }) => entry.data as string);
}

const tagsOf = (template: Template, type: string) =>
  Object.values(resourcesOf(template, type)).map(
    ({ Properties }) => Properties['Tags'] as readonly { Key: string; Value: string }[] | undefined,
  );

describe('a permissions boundary of the app', () => {
  const BOUNDARY = 'arn:aws:iam::111122223333:policy/org';
  const meterOf = (stack: Stack) => {
    const template = Template.fromStack(stack);
    const [id] = roleIds(template, /spend-meter/);
    return resourcesOf(template, 'AWS::IAM::Role')[id!]!.Properties['PermissionsBoundary'] as unknown;
  };

  test.each([
    [
      'put on by PermissionsBoundary.of',
      (stack: Stack) =>
        iam.PermissionsBoundary.of(stack).apply(iam.ManagedPolicy.fromManagedPolicyArn(stack, 'Org', BOUNDARY)),
      {},
    ],
    ['given to the stack', () => undefined, { permissionsBoundary: PermissionsBoundary.fromArn(BOUNDARY) }],
  ] as readonly (readonly [string, (stack: Stack) => void, StackProps])[])(
    "%s takes the place of the meter's own, and synth says what it must allow",
    (_how, apply, props) => {
      const app = someApp();
      const stack = someStack(app, 'MyApp', props);
      const guard = guardIn(stack, { environmentName: 'dev' });
      apply(stack);
      expect(meterOf(stack)).toBe(BOUNDARY);
      expect(said(app, guard, 'warning').join()).toContain(
        "permissions boundary takes the place of the meter's own, which keeps its role to the switch: it must allow what docs/construct.md lists, iam:SetDefaultPolicyVersion on policy/spend-guard/spend-guard-switch-dev among it, or no stop works",
      );
    },
  );

  test('of the context is on every role, and said too', () => {
    const app = someApp({ '@aws-cdk/core:permissionsBoundary': { name: 'org' } });
    const guard = guardIn(someStack(app));
    const roles = Object.values(resourcesOf(Template.fromStack(Stack.of(guard)), 'AWS::IAM::Role'));
    for (const { Properties } of roles)
      expect(JSON.stringify(Properties['PermissionsBoundary'])).toContain('policy/org');
    expect(said(app, guard, 'warning').join()).toContain("takes the place of the meter's own");
  });

  test('without one the meter has its own, and nothing is said', () => {
    const app = someApp();
    const guard = guardIn(someStack(app), { acceptOvershoot: 'why' });
    expect(meterOf(Stack.of(guard))).toEqual({ Ref: expect.stringContaining('Boundary') as string });
    expect(said(app, guard, 'warning')).toEqual([]);
  });
});

describe("the bootstrap is the app's", () => {
  test.each([
    ['a qualifier', new DefaultStackSynthesizer({ qualifier: 'abc123' }), 'cdk-abc123-assets-'],
    [
      'a bucket, a prefix and a role of its own',
      new DefaultStackSynthesizer({
        fileAssetsBucketName: 'my-assets',
        bucketPrefix: 'x/',
        cloudFormationExecutionRole: 'arn:aws:iam::111122223333:role/deploys',
      }),
      'my-assets',
    ],
    [
      'the credentials of whoever deploys',
      new CliCredentialsStackSynthesizer({ qualifier: 'abc123' }),
      'cdk-abc123-assets-',
    ],
  ])('%s: nothing assumes the usual one', (_what, synthesizer, bucket) => {
    const stack = someStack(someApp(), 'MyApp', { synthesizer });
    guardIn(stack);
    // What CDK itself adds to a stack is not in it.
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: object };
    const buckets = JSON.stringify(Resources).match(/cdk-\w+-assets-|my-assets/g)!;
    expect([...new Set(buckets)]).toEqual([bucket]);
    expect(/hnb659fds/.exec(JSON.stringify(Resources))).toBeNull();
  });
});

test('a stack that takes no assets is refused by CDK itself', () => {
  const stack = someStack(someApp(), 'MyApp', { synthesizer: new BootstraplessSynthesizer() });
  expect(() => guardIn(stack)).toThrow(/Cannot add assets to a Stack that uses the BootstraplessSynthesizer/);
});

describe('what an app does to all of its stacks', () => {
  test('tags are on the guard beside its own, and the tag of the bill on the profiles alone', () => {
    const app = someApp();
    const stack = someStack(app);
    const guard = guardIn(stack, { meterWholeAccount: false });
    new iam.Role(stack, 'Role', SERVICE);
    Tags.of(app).add('team', 'search');
    const template = Template.fromStack(stack);
    const profiles = tagsOf(template, 'AWS::Bedrock::ApplicationInferenceProfile');
    expect(profiles.filter((tags) => tags!.some(({ Key }) => Key === BILLING_TAG))).toHaveLength(1);
    const functions = tagsOf(template, 'AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(5);
    for (const tags of functions) {
      expect(tags).toContainEqual({ Key: 'team', Value: 'search' });
      expect(tags).toContainEqual({ Key: 'spend-guard:environment', Value: guard.environmentName });
      expect(tags!.map(({ Key }) => Key)).toContain('spend-guard:function');
    }
    const role = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).find(([id]) => /^Role[0-9A-F]{8}$/.test(id));
    expect(role![1].Properties['Tags']).toEqual([{ Key: 'team', Value: 'search' }]);
  });

  test('termination protection is its own affair', () => {
    const stack = someStack(someApp(), 'MyApp', { terminationProtection: true });
    guardIn(stack, { production: true });
    expect(stack.terminationProtection).toBe(true);
  });

  test('a policy that removes all takes the state with it, and nothing is said', () => {
    const app = someApp();
    const guard = guardIn(someStack(app), { production: true, acceptOvershoot: 'why' });
    RemovalPolicies.of(app).destroy();
    const tables = Object.values(resourcesOf(Template.fromStack(Stack.of(guard)), 'AWS::DynamoDB::GlobalTable'));
    expect(tables.map((one) => (one as { DeletionPolicy?: string }).DeletionPolicy)).toEqual(['Delete', 'Delete']);
    expect(said(app, guard, 'warning')).toEqual([]);
  });

  test('a policy that keeps all would let nobody go: said', () => {
    const app = someApp();
    const guard = guardIn(someStack(app), { acceptOvershoot: 'why' });
    RemovalPolicies.of(app).retain();
    expect(said(app, guard, 'warning').join()).toContain('when the stack goes, and with it nobody is let go');
  });
});

describe('cdk-nag over the app', () => {
  test.each([
    ['in a stack of the app', (app: App) => someStack(app)],
    ['in a nested one', (app: App) => new NestedStack(someStack(app), 'Nested')],
    ['in a stage', (app: App) => someStack(new Stage(app, 'Beta'))],
    ['where the account is not known', (app: App) => new Stack(app, 'Any', { env: { region: 'us-east-1' } })],
  ])('finds nothing that is not acknowledged with a reason %s', (_where, scopeIn) => {
    const app = checked(someApp());
    const stack = scopeIn(app);
    const role = new iam.Role(stack, 'Role', SERVICE);
    const props = {
      largeModels: ['us.meta.llama3-3-70b-instruct-v1:0'],
      meterWholeAccount: false,
      acceptOvershoot: 'why',
    };
    guardIn(stack, { ...props, principals: [iam.Role.fromRoleName(stack, 'Named', 'app')] }).grantInvoke(role);
    guardIn(stack, props, 'More').metricSpend();
    // What the guard does to the role of the app is the app's to judge: an action on one resource.
    expect(() => app.synth()).not.toThrow();
  });

  test('nor where principals are so many that everybody of a kind is meant', () => {
    const app = checked(someApp());
    const stack = someStack(app);
    const guard = guardIn(stack, { acceptOvershoot: 'why' });
    for (let at = 0; at < 30; at++) guard.hold(new iam.Role(stack, `Role${at}`, SERVICE));
    expect(() => app.synth()).not.toThrow();
  });
});

test('nothing that is written for people has a token in it', () => {
  const app = someApp();
  const stack = someStack(app);
  const guard = guardIn(stack, { principals: [new iam.Role(stack, 'Role', SERVICE)] });
  const texts = [...said(app, guard, 'info'), ...said(app, guard, 'warning')];
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) expect(Token.isUnresolved(text)).toBe(false);
});
