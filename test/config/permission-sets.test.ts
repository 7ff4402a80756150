import { guardedUnmetered } from '../../core/metering';
import { environmentOf } from '../helpers/stack';

const NOBODY = { roles: [], users: [], groups: [] };
const withSets = (...permissionSets: string[]) => ({ principals: { ...NOBODY, permissionSets } });
const problem = (changes: Readonly<Record<string, unknown>>) => () => environmentOf('dev', changes);

it('are taken by their names; without them there are none', () => {
  const names = ['Developer', 'Dev_Ops', 'a+=,.@-z', 'x'.repeat(32)];
  expect(environmentOf('dev', withSets(...names)).principals.permissionSets).toEqual(names);
  expect(environmentOf('dev').principals.permissionSets).toEqual([]);
});

it.each([
  ['its ARN', 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'],
  ['the name of its role', 'AWSReservedSSO_Dev'],
  ['the name of its role in other letters', 'awsreservedsso_dev'],
  ['a wildcard', 'Dev*'],
  ['nothing', ''],
  ['33 characters', 'x'.repeat(33)],
])('one that is named by %s is refused', (_, name) => {
  expect(problem(withSets(name))).toThrow(/principals\.permissionSets\[0\]: must be a permission set's own name/);
});

it('one that is named twice is refused, also in other letters', () => {
  expect(problem(withSets('Dev', 'Dev'))).toThrow(/principals\.permissionSets\[1\]: repeats \[0\]/);
  expect(problem(withSets('Dev', 'dev'))).toThrow(/principals\.permissionSets\[1\]: repeats \[0\]/);
});

it.each([['AWSReservedSSO_Dev'], ['aws-reserved/sso.amazonaws.com/AWSReservedSSO_dev']])(
  'one whose people are never stopped, as %s, is refused',
  (role) => {
    expect(problem({ ...withSets('Dev'), neverStop: [`${role}_0123456789abcdef`] })).toThrow(
      /principals\.permissionSets\[0\]: is also in neverStop, as .*; it can be only one, got 'Dev'/,
    );
  },
);

it('whoever is never stopped may have another one, also one whose name begins with it', () => {
  const neverStop = ['AWSReservedSSO_Dev_Ops_0123456789abcdef', 'AWSReservedSSO_BreakGlass_0123456789abcdef'];
  expect(problem({ ...withSets('Dev'), neverStop })).not.toThrow();
});

it.each([
  ['in other letters', 'awsreservedsso_Admin_1234', /roles\[0\]: is made by IAM Identity Center.*permissionSets/],
  [
    'with its path',
    'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_A_1',
    /roles\[0\]: is made by IAM Identity Center.*permissionSets/,
  ],
  ['by a wildcard', 'AWSReservedSSO_A_*', /roles\[0\]: must be .*permissionSets.*got 'AWSReservedSSO_A_\*'/],
])('a role of one, %s, is refused and points here', (_, role, text) => {
  expect(problem({ principals: { ...NOBODY, roles: [role] } })).toThrow(text);
});

it('a wildcard among those who are never stopped is refused and points here', () => {
  expect(problem({ neverStop: ['AWSReservedSSO_A_*'] })).toThrow(/neverStop\[0\]: must be .*permissionSets/);
});

it('are stopped, and metered through profiles alone, like whoever else the configuration names', () => {
  expect(guardedUnmetered(environmentOf('dev', withSets('Dev')))).toEqual(['permission set Dev']);
  expect(guardedUnmetered(environmentOf('dev', { ...withSets('Dev'), metering: 'account' }))).toEqual([]);
});
