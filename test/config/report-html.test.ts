import { htmlOf, htmlProblems, sesIdentities } from '../../config/report-html';

const report = (html: object) => ({ report: { at: '08:00', timeZone: 'UTC', html } }) as never;
const problems = (html: object) =>
  htmlProblems('environments.dev', report(html)).map(({ path, text }) => `${path}: ${text}`);

test.each([
  ['the domain', 'spend@Mail.Example.ORG', 'mail.example.org', 'mail.example.org'],
  ['the domain in other letters', 'spend@mail.example.org', 'MAIL.Example.org', 'mail.example.org'],
  ['a domain above', 'spend@Mail.Example.ORG', 'Example.ORG', 'example.org'],
  ['left out', 'Spend@Example.ORG', undefined, 'example.org'],
  ['the address, which has a case in SES', 'Spend@Example.ORG', 'Spend@Example.ORG', 'Spend@Example.ORG'],
])('a domain has no case: %s', (_what, from, identity, known) => {
  expect(problems({ from, identity })).toEqual([]);
  expect(htmlOf({ html: { from, identity } } as never)).toEqual({ html: { from, identity: known } });
});

test('what SES is asked of an address is the address as it is, and domains in small letters', () => {
  expect(sesIdentities('Spend@Mail.Example.ORG')).toEqual([
    'Spend@Mail.Example.ORG',
    'mail.example.org',
    'example.org',
  ]);
});

test('an address in other letters is another identity', () => {
  expect(problems({ from: 'spend@Example.ORG', identity: 'Spend@example.org' })).toEqual([
    "environments.dev.report.html.identity: must be what report.html.from is verified by: spend@Example.ORG, or example.org; got 'Spend@example.org'",
  ]);
});

test.each([
  ['left out', { from: 'a@mail.example.com' }],
  ['the address', { from: 'a@mail.example.com', identity: 'a@mail.example.com' }],
  ['its domain', { from: 'a@mail.example.com', identity: 'mail.example.com' }],
  ['a domain above', { from: 'a@mail.example.com', identity: 'example.com' }],
])('an identity that is %s', (_what, html) => {
  expect(problems(html)).toEqual([]);
});

test.each([
  ['all of them', '*'],
  ['a part of one', '*.example.com'],
  ['another domain', 'example.org'],
  ['one that ends alike', 'ample.com'],
  ['the last label', 'com'],
  ['another address', 'b@mail.example.com'],
  ['an ARN', 'arn:aws:ses:us-east-1:111122223333:identity/example.com'],
])('an identity that is %s is refused, with those that may be', (_what, identity) => {
  expect(problems({ from: 'a@mail.example.com', identity })).toEqual([
    `environments.dev.report.html.identity: must be what report.html.from is verified by: a@mail.example.com, or mail.example.com, or example.com; got '${identity}'`,
  ]);
});

test('by default the domain', () => {
  expect(htmlOf({ html: { from: 'a@mail.example.com' } } as never)).toEqual({
    html: { from: 'a@mail.example.com', identity: 'mail.example.com' },
  });
  expect(htmlOf({} as never)).toEqual({});
});
