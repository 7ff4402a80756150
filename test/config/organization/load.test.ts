import { usd } from '../../../core/money';
import { environmentNameProblems, ORGANIZATION_HUB } from '../../../config/resource-names';
import { loaded } from './changed';

test('the shipped example loads, each account with what it says or else what holds for all', () => {
  const { accounts, defaultLimit, brake, report, hubRegion } = loaded();
  expect(accounts).toEqual([
    { account: '222222222222', limit: usd(500), email: 'search@dadosfera.ai', brake: 'needsApproval' },
    { account: '333333333333', limit: usd(100), email: 'ti@dadosfera.ai', brake: 'automatic' },
    { account: '444444444444', limit: usd(100), email: 'ti@dadosfera.ai', brake: 'needsApproval' },
  ]);
  expect({ defaultLimit, hubRegion }).toEqual({ defaultLimit: usd(25), hubRegion: 'us-east-1' });
  expect(brake).toEqual({
    approval: 'needsApproval',
    atPercent: 110,
    neverStop: ['arn:aws:iam::*:role/break-glass'],
  });
  expect(report).toEqual({ hour: 8, minute: 0, timeZone: 'America/Sao_Paulo' });
});

test('a brake that says nothing waits for a person, at 110% of the limit, and spares nobody', () => {
  const { brake, accounts, notices } = loaded({ brake: {}, accounts: { '222222222222': { limitUsd: 1 } } });
  expect(brake).toEqual({ approval: 'needsApproval', atPercent: 110, neverStop: [] });
  expect(accounts[0]!.brake).toBe('needsApproval');
  expect(notices.join('\n')).toMatch(/no role is spared by the brake/);
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['the limit of all others', {}, /every account of the units that is not in the file has \$25\.00 a month/],
  ['an account braked by itself', {}, /put on by itself at 110% in 333333333333/],
  [
    'all braked by themselves',
    { brake: { approval: 'automatic', atPercent: 120 } },
    /by itself at 120% of an account's/,
  ],
  [
    'one that is left alone',
    { accounts: { '222222222222': { limitUsd: 1, brake: 'never' } } },
    /leaves 222222222222 alone/,
  ],
  ['nobody may order', {}, /nobody may assume the hub's roles yet/],
  [
    'a dry run',
    { stackSet: { organizationalUnits: ['r-ab12'], mode: 'watch', accountWide: true, regions: ['us-east-1'] } },
    /mode is watch/,
  ],
])('a deployer is told of %s', (_what, changes, notice) => {
  expect(loaded(changes).notices.join('\n')).toMatch(notice);
});

test('a hub has a name that no environment can have', () => {
  expect(environmentNameProblems(ORGANIZATION_HUB)).toHaveLength(1);
  expect(environmentNameProblems(`${ORGANIZATION_HUB}s`)).toEqual([]);
});
