import shipped from '../../config/budget-tiers';
import { changed, problemsOf } from './changed-guard';

const { models, report } = shipped.environments['dev']!;

test.each<[string, Record<string, unknown>, string]>([
  ['spenders', { spenders: { log: { logGroup: '/x' } } }, 'spenders.log: principalTag, invocationLogs'],
  [
    'what is in them',
    { spenders: { invocationLogs: { logGroup: '/x', region: 'us-east-1' } } },
    'spenders.invocationLogs.region: logGroup',
  ],
  ['report', { report: { ...report, time: '08:00' } }, 'report.time: at, timeZone, html'],
  ['its HTML', { report: { ...report, html: { from: 'a@example.com', to: 1 } } }, 'report.html.to: from, identity'],
  [
    'an entry of a list',
    { models: { ...models, small: [{ id: 'amazon.nova-lite-v1:0', tier: 1 }] } },
    'models.small[0].tier: id, optional, legacy, longContext',
  ],
  [
    'an object that may be a word',
    { billAction: { automaticAtPercent: 120, acceptRisk: 'why', at: 1 } },
    'billAction.at: automaticAtPercent, acceptRisk',
  ],
  [
    'a budget',
    { budgets: { a: { dailyLimitUsd: 2, rollover: { upToUsd: 1, to: 2 } } } },
    'budgets.a.rollover.to: upToUsd',
  ],
])('a setting that there is not is told with those that may stand there: %s', (_what, values, expected) => {
  const [place, keys] = expected.split(': ');
  expect(problemsOf(changed('dev', values))).toContainEqual(
    `environments.dev.${place}: is not a setting; allowed here: ${keys}`,
  );
});

test('beside the environments too', () => {
  expect(problemsOf({ ...shipped, quotas: { 'amazon.nova-lite-v1:0': { rpm: 1 } } })).toContainEqual(
    'quotas.amazon.nova-lite-v1:0.rpm: is not a setting; allowed here: tokensPerMinute, burndown, source',
  );
  expect(problemsOf({ ...shipped, price: {} })).toContainEqual(
    "price: is not a setting: did you mean 'prices'? Allowed here: environments, declaredModels, prices, quotas",
  );
});

const slack = { kind: 'slack', workspaceId: 'T0123456789', channelId: 'C0123456789' };
const pager = { kind: 'pagerDuty', secret: 'ssm:/spend-guard/pager' };

test.each<[string, Record<string, unknown>, string]>([
  [
    'a letter less',
    { stopAtPercen: 90, stopAtPercent: undefined },
    "stopAtPercen: is not a setting: did you mean 'stopAtPercent'?",
  ],
  [
    'as the construct calls it',
    { monthlyLimit: 50, monthlyLimitUsd: undefined },
    "monthlyLimit: is not a setting: did you mean 'monthlyLimitUsd'?",
  ],
  ['in another case', { DataRegions: [] }, "DataRegions: is not a setting: did you mean 'dataRegions'?"],
  [
    'within another',
    { spenders: { invocationLog: { logGroup: '/x' } } },
    "spenders.invocationLog: is not a setting: did you mean 'invocationLogs'? Allowed here: principalTag, invocationLogs",
  ],
  [
    'in an entry of a list',
    { models: { ...models, small: [{ id: 'amazon.nova-lite-v1:0', optionl: true }] } },
    "models.small[0].optionl: is not a setting: did you mean 'optional'?",
  ],
  [
    'of a kind',
    { channels: { a: { ...slack, tels: 'urgent' } } },
    "channels.a.tels: is not a setting: did you mean 'tells'?",
  ],
])('one that is nearly a setting is told with that: %s', (_what, values, expected) => {
  expect(problemsOf(changed('dev', values))).toContainEqual(expect.stringContaining(`environments.dev.${expected}`));
});

test.each<[string, Record<string, unknown>, string]>([
  ['far from all', { stopAt: 90 }, 'stopAt'],
  ['near one that stands there already', { owners: 'a@example.com' }, 'owners'],
  ['near one of another kind', { channels: { a: { ...pager, teamid: 'x' } } }, 'channels.a.teamid'],
  ['one of another kind', { channels: { a: { ...pager, tenantId: 'x' } } }, 'channels.a.tenantId'],
])('others are told without a guess: %s', (_what, values, place) => {
  const [problem] = problemsOf(changed('dev', values)).filter((one) => one.includes(`${place}: is not a setting`));
  expect(problem).toMatch(new RegExp(`^environments\\.dev\\.${place}: is not a setting; allowed here: `));
});

test.each(['/bedrock invocations', 'arn:aws:logs:us-east-1:111122223333:log-group:/bedrock', '/bedrock/*'])(
  'no name of a log group: %s',
  (logGroup) => {
    expect(problemsOf(changed('dev', { spenders: { invocationLogs: { logGroup } } }))).toEqual([
      `environments.dev.spenders.invocationLogs.logGroup: must be the name of a log group such as /bedrock/invocations, of letters, digits and _ - / . #; the name, not the ARN, and no wildcard, got '${logGroup}'`,
    ]);
  },
);
