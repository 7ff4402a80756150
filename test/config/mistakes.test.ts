import fc from 'fast-check';
import shipped from '../../config/budget-tiers';
import { problemsOf, changed } from './changed-guard';

describe('each mistake is named with its place, what was got and what is allowed', () => {
  const role = 'arn:aws:iam::111122223333:role/app';
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'a missing limit',
      { monthlyLimitUsd: undefined },
      /^environments\.dev\.monthlyLimitUsd: must be a number, got nothing/,
    ],
    ['a limit as text', { monthlyLimitUsd: '50' }, /monthlyLimitUsd: must be a number, got '50'/],
    ['a negative limit', { monthlyLimitUsd: -1 }, /monthlyLimitUsd: must be more than 0, got -1/],
    ['a limit of zero', { monthlyLimitUsd: 0 }, /monthlyLimitUsd: must be more than 0, got 0/],
    ['NaN', { monthlyLimitUsd: Number.NaN }, /monthlyLimitUsd: must be a number, got NaN/],
    ['infinity', { monthlyLimitUsd: Number.POSITIVE_INFINITY }, /monthlyLimitUsd: .*Infinity/],
    ['a tenth of a cent', { monthlyLimitUsd: 50.001 }, /monthlyLimitUsd: must have at most two decimals, got 50.001/],
    [
      'alerts out of order',
      { alertAtPercent: [50, 90, 75] },
      /alertAtPercent\[2\]: must exceed 90 \(alertAtPercent\[1\]\), got 75/,
    ],
    ['a duplicate alert', { alertAtPercent: [50, 50] }, /alertAtPercent\[1\]: must exceed 50/],
    [
      'an alert above 100',
      { alertAtPercent: [50, 101] },
      /alertAtPercent\[1\]: must be at most 100, got 101; .*allowAboveLimit/,
    ],
    ['a stop above 100', { stopAtPercent: 100.01 }, /stopAtPercent: must be at most 100, got 100.01/],
    [
      'degrade at the stop',
      { degradeAtPercent: 95 },
      /degradeAtPercent: must be less than stopAtPercent \(95\) or 'never', got 95/,
    ],
    [
      'eleven notifications',
      { alertAtPercent: [1, 2, 3, 4, 5, 6, 7, 8] },
      /alertAtPercent: AWS Budgets takes 10 notifications.*makes 11/,
    ],
    ['a malformed address', { owner: 'ti@' }, /owner: must be a mail address such as team@example.com, got 'ti@'/],
    [
      'an unknown setting',
      { stopAt: 95 },
      /environments\.dev\.stopAt: is not a setting; allowed here: .*stopAtPercent/,
    ],
    ['an unknown class', { class: 'prod' }, /class: must be 'production' or 'nonProduction', got 'prod'/],
    ['an unknown Region', { region: 'us-east-9' }, /region: must be an AWS Region such as us-east-1, got 'us-east-9'/],
    [
      'a Region without Budgets (trap 12)',
      { region: 'eu-central-2' },
      /region: eu-central-2 does not offer AWS::Budgets/,
    ],
    ['an account as a number', { account: 111122223333 }, /account: must be a string, got 111122223333/],
    ['a short account', { account: '1111' }, /account: must be an account id of 12 digits/],
    [
      'an unknown model',
      { models: { ...shipped.environments['dev']!.models, small: [{ id: 'anthropic.claude-9' }] } },
      /models\.small\[0\]\.id: must be a model of the price library or the catalogue, or one of declaredModels, got 'anthropic.claude-9'; nearest known: '/,
    ],
    [
      'the same model twice',
      { models: { ...shipped.environments['dev']!.models, large: [{ id: 'amazon.nova-lite-v1:0' }] } },
      /models\.large\[0\]\.id: repeats models\.small\[1\]/,
    ],
    [
      'no small model',
      { models: { ...shipped.environments['dev']!.models, small: [] } },
      /models\.small: must have at least 1 entries/,
    ],
    [
      'a role of IAM Identity Center (trap 41)',
      { principals: { roles: ['AWSReservedSSO_Admin_1234'], users: [], groups: [] } },
      /principals\.roles\[0\]: is made by IAM Identity Center.*principals\.permissionSets/,
    ],
    [
      'a service-linked role (trap 41)',
      { principals: { roles: ['aws-service-role/x.amazonaws.com/AWSServiceRoleForX'], users: [], groups: [] } },
      /roles\[0\]: is a service-linked role/,
    ],
    ['root', { principals: { roles: [], users: ['root'], groups: [] } }, /users\[0\]: the root user cannot be denied/],
    [
      'root as trusted',
      { assumableBy: { principals: ['arn:aws:iam::111122223333:root'] } },
      /assumableBy\.principals\[0\]: must be a role or a user/,
    ],
    [
      'a malformed ARN',
      { assumableBy: { principals: ['arn:aws:s3:::x'] } },
      /assumableBy\.principals\[0\]: must be the ARN of an IAM role or user.*got 'arn:aws:s3:::x'/,
    ],
    [
      'a wildcard subject',
      { assumableBy: { principals: [], githubOidc: { repository: 'a/b', subject: '*' } } },
      /githubOidc\.subject: must be environment:NAME/,
    ],
    [
      'a role of another account',
      { principals: { roles: [role], users: [], groups: [] } },
      /roles\[0\]: must be in this environment's own account/,
    ],
    [
      'a role twice',
      { principals: { roles: ['app', 'team/app'], users: [], groups: [] } },
      /principals\.roles\[1\]: repeats \[0\]/,
    ],
    [
      'a role that is and is not to be stopped',
      { principals: { roles: ['app'], users: [], groups: [] }, neverStop: ['app'] },
      /principals\.roles\[0\]: is also in neverStop/,
    ],
    [
      'a day with fewer requests than an hour',
      { requestLimits: { perHour: 10, perDay: 9 } },
      /requestLimits\.perDay: must be at least perHour \(10\), got 9/,
    ],
    [
      '25 o’clock',
      { report: { at: '25:00', timeZone: 'UTC' } },
      /report\.at: must be a time of day such as 08:00, got '25:00'/,
    ],
    [
      'an unknown time zone',
      { report: { at: '08:00', timeZone: 'Mars/Base' } },
      /report\.timeZone: must be an IANA time zone.*got 'Mars\/Base'/,
    ],
    [
      'a local time that a day lacks',
      { report: { at: '02:30', timeZone: 'America/New_York' } },
      /report\.at: must be a time of every day: on 2027-03-14 the clocks of America\/New_York go from 02:00 to 03:00.*got '02:30'/,
    ],
    [
      'direct in a shared account',
      { identity: 'direct' },
      /identity: must be 'profile', got 'direct': staging, prod share/,
    ],
    [
      'a second account-wide budget',
      { accountWideBudgetUsd: 10 },
      /environments\.prod\.accountWideBudgetUsd: is already set by 'dev'/,
    ],
    [
      'two functions of one name',
      { provisionedConcurrency: [{ functionName: 'f' }, { functionName: 'f' }] },
      /provisionedConcurrency\[1\]: repeats \[0\], got 'f'/,
    ],
    [
      'a local endpoint without a scheme',
      { models: { ...shipped.environments['dev']!.models, local: { endpoint: 'localhost:11434', models: [] } } },
      /models\.local\.endpoint: must be an http or https address/,
    ],
  ])('%s', (_what, values, expected) => {
    expect(problemsOf(changed('dev', values))).toContainEqual(expect.stringMatching(expected));
  });

  test.each<[string, Record<string, unknown>]>([
    ['automatic for production', { billAction: 'automatic' }],
    ['automatic below 120% for production', { billAction: { automaticAtPercent: 119, acceptRisk: 'why' } }],
    ['without a reason', { billAction: { automaticAtPercent: 120, acceptRisk: '' } }],
  ])('a bill action %s', (_what, values) => {
    expect(problemsOf(changed('prod', values)).join()).toMatch(/environments\.prod\.billAction/);
  });

  test.each([
    [undefined],
    [null],
    ['text'],
    [{}],
    [{ environments: {} }],
    [{ environments: [] }],
    [{ environments: { dev: null } }],
  ])('no configuration at all: %p', (input) => {
    expect(problemsOf(input).length).toBeGreaterThan(0);
  });

  test('environments that differ in case only', () => {
    const environments = { ...shipped.environments, Dev: shipped.environments['dev'] };
    expect(problemsOf({ environments })).toContainEqual(
      expect.stringMatching(/environments\.Dev: differs from 'dev' in case only/),
    );
  });

  test('a name of which AWS would refuse something', () => {
    const environments = { ...shipped.environments, 'my env': shipped.environments['dev'] };
    expect(problemsOf({ environments })).toEqual([
      expect.stringMatching(
        /environments\.my env: is no name for an environment: CloudFormation's stack would be called/,
      ),
    ]);
  });
});

/** As a file of JSON has it. Written in a literal, it would be what the object inherits from. */
const underProto = (value: unknown) => JSON.parse(`{ "__proto__": ${JSON.stringify(value)} }`) as object;

describe('what stands under __proto__ is not left out in silence', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'a channel',
      () => changed('dev', { channels: underProto({ kind: 'slackWebhook', secret: 'ssm:/slack' }) }),
      /^environments\.dev\.channels\.__proto__: must have another name/,
    ],
    [
      'a budget',
      () => changed('dev', { budgets: underProto({ monthlyLimitUsd: 5 }) }),
      /^environments\.dev\.budgets\.__p/,
    ],
    ['a setting', () => changed('dev', underProto(7) as never), /^environments\.dev\.__proto__: is not a setting/],
    ['a price', () => ({ ...shipped, prices: underProto({}) }), /^prices\.__proto__: must have another name/],
    ['a quota', () => ({ ...shipped, quotas: underProto({}) }), /^quotas\.__proto__: must have another name/],
    [
      'an environment',
      () => ({ environments: Object.assign(underProto(shipped.environments['dev']), { ...shipped.environments }) }),
      /^environments\.__proto__: is no name for an environment/,
    ],
  ])('%s, and it is told once', (_what, input, text) => {
    expect(problemsOf(input())).toEqual([expect.stringMatching(text)]);
  });
});

describe('a mistake hides none beside it', () => {
  const { report } = shipped.environments['dev']!;
  const LOG = /^environments\.dev\.spenders\.invocationLogs\.logGroup: must be the name of a log group/;
  const IDENTITY = /^environments\.dev\.report\.html\.identity: must be what report\.html\.from is verified by/;
  test.each<[string, object, readonly RegExp[]]>([
    [
      'in spenders',
      { spenders: { principalTag: 'aws:x', invocationLogs: { logGroup: '*' } } },
      [LOG, /^environments\.dev\.spenders\.principalTag: must be a key of your own/],
    ],
    ['with one thing named', { spenders: { invocationLogs: { logGroup: '*' } } }, [LOG]],
    ['with no setting', { spenders: { tag: 'team' } }, [/^environments\.dev\.spenders\.tag: is not a setting/]],
    ['with a list', { spenders: [] }, [/^environments\.dev\.spenders: must be an object/]],
    [
      'in the report',
      { report: { ...report, at: 7, html: { from: 'x@example.org', identity: 'example.com' } } },
      [/^environments\.dev\.report\.at: must be a time of day/, IDENTITY],
    ],
    [
      'in its mail',
      { report: { ...report, html: { from: 'x@example.org', identity: 'example.com', to: 'y' } } },
      [/^environments\.dev\.report\.html\.to: is not a setting/, IDENTITY],
    ],
    [
      'in its address',
      { report: { ...report, html: { from: 'x', identity: 'example.com' } } },
      [/^environments\.dev\.report\.html\.from: must be a mail address/],
    ],
  ])('%s', (_what, values, texts) => {
    expect(problemsOf(changed('dev', { ...values }))).toEqual(texts.map((text) => expect.stringMatching(text)));
  });
});

test('all problems come in one message, whatever kind they are', () => {
  const input = changed('dev', {
    monthlyLimitUsd: -1,
    stopAtPercent: 120,
    owner: 'nobody',
    models: { local: { endpoint: 'x', models: [] }, small: [{ id: 'no.such-model' }], large: [] },
    principals: { roles: ['AWSReservedSSO_x'], users: [], groups: [] },
  });
  (input.environments as Record<string, object>)['prod'] = { ...input.environments['prod'], billAction: 'automatic' };
  const problems = problemsOf(input).join('\n');
  for (const place of [
    'dev.monthlyLimitUsd',
    'dev.stopAtPercent',
    'dev.owner',
    'dev.models.local.endpoint',
    'dev.models.small[0].id',
    'dev.principals.roles[0]',
    'prod.billAction',
  ]) {
    expect(problems).toContain(`environments.${place}`);
  }
});

test('property: whatever value stands in whatever setting, the answer is a ConfigError or a configuration', () => {
  const settings = Object.keys(shipped.environments['dev']!);
  fc.assert(
    fc.property(fc.constantFrom(...settings), fc.anything(), (setting, value) => {
      expect(() => problemsOf(changed('dev', { [setting]: value }))).not.toThrow();
    }),
    { numRuns: 500 },
  );
});
