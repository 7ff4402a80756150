import { COSTLY_ACTIONS } from '../../../core/enforcement/costly-actions';
import { brakeDocument } from '../../../core/organization/brake-document';

const ROLE = 'arn:aws:iam::*:role/break-glass';

test('denies all that costs, on everything, to everybody', () => {
  const [statement, ...others] = brakeDocument([]).Statement;
  expect(statement).toEqual({
    Sid: 'SpendGuardBrake',
    Effect: 'Deny',
    Action: [...COSTLY_ACTIONS],
    Resource: '*',
  });
  expect(others).toEqual([]);
});

test('but for the break-glass roles, and for nobody else', () => {
  const other = 'arn:aws:iam::111111111111:role/on-call-?';
  expect(brakeDocument([ROLE, other]).Statement[0].Condition).toEqual({
    ArnNotLike: { 'aws:PrincipalArn': [ROLE, other] },
  });
});

describe('the size that AWS Organizations takes', () => {
  const room = 5_120 - JSON.stringify(brakeDocument([''])).length;

  test.each([
    [room, true],
    [room + 1, false],
  ])('%i characters of roles: %s', (length, fits) => {
    const make = () => JSON.stringify(brakeDocument(['r'.repeat(length)]));
    if (fits) expect(make()).toHaveLength(5_120);
    else expect(make).toThrow(/would have 5121 characters.*list fewer roles in brake\.neverStop/);
  });

  test('leaves room for a dozen roles', () => {
    expect(() => brakeDocument(Array.from({ length: 12 }, (_, at) => `${ROLE}-number-${at}`))).not.toThrow();
  });
});
