import { usd } from '../../../core/money';
import { organizationPage } from '../../../core/organization/page';
import { rollUp } from '../../../core/organization/roll-up';
import { heard, NOON, ONE, ORGANIZATION, standing, UNLISTED } from '../../helpers/organization';

const ran = { kind: 'known', value: { at: NOON, foreign: [] } } as const;

test('what accounts say is text, and never markup', () => {
  const evil = standing({ environment: '<script>alert(1)</script>', guardVersion: '"><img>' });
  const page = organizationPage(rollUp(ORGANIZATION, [heard(UNLISTED, evil)], ran, NOON));
  expect(page).not.toContain('<script');
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;script&gt;');
});

test('it loads nothing and runs nothing', () => {
  const page = organizationPage(rollUp(ORGANIZATION, [], ran, NOON));
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/\s(src|href)=|url\(/);
});

test('it can be read by heading and by table: each row is named, each column too', () => {
  const page = organizationPage(rollUp(ORGANIZATION, [heard(ONE, standing({ spentNano: usd(110) }))], ran, NOON));
  expect(page).toMatch(/<html lang="en">/);
  expect(page.match(/<th scope="col"/g)).toHaveLength(7);
  expect(page.match(/<th scope="row"/g)).toHaveLength(Object.keys(ORGANIZATION.accounts).length);
  expect(page).toMatch(/<caption>\s*Each account against its limit\s*<\/caption>/);
});

test('the same roll-up gives the same bytes', () => {
  const make = () => organizationPage(rollUp(ORGANIZATION, [heard(ONE, standing())], ran, NOON));
  expect(make()).toBe(make());
});

test('a verdict first: how many accounts need a look, and why', () => {
  const said = (...heardOf: Parameters<typeof rollUp>[1]) =>
    /class="verdict[^>]*>([^]*?)<\/p>/
      .exec(organizationPage(rollUp(ORGANIZATION, heardOf, ran, NOON)))?.[1]
      ?.replaceAll(/<[^>]*>[^<]*<\/span>/g, '')
      .trim();
  const all = Object.keys(ORGANIZATION.accounts).length;
  expect(said()).toMatch(new RegExp(`^${all} of ${all} accounts need a look`));
  expect(said(heard(ONE, standing({ spentNano: usd(110) })))).toContain('1 decision to make');
});

test('what is not known has no bar', () => {
  const bars = (...heardOf: Parameters<typeof rollUp>[1]) =>
    organizationPage(rollUp(ORGANIZATION, heardOf, ran, NOON)).match(/<svg class="bar"/g)?.length ?? 0;
  expect(bars()).toBe(0);
  expect(bars(heard(ONE, standing()))).toBe(1);
});
