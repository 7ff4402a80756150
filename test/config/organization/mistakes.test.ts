import example from '../../../config/organization-example';
import { organizationAt } from '../../../config/files';
import { defineOrganization } from '../../../config/organization-schema';
import { changed, problemsOf } from './changed';

const { stackSet, report } = example;
const inUnits = (changes: object) => ({ stackSet: { ...stackSet, ...changes } });
const account = (one: object) => ({ accounts: { '222222222222': one } });

test('as shipped there is no mistake', () => {
  expect(problemsOf(example)).toEqual([]);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['no organisation', { organizationId: undefined }, /^organizationId: must be a string, got nothing$/],
  [
    'an id of something else',
    { organizationId: 'ou-ab12-11111111' },
    /^organizationId: must be the id of an organisation such as/,
  ],
  [
    'an account as a number',
    { managementAccount: 111111111111 },
    /^managementAccount: must be a string, got 111111111111/,
  ],
  [
    'an unknown Region',
    { hubRegion: 'us-east-9' },
    /^hubRegion: must be an AWS Region such as us-east-1, got 'us-east-9'/,
  ],
  [
    'a Region without Budgets (trap 12)',
    { hubRegion: 'eu-north-1' },
    /^hubRegion: eu-north-1 does not offer AWS::Budgets/,
  ],
  ['an address', { owner: 'ti@' }, /^owner: must be a mail address/],
  [
    '25 o’clock',
    { report: { ...report, at: '25:00' } },
    /^report\.at: must be a time of day such as 08:00, got '25:00'/,
  ],
  [
    'a zone that is none',
    { report: { ...report, timeZone: 'Mars/Base' } },
    /^report\.timeZone: must be an IANA time zone/,
  ],
  [
    'a time that a day lacks (trap 58)',
    { report: { at: '02:30', timeZone: 'Europe/Berlin' } },
    /^report\.at: must be a time of every day/,
  ],
  ['a brake below the limit', { brake: { atPercent: 99.99 } }, /^brake\.atPercent: must be at least 100, got 99\.99/],
  [
    'a brake without approval of a kind',
    { brake: { approval: 'never' } },
    /^brake\.approval: must be 'needsApproval' or 'automatic'/,
  ],
  [
    'a user that is spared',
    { brake: { neverStop: ['arn:aws:iam::*:user/me'] } },
    /^brake\.neverStop\[0\]: must be the ARN of a role/,
  ],
  [
    'everybody spared',
    { brake: { neverStop: ['arn:aws:iam::*:role/*'] } },
    /^brake\.neverStop\[0\]: must spare some roles, not all/,
  ],
  [
    'everybody spared, otherwise',
    { brake: { neverStop: ['arn:aws:iam::*:role/?*/*'] } },
    /must spare some roles, not all/,
  ],
  [
    'a role spared twice',
    { brake: { neverStop: ['arn:aws:iam::*:role/a', 'arn:aws:iam::*:role/a'] } },
    /neverStop\[1\]: repeats \[0\]/,
  ],
  ['no unit', inUnits({ organizationalUnits: [] }), /^stackSet\.organizationalUnits: must have at least 1 entries/],
  [
    'a unit by its name',
    inUnits({ organizationalUnits: ['Workloads'] }),
    /organizationalUnits\[0\]: must be the id of an organisational unit/,
  ],
  ['a unit twice', inUnits({ organizationalUnits: ['r-ab12', 'r-ab12'] }), /organizationalUnits\[1\]: repeats \[0\]/],
  ['two Regions', inUnits({ regions: ['us-east-1', 'us-east-2'] }), /^stackSet\.regions: must have at most 1 entries/],
  [
    'another Region than the code lies in',
    inUnits({ regions: ['us-east-2'] }),
    /^stackSet\.regions\[0\]: must be hubRegion, 'us-east-1': Lambda takes code from a bucket of its own Region only; got 'us-east-2'/,
  ],
  ['a mode that is none', inUnits({ mode: 'on' }), /^stackSet\.mode: must be 'watch' or 'enforce', got 'on'/],
  [
    'a role that is no ARN',
    { people: { operators: ['admin'] } },
    /^people\.operators\[0\]: must be the ARN of an IAM role or user/,
  ],
  [
    'the root',
    { people: { viewers: ['arn:aws:iam::111111111111:root'] } },
    /^people\.viewers\[0\]: must be the ARN of an IAM role/,
  ],
  ['a default limit of zero', { defaultLimitUsd: 0 }, /^defaultLimitUsd: must be at least 1, got 0/],
  [
    'cents, which the template has no room for',
    account({ limitUsd: 10.5 }),
    /^accounts\.222222222222\.limitUsd: must be a whole number, got 10\.5/,
  ],
  ['a limit over a million', account({ limitUsd: 1_000_001 }), /limitUsd: must be at most 1000000, got 1000001/],
  ['a limit as text', account({ limitUsd: '10' }), /limitUsd: must be a (whole )?number, got '10'/],
  [
    'an account that is none',
    { accounts: { 'my-account': { limitUsd: 1 } } },
    /^accounts\.my-account: must be an account id of 12 digits/,
  ],
  [
    'the management account',
    { accounts: { '111111111111': { limitUsd: 1 } } },
    /^accounts\.111111111111: is the management account: neither StackSets nor/,
  ],
  [
    'an account under a name that JavaScript keeps for itself',
    { accounts: JSON.parse('{ "__proto__": { "limitUsd": 1 } }') as object },
    /^accounts\.__proto__: must have another name/,
  ],
  [
    'a channel under such a name',
    { channels: JSON.parse('{ "__proto__": { "kind": "slackWebhook", "secret": "ssm:/slack" } }') as object },
    /^channels\.__proto__: must have another name/,
  ],
  [
    'a setting that is none',
    account({ limit: 1, limitUsd: 1 }),
    /^accounts\.222222222222\.limit: is not a setting; allowed here: limitUsd, email, brake$/,
  ],
  [
    'one that is nearly a setting',
    { brake: { approvl: 'automatic' } },
    /^brake\.approvl: is not a setting: did you mean 'approval'\? Allowed here: approval, atPercent, neverStop$/,
  ],
  [
    'one in the brake',
    { brake: { at: 1 } },
    /^brake\.at: is not a setting; allowed here: approval, atPercent, neverStop$/,
  ],
  [
    'one at the top',
    { limits: {} },
    /^limits: is not a setting; allowed here: organizationId, managementAccount, hubRegion/,
  ],
])('%s', (_what, changes, problem) => {
  const problems = problemsOf(changed(changes));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(problem);
});

test('100% and whole dollars from 1 to a million are no mistakes', () => {
  for (const limitUsd of [1, 1_000_000]) {
    expect(problemsOf(changed({ ...account({ limitUsd }), brake: { atPercent: 100 } }))).toEqual([]);
  }
});

test('all mistakes are named at once', () => {
  expect(problemsOf(changed({ owner: 'x', defaultLimitUsd: 0, ...inUnits({ regions: ['us-east-2'] }) }))).toHaveLength(
    3,
  );
});

test.each([[null], [undefined], [7], ['x'], [[]]])('%p is no organisation', (input) => {
  expect(problemsOf(input)).not.toEqual([]);
});

test('wrong types are compile errors too', () => {
  const mistakes = [
    // @ts-expect-error a limit is a number
    () => defineOrganization({ ...example, defaultLimitUsd: '25' }),
    // @ts-expect-error an account's brake has three words
    () => defineOrganization({ ...example, accounts: { '222222222222': { limitUsd: 1, brake: 'always' } } }),
  ];
  expect(mistakes).toHaveLength(2);
});

test.each([
  [
    'config/nowhere.ts',
    /--context organization=config\/nowhere\.ts: no such file; the shipped one is config\/organization-example\.ts/,
  ],
  ['config', /it is a folder; name the file in it, as config\/organization-example\.ts is/],
  ['config/regions.ts', /it has no default export; write export default defineOrganization/],
])('%s is no file of an organisation', (file, message) => {
  expect(() => organizationAt(file)).toThrow(message);
});
