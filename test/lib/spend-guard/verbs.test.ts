import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Template } from 'aws-cdk-lib/assertions';
import { loadConfig } from '../../../client/config';
import { ESTIMATES_METADATA, type Estimates } from '../../../core/estimates/assembly-metadata';
import { clientConfigFile } from '../../../lib/client-config';
import { countBillable } from '../../../lib/self-cost';
import { NOTES_ARE_SAID } from '../../../lib/synth-notes';
import { guardIn, refusal, someApp, someStack } from '../../helpers/app-guard';
import { resourcesOf, statementsOf, toldTo } from '../../helpers/stack';

const SERVICE = { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') };
const OTHER = 'arn:aws:iam::444455556666:role/ci';

interface Trust {
  readonly Effect: string;
  readonly Action: string;
  readonly Principal: unknown;
}

const trustOf = (stack: Stack, id = 'GuardInvokerRole') =>
  resourcesOf(Template.fromStack(stack), 'AWS::IAM::Role')[id]!.Properties['AssumeRolePolicyDocument']
    .Statement as readonly Trust[];

describe('who may assume the invoker role', () => {
  test.each([
    ['grantInvoke', (guard: ReturnType<typeof guardIn>, role: iam.Role) => guard.grantInvoke(role)],
    ["CDK's own verb", (guard: ReturnType<typeof guardIn>, role: iam.Role) => guard.invokerRole.grantAssumeRole(role)],
  ])('by %s: it is trusted, and permitted', (_verb, grant) => {
    const stack = someStack();
    const role = new iam.Role(stack, 'Role', SERVICE);
    const guard = guardIn(stack);
    grant(guard, role);
    const id = stack.getLogicalId(role.node.defaultChild as iam.CfnRole);
    expect(trustOf(stack)).toContainEqual({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: { 'Fn::GetAtt': [id, 'Arn'] } },
    });
    expect(statementsOf(Template.fromStack(stack), id)).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: { 'Fn::GetAtt': ['GuardInvokerRole', 'Arn'] } },
    ]);
  });

  test('by trustedBy: an ARN of any account, and one that only a deployment knows', () => {
    const stack = someStack();
    const role = new iam.Role(stack, 'Role', SERVICE);
    guardIn(stack, { trustedBy: [OTHER, role.roleArn] });
    const trusted = JSON.stringify(trustOf(stack).map(({ Principal }) => Principal));
    expect(trusted).toContain(OTHER);
    expect(trusted).toMatch(/"Fn::GetAtt":\["Role[0-9A-F]{8}","Arn"\]/);
  });

  test('nobody of the app, where nothing is said: the health check alone', () => {
    const stack = someStack();
    guardIn(stack);
    expect(trustOf(stack)).toHaveLength(1);
    expect(JSON.stringify(trustOf(stack))).toContain('HealthCheckRole');
  });

  test('a function by its role', () => {
    const stack = someStack();
    const app = new lambda.Function(stack, 'App', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline('exports.handler = () => 1'),
    });
    guardIn(stack).grantInvoke(app);
    expect(JSON.stringify(trustOf(stack))).toContain('AppServiceRole');
  });

  test.each([
    ['a group', (stack: Stack) => new iam.Group(stack, 'Group'), 'no group of IAM can assume one'],
    ['a service', () => new iam.ServicePrincipal('ecs-tasks.amazonaws.com'), 'got ServicePrincipal'],
    ['a whole account', () => new iam.AccountPrincipal('444455556666'), 'got AccountPrincipal'],
  ] as readonly (readonly [string, (stack: Stack) => iam.IGrantable, string])[])('%s is refused', (_who, of, text) => {
    const stack = someStack();
    const guard = guardIn(stack);
    expect(refusal(() => guard.grantInvoke(of(stack)))).toContain(
      'MyApp/Guard: grantInvoke: must be a role or a user, or what has a role',
    );
    expect(refusal(() => guard.grantInvoke(of(new Stack(stack, 'Other'))))).toContain(text);
  });
});

describe('what is called', () => {
  test('the model itself, or its profile in the Region, where all of the account counts', () => {
    const guard = guardIn(someStack(), { largeModels: ['meta.llama3-3-70b-instruct-v1:0'] });
    expect(guard.modelId('amazon.nova-lite-v1:0')).toMatch(/^(us\.)?amazon\.nova-lite-v1:0$/);
    expect(guard.modelId('meta.llama3-3-70b-instruct-v1:0')).toMatch(/^(us\.)?meta\.llama3-3-70b-instruct-v1:0$/);
  });

  test("the guard's own profile, where its own profiles count", () => {
    const stack = someStack();
    const id = guardIn(stack, { meterWholeAccount: false }).modelId('amazon.nova-lite-v1:0');
    expect(stack.resolve(id)).toEqual({
      'Fn::GetAtt': [expect.stringContaining('ProfilesAmazonNovaLiteV10'), 'InferenceProfileArn'],
    });
  });

  test('another model is refused, by the names of those that there are', () => {
    expect(refusal(() => guardIn(someStack()).modelId('x'))).toContain(
      "MyApp/Guard: modelId: must be one of amazon.nova-lite-v1:0, got 'x'",
    );
  });
});

describe('the metric of the spend', () => {
  const told = (stack: Stack) => toldTo(stack, 'spend-meter')['ASKED_METRICS'];

  test('is sent once it is asked for, by this guard and no other, and counted in what the guard costs', () => {
    const stack = someStack();
    const [guard, quiet] = [guardIn(stack), guardIn(someStack(someApp(), 'Other'))];
    const before = countBillable(guard).customMetricHours;
    expect(told(Stack.of(quiet))).toBeUndefined();
    const metric = guard.metricSpend({ label: 'Spend' });
    guard.metricSpend();
    expect(metric).toMatchObject({
      namespace: 'SpendGuard',
      metricName: 'MeterMonthToDateUsd',
      dimensions: { Environment: 'MyApp-Guard' },
      statistic: 'Maximum',
      label: 'Spend',
    });
    expect(told(stack)).toBe('["MeterMonthToDateUsd"]');
    expect(told(Stack.of(quiet))).toBeUndefined();
    expect(countBillable(guard).customMetricHours).toBe(before + 24 * 31);
  });
});

describe('what synth writes and says', () => {
  const read = (context: Record<string, unknown> = {}, props: object = {}) => {
    const app = someApp(context);
    const stack = someStack(app);
    const guard = guardIn(stack, props);
    const assembly = app.synth();
    const { messages, manifest } = assembly.getStackByName('MyApp');
    const file = path.join(assembly.directory, manifest.additionalMetadataFile!);
    const metadata = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { type: string; data: unknown }[]>;
    const texts = (level: string) =>
      messages.filter((message) => (message.level as string) === level).map(({ entry }) => entry.data as string);
    return { guard, stack, assembly, metadata, infos: texts('info'), warnings: texts('warning') };
  };

  test('estimates where diff looks for them', () => {
    const { metadata } = read();
    const written = metadata['/MyApp']!.filter(({ type }) => type === ESTIMATES_METADATA);
    expect(written).toHaveLength(1);
    const { ownCost, overshoot } = written[0]!.data as Estimates;
    expect(ownCost.length).toBeGreaterThan(3);
    expect(overshoot.known).not.toBe('unknown');
  });

  test('of several guards in a stack, each beside itself: nobody takes one for all', () => {
    const app = someApp();
    const stack = someStack(app);
    guardIn(stack);
    guardIn(stack, {}, 'Batch');
    const { manifest } = app.synth().getStackByName('MyApp');
    const file = path.join(app.outdir, manifest.additionalMetadataFile!);
    const metadata = JSON.parse(readFileSync(file, 'utf8')) as object;
    const places = Object.entries(metadata).filter(([, all]) => JSON.stringify(all).includes(ESTIMATES_METADATA));
    expect(places.map(([at]) => at).sort()).toEqual(['/MyApp/Batch', '/MyApp/Guard']);
  });

  test("the plugin's file, which the plugin takes once the outputs are known", () => {
    const { guard, assembly, stack } = read({}, { meterWholeAccount: false });
    const file = path.join(assembly.directory, clientConfigFile(guard.environmentName));
    const config = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof loadConfig>[0]['config'];
    const { Outputs } = Template.fromStack(stack).toJSON() as { Outputs: Record<string, unknown> };
    const outputs = Object.fromEntries(Object.keys(Outputs).map((output) => [output, `value of ${output}`]));
    expect(loadConfig({ config, outputs: { MyApp: outputs } })).toMatchObject({
      leasesTable: 'value of GuardLeasesTableName',
      environment: 'MyApp-Guard',
    });
  });

  test('once, what is guarded, what to know and what it costs', () => {
    const { infos } = read();
    expect(infos).toHaveLength(1);
    expect(infos[0]).toContain(
      'MyApp-Guard: $50.00 a month, nonProduction, us-east-1; budgets action at 95%, after a person approves',
    );
    expect(infos[0]).toContain(
      'nobody may assume the invoker role yet: name somebody in trustedBy, or by the verb grantInvoke',
    );
    expect(infos[0]).toContain('nobody is held but who assumes the invoker role');
  });

  test('nothing but warnings in an app that says it itself', () => {
    const { infos } = read({ [NOTES_ARE_SAID]: true });
    expect(infos).toEqual([]);
  });

  test('an estimate above the limit is a warning until somebody says why; the reason is in the notes then', () => {
    const large = { largeModels: ['amazon.nova-pro-v1:0'] };
    const open = read({}, large);
    expect(open.warnings.join()).toMatch(
      /\$[\d,.]+ may be spent before a stop holds, by an estimate of \d+% of the limit/,
    );
    expect(open.infos.join()).not.toContain('nobody has said why');
    const said = read({}, { ...large, acceptOvershoot: 'we never use as much' });
    expect(said.warnings).toEqual([]);
    expect(said.infos.join()).toContain('Accepted: we never use as much');
  });

  test('what a verb has seen to since is not missed', () => {
    const app = someApp();
    const stack = someStack(app);
    const role = new iam.Role(stack, 'Role', SERVICE);
    const guard = guardIn(stack);
    guard.grantInvoke(role);
    guard.hold(role);
    const said = JSON.stringify(app.synth().getStackByName('MyApp').messages);
    expect(said).not.toContain('nobody may assume');
    expect(said).not.toContain('nobody is held');
  });

  test('a dry run is said', () => {
    expect(read({}, { enforce: false }).infos.join()).toContain('enforce is false: a dry run');
  });
});

test('an app may be synthesized twice', () => {
  const app = new App({ analyticsReporting: false });
  guardIn(someStack(app));
  const [first, second] = [app.synth(), app.synth({ force: true })].map((one) => one.getStackByName('MyApp').messages);
  expect(second!.length).toBe(first!.length);
});
