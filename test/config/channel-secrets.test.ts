import shipped from '../../config/budget-tiers';
import { changed, problemsOf } from './changed-guard';

const WEBHOOK = { kind: 'webhook', url: 'https://hooks.example.com/spend', secret: 'secretsmanager:spend-guard/hook' };
const PAGER = { kind: 'pagerDuty', secret: 'ssm:/spend-guard/pager' };
const PLACE = 'environments.dev.channels';
const problems = (channels: unknown) => problemsOf(changed('dev', { channels }));

describe('a secret that somebody wrote into the config is named, and never repeated', () => {
  test.each([
    'ssm:/xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy',
    'secretsmanager:xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy',
    'secretsmanager:whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'ssm:/spend-guard/whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'ssm:/0123456789abcdef0123456789abcdef',
    'secretsmanager:spend/R0123456789ABCDEFGHIJKLMNOPQRSTU',
    'secretsmanager:pager_0123456789abcdef0123456789abcdef',
    'ssm:/hooks.slack.com/services/T00000000/B00000000/zzzzZZZZ',
    'ssm:/T00000000/B00000000/zzzzZZZZzzzzZZZZzzzzZZZZ',
    'ssm:/discord.com/api/webhooks/123456789/abc-def',
    'ssm:/prod-12.westeurope.logic.azure.com/workflows/abc',
  ])('as the name of a secret: %s', (secret) => {
    const told = problems({ a: { ...PAGER, secret } });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^environments\.dev\.channels\.a\.secret: must be where a secret is.*not shown: revoke it/);
    expect(told[0]).not.toContain(secret.slice(secret.lastIndexOf('/') + 1));
  });

  test.each([
    'https://discord.com/api/webhooks/123456789/abc-def',
    'https://canary.discordapp.com/api/webhooks/123456789/abc-def',
    'https://hooks.slack.com/services/T00000000/B00000000/abc-def',
    'https://relay.example.com/services/T00000000/B00000000/abcABCabcABCabcABCabc',
    'https://example.webhook.office.com/webhookb2/abc-def',
    'https://relay.example.com/0123456789abcdef0123456789abcdef',
    'https://relay.example.com/whsec%5FMfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ])('in the path of an address: %s', (url) => {
    const told = problems({ a: { ...WEBHOOK, url } });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('not shown: revoke it if others could read this file');
    expect(told[0]).not.toContain(url.slice(url.lastIndexOf('/') + 1));
  });
});

test.each([
  'localhost',
  'localhost.',
  'a.localhost:8443',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  'ip-10-0-0-1.ec2.internal',
  'printer.local',
  '[::1]',
  '[::]',
  '[::ffff:10.0.0.1]',
  '[fe80::1]',
  '[fd00:ec2::254]',
])('an address that the function must not or cannot reach: %s', (host) => {
  expect(problems({ a: { ...WEBHOOK, url: `https://${host}/spend` } })).toEqual([
    `${PLACE}.a.url: must be an address of the internet: the function reaches no local or private one; not shown`,
  ]);
});

test.each(['127.0.0.1', '172.32.0.1', '11.0.0.1', '[2001:db8::1]', 'localhost.example.com', '8.8.8.8'])(
  'others: %s',
  (host) => {
    expect(problems({ a: { ...WEBHOOK, url: `https://${host}/spend` } })).toEqual([]);
  },
);

test.each(['ssm:/a//b/', 'ssm:/a/', 'ssm://a', 'ssm:/', `ssm:/${'a'.repeat(1001)}`])('no name: %s', (secret) => {
  expect(problems({ a: { ...PAGER, secret } })).toHaveLength(1);
});

describe('a text of 200,000 letters is looked at once, and told by its ends', () => {
  const { models } = shipped.environments['dev']!;
  const places: readonly [string, (text: string) => unknown][] = [
    ['a setting', (text) => changed('dev', { [text]: 1 })],
    ['a value', (text) => changed('dev', { class: text })],
    ['a model', (text) => changed('dev', { models: { ...models, small: [{ id: text }] } })],
    ['a price', (text) => ({ ...shipped, prices: { [text]: 1 } })],
    ['a secret', (text) => changed('dev', { channels: { a: { kind: 'slackWebhook', secret: text } } })],
  ];
  test.each(places)('%s', (_what, input) => {
    for (const part of ['a', 'a.', 'discord.com.']) {
      const told = problemsOf(input(part.repeat(200_000 / part.length)));
      expect(told).toHaveLength(1);
      expect(told[0]!.length).toBeLessThan(1_500);
    }
  });

  test('both ends of it', () => {
    const [told] = problemsOf(changed('dev', { class: `begins${'x'.repeat(200_000)}ends` }));
    expect(told).toMatch(/^environments\.dev\.class: must be .*, got 'beginsx{93}\.\.\.x{94}ends'$/);
  });

  const SECRET = 'zyxwvutsrqponmlkjihgfedcba';
  const path = `T00000000/B00000000/${SECRET}`;
  test.each([
    ['the beginning', `${'x '.repeat(35)}${path}${' y'.repeat(100)}`],
    ['the end', `${'x '.repeat(100)}${path}${' y'.repeat(40)}`],
  ])('a secret that the cut of %s would have parted is not shown', (_what, text) => {
    for (const values of [{ class: text }, { [text]: 1 }, { class: [text.slice(-130)] }, { class: [text.slice(20)] }]) {
      const told = problemsOf(changed('dev', values)).join('\n');
      expect(told).toMatch(/environments\.dev\./);
      expect(told).not.toMatch(/zyx|cba/);
    }
  });
});
