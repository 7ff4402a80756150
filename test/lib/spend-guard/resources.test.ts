import { CfnParameter, NestedStack, Stack, Token } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Template } from 'aws-cdk-lib/assertions';
import { withDefaults } from '../../../config/defaults';
import { parseCostCheckEnv } from '../../../lambda/cost-check/env';
import { SpendGuard } from '../../../lib/spend-guard';
import { SpendGuardConfig } from '../../../lib/spend-guard-config';
import { ENV, FOUR, guardIn, someApp, someStack } from '../../helpers/app-guard';
import { checked } from '../../helpers/checked-app';
import { actionsOf, granting, toldTo } from '../../helpers/stack';
import { FROM, grantsOf, identity, NAME, named, resourcesFor, said } from './asked';

describe('a guard made of props is the one that a config makes', () => {
  const written = { monthlyLimitUsd: 50, owner: FOUR.owner, models: FOUR.models, region: ENV.region };

  /** The names of environment and construct are the same in both: so are the templates, to the hash of each function's code. */
  function both(props: (stack: Stack) => object, environment: object): readonly [object, object] {
    const byProps = someStack();
    guardIn(byProps, { environmentName: 'dev', acceptOvershoot: 'why', ...props(byProps) });
    const byConfig = someStack();
    const dev = { ...withDefaults({ ...written, acceptOvershoot: 'why', ...environment }), account: ENV.account };
    new SpendGuard(byConfig, 'Guard', SpendGuardConfig.of({ environments: { dev } }).props('dev'));
    return [Template.fromStack(byProps).toJSON(), Template.fromStack(byConfig).toJSON()];
  }

  const report = { at: '08:00', timeZone: 'UTC' };
  test.each<[string, (stack: Stack) => object, object]>([
    ['none of them', () => ({}), {}],
    ['the log', (stack) => ({ invocationLogs: named(stack) }), { spenders: { invocationLogs: { logGroup: NAME } } }],
    ['the tag', () => ({ principalTag: 'team' }), { spenders: { principalTag: 'team' } }],
    [
      'both',
      (stack) => ({ invocationLogs: named(stack), principalTag: 'team' }),
      { spenders: { principalTag: 'team', invocationLogs: { logGroup: NAME } } },
    ],
    ['the address', () => ({ reportFrom: FROM }), { report: { ...report, html: { from: FROM } } }],
    [
      'the address and what is verified',
      (stack) => ({ reportFrom: FROM, reportIdentity: identity(stack, 'example.org'), reportAt: '07:30' }),
      { report: { ...report, at: '07:30', html: { from: FROM, identity: 'example.org' } } },
    ],
  ])('to the hash of each function’s code: with %s', (_what, props, environment) => {
    const [byProps, byConfig] = both(props, environment);
    expect(byProps).toEqual(byConfig);
  });
});

describe('without them', () => {
  const stack = someStack();
  guardIn(stack);
  const { all } = grantsOf(stack);

  test('nobody may read a log, or mail', () => {
    const actions = all.flatMap(actionsOf);
    expect(actions).toContain('ce:GetCostAndUsage');
    expect(actions.filter((one) => /^(ses:|logs:(Start|Stop|Get)Query)/.test(one))).toEqual([]);
  });

  test('the report is told of none, as where they are null', () => {
    const none = someStack();
    guardIn(none, { invocationLogs: null, principalTag: null, reportFrom: null, reportIdentity: null });
    for (const one of [stack, none]) {
      const told = toldTo(one, 'cost-check');
      expect(Object.keys(told).filter((name) => /^(SPENDERS_|REPORT_FROM|REPORT_TO)/.test(name))).toEqual([]);
    }
  });
});

describe('the log group', () => {
  test('of the same stack is told by its reference, and it alone may be queried', () => {
    const stack = someStack();
    guardIn(stack, { invocationLogs: new logs.LogGroup(stack, 'Invocations'), principalTag: 'team' });
    expect(parseCostCheckEnv(toldTo(stack, 'cost-check'))).toMatchObject({
      SPENDERS_LOG_GROUP: expect.stringMatching(/^Invocations[0-9A-F]{8}$/) as string,
      SPENDERS_TAG: 'team',
    });
    const { own, all } = grantsOf(stack);
    expect(resourcesFor(own, 'logs:StartQuery')).toEqual([
      expect.stringMatching(/:logs:us-east-1:111122223333:log-group:",\{"Ref":"Invocations[0-9A-F]{8}"\}\]\]\}$/),
      expect.stringMatching(/:log-group:",\{"Ref":"Invocations[0-9A-F]{8}"\},":\*"\]\]\}$/),
    ]);
    expect(granting(all, 'logs:StartQuery')).toHaveLength(1);
  });

  test('whose name only a parameter has is told by that', () => {
    const stack = someStack();
    const name = new CfnParameter(stack, 'LogName').valueAsString;
    guardIn(stack, { invocationLogs: named(stack, name) });
    expect(toldTo(stack, 'cost-check')['SPENDERS_LOG_GROUP']).toBe('LogName');
  });

  test('that is named is known at synth: beside the code, and in no variable', () => {
    const stack = someStack();
    guardIn(stack, { invocationLogs: named(stack) });
    expect(toldTo(stack, 'cost-check')['SPENDERS_LOG_GROUP']).toBe(NAME);
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('SPENDERS_LOG_GROUP');
    expect(resourcesFor(grantsOf(stack).own, 'logs:StartQuery')).toEqual([
      expect.stringContaining(`:log-group:${NAME}"`),
      expect.stringContaining(`:log-group:${NAME}:*"`),
    ]);
  });

  test.each<[string, (stack: Stack, own: Stack) => readonly [Stack, Stack]]>([
    ['of the same stack', (stack) => [stack, stack]],
    ['of another stack', (stack, own) => [stack, own]],
    ['of the stack around a nested one', (stack) => [new NestedStack(stack, 'Nested'), stack]],
    ['of a nested stack', (stack) => [stack, new NestedStack(stack, 'Nested')]],
  ])('%s leaves cdk-nag nothing that is not acknowledged, and synth no token to tell', (_where, places) => {
    const app = checked(someApp());
    const stack = someStack(app);
    const [guarded, own] = places(stack, someStack(app, 'Own'));
    const guard = guardIn(guarded, { invocationLogs: new logs.LogGroup(own, 'Invocations'), acceptOvershoot: 'why' });
    const { messages } = app.synth().getStackByName(stack.stackName);
    const texts = messages.filter(({ id }) => id === `/${guard.node.path}`).map(({ entry }) => entry.data as string);
    expect(texts.join('\n')).toContain('Logs Insights reads each day of the invocation log once');
    for (const text of texts) expect(Token.isUnresolved(text)).toBe(false);
  });

  test.each<[string, (stack: Stack) => unknown, string]>([
    [
      'text',
      () => NAME,
      `must be a log group, such as logs.LogGroup.fromLogGroupName(this, 'Invocations', '/bedrock/invocations'), got '${NAME}'`,
    ],
    ['what the config has', () => ({ logGroup: NAME }), 'must be a log group, such as '],
    [
      'that of CloudFormation alone',
      (stack) => new logs.CfnLogGroup(stack, 'L', { logGroupName: NAME }),
      'must be a log group, such as ',
    ],
    ['a list', (stack) => [named(stack)], 'must be a log group, such as '],
    [
      'with a blank',
      (stack) => named(stack, '/bedrock invocations'),
      'must be the name of a log group such as /bedrock/invocations',
    ],
    ['of all names', (stack) => named(stack, '*'), "the name, not the ARN, and no wildcard, got '*'"],
    [
      'whose name is its ARN',
      (stack) => named(stack, `arn:aws:logs:us-east-1:111122223333:log-group:${NAME}`),
      'the name, not the ARN',
    ],
    [
      'of another Region',
      (stack) => logs.LogGroup.fromLogGroupArn(stack, 'L', `arn:aws:logs:us-west-2:111122223333:log-group:${NAME}`),
      'is of Region us-west-2, and the guard looks in that of its stack alone, us-east-1',
    ],
    [
      'of another account',
      (stack) => logs.LogGroup.fromLogGroupArn(stack, 'L', `arn:aws:logs:us-east-1:444455556666:log-group:${NAME}`),
      'is of account 444455556666, and the guard looks in that of its stack alone, 111122223333',
    ],
    [
      'of a stack of another Region',
      (stack) => new logs.LogGroup(new Stack(stack.node.root, 'Far', { env: { ...ENV, region: 'eu-west-1' } }), 'L'),
      'is of Region eu-west-1, and the guard looks',
    ],
    [
      'of a class of which Logs Insights finds no fields',
      (stack) => new logs.LogGroup(stack, 'L', { logGroupClass: logs.LogGroupClass.INFREQUENT_ACCESS }),
      'must be of the class STANDARD, as Logs Insights finds no fields in another, got INFREQUENT_ACCESS',
    ],
  ])('is refused: %s', (_what, of, text) => {
    const found = said((stack) => ({ invocationLogs: of(stack) }));
    expect(found).toMatch(/^SpendGuard: 1 problem\n {2}MyApp\/Guard: invocationLogs: /);
    expect(found).toContain(text);
  });

  test('of the class that is the default, by its name: taken', () => {
    const logGroupClass = logs.LogGroupClass.STANDARD;
    expect(said((stack) => ({ invocationLogs: new logs.LogGroup(stack, 'L', { logGroupClass }) }))).toBe('nothing');
  });

  test('by its ARN, where that is of the stack: taken', () => {
    const arn = `arn:aws:logs:us-east-1:111122223333:log-group:${NAME}:*`;
    expect(said((stack) => ({ invocationLogs: logs.LogGroup.fromLogGroupArn(stack, 'L', arn) }))).toBe('nothing');
  });

  test('where synth does not know the account of the stack, one of an account is refused, and a name is taken', () => {
    const anywhere = () => new Stack(someApp(), 'MyApp', { env: { region: 'us-east-1' } });
    const arn = `arn:aws:logs:us-east-1:444455556666:log-group:${NAME}`;
    expect(said((stack) => ({ invocationLogs: logs.LogGroup.fromLogGroupArn(stack, 'L', arn) }), anywhere())).toContain(
      "is of account 444455556666, and the stack's is not known at synth: give the stack env: { account: '444455556666'",
    );
    expect(said((stack) => ({ invocationLogs: named(stack) }), anywhere())).toBe('nothing');
    expect(said((stack) => ({ invocationLogs: new logs.LogGroup(stack, 'L') }), anywhere())).toBe('nothing');
  });
});

describe('the tag of principals is refused in the words of the props', () => {
  test.each([
    ['', "must be the key of a tag of IAM roles and users, got ''"],
    ['a b', "must be the key of a tag of IAM roles and users, got 'a b'"],
    ['x'.repeat(129), 'must be the key of a tag of IAM roles and users, got '],
    ['iamPrincipal/team', "must be the key as IAM has it, without iamPrincipal/: 'team'"],
    ['aws:createdBy', 'must be a key of your own, as aws: is reserved'],
    [7, 'must be a string, got 7'],
    [Token.asString({ Ref: 'X' }), 'must be known at synth, got a token'],
  ])('%p', (principalTag, text) => {
    const found = said(() => ({ principalTag }));
    expect(found).toContain(`SpendGuard: 1 problem\n  MyApp/Guard: principalTag: ${text}`);
  });

  test('of as many letters as a key may have: taken', () => {
    expect(said(() => ({ principalTag: 'x'.repeat(128) }))).toBe('nothing');
  });
});

test('a mistake in one of them hides none in another', () => {
  const found = said((stack) => ({
    ...{ invocationLogs: named(stack, '*'), principalTag: 'aws:x' },
    ...{ reportAt: '7', reportFrom: FROM, reportIdentity: identity(stack, 'example.com') },
  }));
  expect(found).toMatch(/^SpendGuard: 4 problems\n/);
  for (const text of [
    'invocationLogs: must be the name of a log group',
    'principalTag: must be a key of your own',
    "reportAt: must be a time of day such as 08:00, got '7'",
    'reportIdentity: must be what reportFrom is verified by',
  ]) {
    expect(found).toContain(`MyApp/Guard: ${text}`);
  }
});
