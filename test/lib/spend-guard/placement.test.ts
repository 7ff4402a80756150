import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Template } from 'aws-cdk-lib/assertions';
import { isStackOutput } from '../../../core/in-path/config';
import { environmentNameProblems } from '../../../config/resource-names';
import { clientConfigFile } from '../../../lib/client-config';
import { environmentNameOf } from '../../../lib/environment-name';
import { ENV, guardIn, refusal, someApp, someStack } from '../../helpers/app-guard';
import { resourcesOf } from '../../helpers/stack';

const ROLE = { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') };

const warnings = (app: App, stack: Stack): string =>
  JSON.stringify(app.synth({ force: true }).getStackArtifact(stack.artifactId).messages);

describe('used twice in one stack', () => {
  test('two names, of the paths; each has its own resources, and both outputs are there', () => {
    const stack = someStack();
    const [first, second] = [guardIn(stack), guardIn(stack, {}, 'Batch')];
    expect([first.environmentName, second.environmentName]).toEqual(['MyApp-Guard', 'MyApp-Batch']);
    const { Outputs } = Template.fromStack(stack).toJSON() as { Outputs: object };
    expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(['GuardInvokerRoleArn', 'BatchInvokerRoleArn']));
  });

  test('both count all of the account: synth warns of it, and of nothing once each counts its own', () => {
    const app = someApp();
    const stack = someStack(app);
    guardIn(stack, { acceptOvershoot: 'why' });
    guardIn(stack, { acceptOvershoot: 'why' }, 'Batch');
    expect(warnings(app, stack)).toContain('counts all of the account, as does MyApp/Batch');
    const quiet = someApp();
    const apart = someStack(quiet);
    guardIn(apart, { meterWholeAccount: false });
    guardIn(apart, { meterWholeAccount: false }, 'Batch');
    expect(warnings(quiet, apart)).not.toContain('counts all of the account');
  });

  test.each(['dev', 'DEV'])('one name for both is refused, and says whose it is: %s', (environmentName) => {
    const stack = someStack();
    guardIn(stack, { environmentName: 'dev' });
    expect(refusal(() => guardIn(stack, { environmentName }, 'Batch'))).toContain(
      `MyApp/Batch: environmentName: must be another than that of MyApp/Guard, as both may be of one account, where a switch has its name in all Regions; got '${environmentName}'`,
    );
  });

  test('ids that differ in punctuation only would give two resources one logical id', () => {
    const stack = someStack();
    guardIn(stack, {}, 'my-guard');
    expect(refusal(() => guardIn(stack, { environmentName: 'other' }, 'myguard'))).toContain(
      'MyApp/myguard: id: must differ from that of MyApp/my-guard in letters or digits',
    );
  });
});

describe('used in two Regions', () => {
  const both = (names: readonly (string | undefined)[]) => {
    const app = someApp();
    return ['us-east-1', 'us-west-2'].map((region, at) =>
      guardIn(someStack(app, `App-${region}`, { env: { ...ENV, region } }), { environmentName: names[at] }),
    );
  };

  test('names differ by the stack, and nothing that is unique in an account is alike', () => {
    const [one, other] = both([undefined, undefined]);
    const names = [one!, other!].map((guard) =>
      ['AWS::IAM::ManagedPolicy', 'AWS::Budgets::Budget'].flatMap((type) =>
        Object.values(resourcesOf(Template.fromStack(Stack.of(guard)), type)).flatMap(({ Properties }) => [
          Properties['ManagedPolicyName'] as string,
          Properties['Budget']?.BudgetName as string,
        ]),
      ),
    );
    expect(names[0]!.filter((name) => name !== undefined && names[1]!.includes(name))).toEqual([]);
  });

  test('the same name is refused: the switch is of the account', () => {
    expect(refusal(() => both(['dev', 'dev']))).toContain('App-us-west-2/Guard: environmentName: must be another');
  });

  test('of two accounts it is taken', () => {
    const app = someApp();
    guardIn(someStack(app, 'A'), { environmentName: 'dev' });
    const other = someStack(app, 'B', { env: { region: 'us-east-1', account: '444455556666' } });
    expect(guardIn(other, { environmentName: 'dev' }).environmentName).toBe('dev');
  });
});

describe('in a nested stack', () => {
  const app = someApp();
  const parent = someStack(app);
  const nested = new NestedStack(parent, 'Nested');
  const role = new iam.Role(parent, 'Role', ROLE);
  const guard = guardIn(nested, { meterWholeAccount: false, principals: [role] });
  const { directory } = app.synth();
  const template = JSON.parse(readFileSync(path.join(directory, nested.templateFile), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    Outputs: object;
  };

  test('it is all there: custom resources with their fingerprints, fixed ids, tags', () => {
    const custom = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('Custom::SpendGuard'));
    expect(custom).toHaveLength(2);
    for (const { Properties } of custom) expect(Properties['TemplateFingerprint']).toMatch(/^[0-9a-f]{16}$/);
    expect(Object.keys(template.Resources)).toContain('GuardInvokerRole');
    const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    for (const { Properties } of functions) {
      expect(Properties['Tags']).toContainEqual({ Key: 'spend-guard:environment', Value: guard.environmentName });
    }
  });

  test('a role of the stack around it is held', () => {
    expect(JSON.stringify(template.Resources)).toMatch(/"HELD_PRINCIPALS":.*referencetoMyAppRole/);
  });

  test('neither stack refers to a resource of the other but by parameters and outputs', () => {
    for (const { templateFile } of [parent, nested]) {
      const { Resources, Parameters, Outputs } = JSON.parse(
        readFileSync(path.join(directory, templateFile), 'utf8'),
      ) as Record<'Resources' | 'Parameters' | 'Outputs', Record<string, unknown>>;
      const known = new Set([...Object.keys(Resources), ...Object.keys(Parameters)]);
      const named = [...JSON.stringify({ Resources, Outputs }).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([^"]+)"/g)];
      const unknown = named.map(([, id]) => id!).filter((id) => !known.has(id) && !id.startsWith('AWS::'));
      expect(unknown).toEqual([]);
    }
  });

  test('what the plugin is told names outputs of the stack that is deployed', () => {
    const file = path.join(directory, clientConfigFile(guard.environmentName));
    const config = JSON.parse(readFileSync(file, 'utf8')) as {
      leasesTable: unknown;
      models: readonly { profile?: unknown }[];
    };
    const named = [config.leasesTable, ...config.models.map(({ profile }) => profile)].filter((one) =>
      isStackOutput(one as never),
    ) as unknown as { stack: string; output: string }[];
    expect(named).toHaveLength(2);
    const { Outputs } = JSON.parse(readFileSync(path.join(directory, parent.templateFile), 'utf8')) as {
      Outputs: object;
    };
    for (const { stack, output } of named) {
      expect(stack).toBe('MyApp');
      expect(Object.keys(Outputs)).toContain(output);
    }
  });
});

describe('in a stage', () => {
  test('the name has the stage in it, and what is written for the plugin is in the assembly of the stage', () => {
    const app = someApp();
    const guards = ['Beta', 'Prod'].map((id) => guardIn(someStack(new Stage(app, id))));
    expect(guards.map((guard) => guard.environmentName)).toEqual(['Beta-MyApp-Guard', 'Prod-MyApp-Guard']);
    const assembly = app.synth().getNestedAssembly('assembly-Beta');
    const file = path.join(assembly.directory, clientConfigFile('Beta-MyApp-Guard'));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      leasesTable: { stack: 'Beta-MyApp', output: 'GuardLeasesTableName' },
    });
  });
});

describe('where synth does not know the Region, or knows it to be wrong', () => {
  test.each([
    ['a stack for any environment', {}, "MyApp/Guard: the stack's env.region: must be known at synth"],
    ['the line to write', {}, "new MyStack(app, 'MyStack', { env: { region: 'us-east-1' } })"],
    [
      'no Region of the list',
      { region: 'us-east-9' },
      "MyApp/Guard: the stack's env.region: must be an AWS Region such as us-east-1, got 'us-east-9'",
    ],
    [
      'a Region that lacks a type of resource',
      { region: 'eu-north-1' },
      'eu-north-1 does not offer AWS::Budgets::Budget',
    ],
  ])('%s', (_what, env, text) => {
    const stack = new Stack(someApp(), 'MyApp', { env });
    expect(refusal(() => guardIn(stack))).toContain(text);
  });

  test('an account that only a deployment knows is none that must be known', () => {
    const stack = new Stack(someApp(), 'MyApp', { env: { region: 'us-east-1' } });
    guardIn(stack);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain('"Ref":"AWS::AccountId"');
  });
});

describe('the name of a path', () => {
  test.each([
    [['MyApp', 'Guard'], 'MyApp-Guard'],
    [['MyApp', 'Default'], 'MyApp'],
    [['A'.repeat(18), 'Guard'], `${'A'.repeat(18)}-Guard`],
    [['A'.repeat(19), 'Guard'], /^A{15}-[0-9a-f]{8}$/],
    [['1st', 'Guard'], /^guard-1st-Guard-[0-9a-f]{8}$/],
    [['My_App', 'Guard'], /^My-App-Guard-[0-9a-f]{8}$/],
    [['MyApp', 'Guard--'], /^MyApp-Guard-[0-9a-f]{8}$/],
    [['Ünïcode', '日本'], /^n-code-[0-9a-f]{8}$/],
  ])('%p is a name that AWS takes', (ids, expected) => {
    const name = environmentNameOf(ids);
    expect(name).toMatch(expected);
    expect(environmentNameProblems(name)).toEqual([]);
  });

  test('two long ones differ, and each is the same again', () => {
    const [one, other] = ['a', 'b'].map((end) => environmentNameOf(['A'.repeat(30), end]));
    expect(one).not.toBe(other);
    expect(environmentNameOf(['A'.repeat(30), 'a'])).toBe(one);
  });

  test('a stack of a long name gets names that AWS takes', () => {
    const id = `Very-${'long-'.repeat(20)}name`;
    const guard = guardIn(someStack(someApp(), id));
    expect(environmentNameProblems(guard.environmentName)).toEqual([]);
  });
});
