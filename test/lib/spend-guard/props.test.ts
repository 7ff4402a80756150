import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CfnParameter, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SpendGuard } from '../../../lib/spend-guard';
import { BillAction, OnBlind, type SpendGuardProps } from '../../../lib/spend-guard-props';
import { PROPS } from '../../../lib/props-shape';
import { usd, Usd } from '../../../lib/usd';
import { FOUR, guardIn, refusal, someStack } from '../../helpers/app-guard';

const PAGER = { name: 'pager', kind: 'pagerDuty', secret: 'ssm:/spend-guard/pager' };

const said = (props: object) => refusal(() => guardIn(someStack(), props));

describe('an amount', () => {
  test.each([
    ['0', usd(0), 'must be more than 0, got 0'],
    ['negative', usd(-5), 'must be more than 0, got -5'],
    ['no number', usd(Number.NaN), 'must be a number, got NaN'],
    ['infinite', usd(Infinity), 'must be a number'],
    ['less than a cent', usd(0.001), 'must have at most two decimals, got 0.001'],
    ['between two cents', usd(50.005), 'must have at most two decimals, got 50.005'],
    ['above a million', usd(1_000_000.01), 'must be at most 1000000, got 1000000.01'],
    ['a number alone', 50, 'must be an amount such as usd(50), got 50'],
    ['text', '50', "must be an amount such as usd(50), got '50'"],
    ['nothing', undefined, 'must be given, as in { monthlyLimit: usd(50)'],
  ])('%s is refused by the name of the construct and of the prop', (_what, monthlyLimit, text) => {
    expect(said({ monthlyLimit })).toContain(`MyApp/Guard: monthlyLimit: ${text}`);
  });

  test.each([usd(0.01), Usd.of(12.5), usd(1_000_000)])('%p is taken', (monthlyLimit) => {
    expect(said({ monthlyLimit, acceptOvershoot: 'why' })).toBe('nothing');
  });

  test('of the account is refused by its own name', () => {
    expect(said({ accountWideLimit: usd(0) })).toContain('MyApp/Guard: accountWideLimit: must be more than 0, got 0');
  });
});

describe('what is wrong has the names of the props', () => {
  test.each([
    [{ owner: 'team' }, "owner: must be a mail address such as team@example.com, got 'team'"],
    [{ budgetOwner: 'me' }, "budgetOwner: must be a mail address such as team@example.com, got 'me'"],
    [{ models: [] }, 'models: must have at least 1 entries, got []'],
    [{ models: ['amazon.nova-lite-v1:0', 'amazon.nova-litte-v1:0'] }, 'models[1]: '],
    [{ models: ['amazon.nova-litte-v1:0'] }, 'amazon.nova-lite-v1:0'],
    [{ models: 'amazon.nova-lite-v1:0' }, "models: must be a list in [ ], got 'amazon.nova-lite-v1:0'"],
    [{ models: undefined }, 'models: must be given, as in {'],
    [{ largeModels: ['amazon.nova-lite-v1:0'] }, "largeModels[0]: repeats models[0], got 'amazon.nova-lite-v1:0'"],
    [{ largeModels: ['x'] }, 'largeModels[0]: '],
    [{ alertAtPercent: [50, 50] }, 'alertAtPercent[1]: must exceed 50 (alertAtPercent[0]), got 50'],
    [
      { stopAtPercent: 101 },
      'stopAtPercent: must be at most 100, got 101; to go above the limit on purpose, say why in allowAboveLimit',
    ],
    [{ degradeAtPercent: 95 }, 'degradeAtPercent: must be less than stopAtPercent (95)'],
    [{ dailyLimitPercent: 0 }, 'dailyLimitPercent: must be more than 0, got 0'],
    [{ runawayBrakePercentPerHour: 101 }, 'runawayBrakePercentPerHour: must be at most 100, got 101'],
    [{ meterRegions: ['us-west-2'] }, "meterRegions: must contain the environment's own Region, us-east-1"],
    [{ dataRegions: ['moon'] }, "dataRegions[0]: must be an AWS Region such as us-east-1, got 'moon'"],
    [
      { hubBusArn: 'spend-guard-hub' },
      "hubBusArn: must be the ARN of an event bus, HubBusArn among the outputs of the hub's stack, got 'spend-guard-hub'",
    ],
    [{ channels: [{ kind: 'slack' }] }, 'channels[0].name: must be given, a name such as finance'],
    [{ channels: ['finance'] }, 'channels[0].name: must be given, a name such as finance'],
    [
      { channels: [PAGER, { ...PAGER, secret: 'ssm:/other' }] },
      'channels[1].name: repeats channels[0]: each needs a name of its own',
    ],
    [
      { channels: [{ ...PAGER, secret: undefined }] },
      'channels.pager.secret: must be where a secret is: ssm:/spend-guard/slack or secretsmanager:spend-guard/slack',
    ],
    [
      { channels: [{ ...PAGER, secret: 'R0123456789abcdef0123456789abcde' }] },
      'got a key of 32 characters, as PagerDuty has them, which is not shown',
    ],
    [{ channels: [{ ...PAGER, kind: 'pagerduty' }] }, "got 'pagerduty'; nearest: 'pagerDuty'"],
    [
      { channels: [{ ...PAGER, url: 'https://x.example.com' }] },
      'channels.pager.url: is not a setting; allowed here: ',
    ],
    [{ channels: 'finance' }, "channels: must be a list in [ ], got 'finance'"],
    [{ reportAt: '8' }, "reportAt: must be a time of day such as 08:00, got '8'"],
    [{ timeZone: 'Berlin' }, "timeZone: must be an IANA time zone such as America/Sao_Paulo, got 'Berlin'"],
    [{ environmentName: 'x'.repeat(25) }, 'environmentName: is no name for an environment'],
    [{ environmentName: 'a--b' }, 'environmentName: is no name for an environment'],
    [{ permissionSets: ['AWSReservedSSO_Dev_0123'] }, "permissionSets[0]: must be a permission set's own name"],
    [{ trustedBy: ['arn:aws:iam::111122223333:root'] }, 'trustedBy[0]: must be a role or a user'],
    [{ trustedBy: ['app'] }, 'trustedBy[0]: must be the ARN of an IAM role or user'],
    [
      { trustedGitHub: { repository: 'x', subject: '*' } },
      'trustedGitHub.repository: must be a repository such as owner/name',
    ],
    [{ production: true, billAction: BillAction.AUTOMATIC }, "billAction: must be 'needsApproval', 'none'"],
    [{ billAction: 'soon' }, 'billAction: must be '],
    [{ onBlind: 'sleep' }, "onBlind: must be 'page' or 'stop', got 'sleep'"],
    [{ monthlyLimt: usd(5) }, 'monthlyLimt: is not a prop; there are monthlyLimit, owner, models, principals, '],
    [
      { stopAtPercnt: 90 },
      "stopAtPercnt: is not a prop: did you mean 'stopAtPercent'? There are monthlyLimit, owner, models, principals, ",
    ],
    [{ logs: '/x' }, 'logs: is not a prop; there are monthlyLimit, '],
    [{ constructor: 7 }, 'constructor: is not a prop; there are monthlyLimit, '],
    [{ toString: 7 }, 'toString: is not a prop; there are monthlyLimit, '],
    [{ hasOwnProperty: undefined }, 'hasOwnProperty: is not a prop; there are monthlyLimit, '],
    [JSON.parse('{ "__proto__": 7 }'), '__proto__: is not a prop; there are monthlyLimit, '],
    [
      { channels: [{ name: '__proto__', kind: 'slackWebhook', secret: 'ssm:/slack' }] },
      'channels.__proto__: must have another name: JavaScript keeps __proto__ for itself',
    ],
    [
      { trustedGitHub: { repositry: 'a/b', subject: 'pull_request' } },
      "trustedGitHub.repositry: is not a setting: did you mean 'repository'? Allowed here: repository, subject",
    ],
    [{ principals: 'role' }, "principals: must be a list in [ ], got 'role'"],
  ])('%j', (props, text) => {
    const found = said(props);
    expect(found).toContain(`MyApp/Guard: `);
    expect(found).toContain(text);
    expect(found).not.toMatch(/environments\.|budget-tiers|Usd\b|models\.(small|large)|assumableBy/);
  });

  test('all of it at once', () => {
    const found = said({ owner: 'x', models: [], stopAtPercent: 0 });
    expect(found).toMatch(/^SpendGuard: 3 problems\n/);
  });

  test.each([[undefined], [null], [7]])('%p in place of the props', (props) => {
    const found = refusal(() => new SpendGuard(someStack(), 'Guard', props as unknown as SpendGuardProps));
    expect(found).toContain('MyApp/Guard: props: must be { monthlyLimit: usd(50)');
  });
});

describe('a token, which is known at deployment only', () => {
  const stack = new Stack();
  const text = new CfnParameter(stack, 'Text').valueAsString;
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;

  test.each([
    ['monthlyLimit', { monthlyLimit: usd(number) }],
    ['accountWideLimit', { accountWideLimit: usd(number) }],
    ['owner', { owner: text }],
    ['budgetOwner', { budgetOwner: text }],
    ['environmentName', { environmentName: `app-${text}` }],
    ['models[1]', { models: ['amazon.nova-lite-v1:0', text] }],
    ['models', { models: new CfnParameter(stack, 'Models', { type: 'CommaDelimitedList' }).valueAsList }],
    ['largeModels[0]', { largeModels: [text] }],
    ['stopAtPercent', { stopAtPercent: number }],
    ['alertAtPercent[0]', { alertAtPercent: [Lazy.number({ produce: () => 50 })] }],
    ['reportAt', { reportAt: Token.asString({ Ref: 'X' }) }],
    ['trustedGitHub.subject', { trustedGitHub: { repository: 'a/b', subject: text } }],
    ['neverStop[0]', { neverStop: [text] }],
  ])('is refused as %s, with why and the way out', (prop, props) => {
    const found = said(props);
    expect(found).toContain(`MyApp/Guard: ${prop}: must be known at synth, got a token`);
    expect(found).toContain('deploy the template whose limit, address and mode are parameters of CloudFormation');
    expect(found).not.toMatch(/Token\[/);
  });

  test('is right in what names the resources of an app', () => {
    const app = someStack();
    const role = new iam.Role(app, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const guard = guardIn(app, { principals: [role], trustedBy: [role.roleArn] });
    expect(guard.environmentName).toBe('MyApp-Guard');
  });
});

test('the enums have the words of the configuration, and every prop has a form', () => {
  expect([Object.values(BillAction), Object.values(OnBlind)]).toEqual([
    ['automatic', 'needsApproval', 'none'],
    ['page', 'stop'],
  ]);
  const all: Required<Record<keyof SpendGuardProps, true>> = Object.fromEntries(
    PROPS.map((prop) => [prop, true]),
  ) as never;
  expect(Object.keys(all)).toEqual(expect.arrayContaining(Object.keys(FOUR)));
});

test.each(['lib/spend-guard-props.ts', 'lib/usd.ts'])(
  '%s is what jsii takes: no unions, no aliases, no types made of others',
  (file) => {
    const code = readFileSync(path.resolve(__dirname, '../../..', file), 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
    expect(code).toContain('export ');
    for (const what of [
      /\|/,
      /&/,
      /\bas const\b/,
      /\btype \w+ =/,
      /\bkeyof\b/,
      /\bRecord</,
      /\bPartial</,
      /\bunknown\b/,
      /\bany\b/,
      /readonly \w+\[\]/,
    ]) {
      expect(what.exec(code)?.[0]).toBeUndefined();
    }
    // A struct's properties can all be read, and none be written.
    const [, body = ''] = /interface SpendGuardProps \{([\s\S]*)\}/.exec(code) ?? [];
    for (const line of body.split('\n').filter((one) => one.includes(':')))
      expect(line.trim()).toMatch(/^readonly \w+\??: /);
  },
);
