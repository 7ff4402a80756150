import { usd } from '../../../core/money';
import { organizationMail, percentText } from '../../../core/organization/report-mail';
import { organizationPage } from '../../../core/organization/page';
import { rollUp } from '../../../core/organization/roll-up';
import { heard, NOON, ONE, ORGANIZATION, standing, under } from '../../helpers/organization';

const known = (amount: ReturnType<typeof usd>) => ({ kind: 'known', value: { amount, atLeast: false } }) as const;

test.each([
  ['94.96', '94.9%'],
  ['95', '95.0%'],
  ['99.96', '99.9%'],
  ['100', '100.0%'],
  ['109.99', '109.9%'],
  ['110', '110.0%'],
])('$%s of $100 is %s: over no line that is not reached', (amount, text) => {
  expect(percentText(known(usd(amount)), usd(100))).toBe(text);
});

test('a nano-dollar under the limit is under it, in the mail and on the page', () => {
  const heardOf = [heard(ONE, standing({ spentNano: under(usd(100)) }))];
  const rolled = rollUp(
    { ...ORGANIZATION, accounts: { [ONE]: { limit: usd(100) } } },
    heardOf,
    {
      kind: 'known',
      value: { at: NOON, foreign: [] },
    },
    NOON,
  );
  expect(organizationMail(rolled, 'UTC').body).toMatch(new RegExp(`${ONE} .* 99\\.9%$`, 'm'));
  expect(organizationPage(rolled)).toContain('99.9%');
});

test('of what is unknown, and of no limit, there is no percentage', () => {
  expect(percentText({ kind: 'unavailable', why: 'nothing was heard' }, usd(100))).toBe('');
  expect(percentText(known(usd(1)), usd(0))).toBe('');
});
