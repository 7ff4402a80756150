import { loadGuard } from '../../config/load';
import { ConfigError } from '../../config/problems';
import type { GuardInput } from '../../config/schema';
import { changed, NOW, problemsOf } from './changed-guard';

const BOT = { kind: 'slackBot', channelId: 'C0123ABCDEF', secret: 'ssm:/spend-guard/bot' };
const SLACK = { kind: 'slack', workspaceId: 'T0123ABCDEF', channelId: 'C0123ABCDEF' };
const TEAM = { tenantId: '3c7d4ec1-b1b0-4f1c-b7f5-5d0f8a0c7c3e', teamId: '74361522-da01-438d-9a2e-ac7918c6bb92' };
const TEAMS = { kind: 'teams', ...TEAM, channelId: '19%3Aabc%40thread.tacv2' };
const WEBHOOK = { kind: 'webhook', url: 'https://hooks.example.com/spend', secret: 'secretsmanager:spend-guard/hook' };
const PAGER = { kind: 'pagerDuty', secret: 'ssm:/spend-guard/pager' };
const slackWebhook = (secret: string) => ({ kind: 'slackWebhook', secret });

const PLACE = 'environments.dev.channels';
const problems = (channels: unknown, more: object = {}) => problemsOf(changed('dev', { channels, ...more }));
const loaded = (channels?: object) =>
  loadGuard(changed('dev', channels === undefined ? {} : { channels }), NOW).environments.find(
    ({ name }) => name === 'dev',
  )!.channels;

test('there are none unless the config names some', () => {
  expect(loaded()).toEqual([]);
  expect(loaded({})).toEqual([]);
});

test('every kind, in the order of the file; a pager is for what is urgent', () => {
  const all = {
    finance: SLACK,
    bot: { ...BOT, channelId: 'C0123OTHERS' },
    hook: slackWebhook('ssm:/hook'),
    teams: TEAMS,
    flow: { kind: 'teamsWebhook', secret: 'ssm:/flow' },
    pager: PAGER,
    web: { ...WEBHOOK, tells: 'urgent' },
  };
  expect(loaded(all).map(({ name, kind, tells }) => `${name} ${kind} ${tells}`)).toEqual([
    'finance slack everything',
    'bot slackBot everything',
    'hook slackWebhook everything',
    'teams teams everything',
    'flow teamsWebhook everything',
    'pager pagerDuty urgent',
    'web webhook urgent',
  ]);
  expect(loaded({ web: WEBHOOK })).toMatchObject([{ secret: { service: 'secretsmanager', name: 'spend-guard/hook' } }]);
});

describe('a secret that somebody wrote into the config is named, and never repeated', () => {
  const SECRETS = [
    ['a token of Slack', 'xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy'],
    ['an app token of Slack', 'xapp-1-A111-222-abcdef'],
    ['a webhook of Slack', 'https://hooks.slack.com/services/T00000000/B00000000/zzzzZZZZ'],
    ['a webhook of Teams', 'https://prod-12.westeurope.logic.azure.com:443/workflows/abc/triggers/x?sig=hidden'],
    ['a key of PagerDuty', '0123456789abcdef0123456789ABCDEF'],
    ['a secret of Standard Webhooks', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['what nobody knows by its form', 'correct horse battery staple'],
  ] as const;

  test.each(SECRETS)('%s', (_name, secret) => {
    const places: readonly [string, unknown, object?][] = [
      ['as the secret', { a: { ...BOT, secret } }],
      ['as a secret of SSM', { a: { ...BOT, secret: `ssm:${secret}` } }],
      ['beside the secret', { a: { ...BOT, token: secret, secret } }],
      ['as a channel', { a: secret }],
      ['as all channels', secret],
      ['in a list', [secret]],
      ['with another kind', { a: { kind: 'slak', secret } }],
      ['without a kind', { a: { secret } }],
      ['as an address', { a: { ...WEBHOOK, url: secret } }],
      [
        'in an address',
        {
          a: {
            ...WEBHOOK,
            url: `https://example.com/${encodeURIComponent(secret)}?token=${encodeURIComponent(secret)}`,
          },
        },
      ],
    ];
    for (const [, channels, more] of places) {
      const told = problems(channels, more);
      expect(told).not.toEqual([]);
      expect(told.join('\n')).not.toContain(secret);
      expect(told.join('\n')).not.toContain(encodeURIComponent(secret));
    }
  });

  test.each(SECRETS.filter(([, secret]) => !secret.includes(' ')))('%s, where its form tells', (_name, secret) => {
    for (const channels of [
      { [secret]: BOT },
      { a: { ...BOT, channelId: secret } },
      { a: { ...BOT, [secret]: 1 } },
      { a: { ...BOT, kind: secret } },
    ]) {
      const told = problems(channels);
      expect(told).not.toEqual([]);
      expect(told.join('\n')).not.toContain(secret);
    }
  });

  test.each(SECRETS.slice(0, 4))('%s, anywhere in the file', (_name, secret) => {
    const told = problemsOf(changed('dev', { owner: secret, region: secret, [secret]: 1 }));
    expect(told.length).toBeGreaterThan(2);
    expect(told.join('\n')).not.toContain(secret);
  });

  test('nor in the error as a whole', () => {
    const [, secret] = SECRETS[0];
    const load = () => loadGuard(changed('dev', { channels: { a: { ...BOT, secret } } }) as GuardInput, NOW);
    expect(load).toThrow(ConfigError);
    let text = '';
    try {
      load();
    } catch (error) {
      text = `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`;
    }
    expect(text).toContain(`${PLACE}.a.secret: must be where a secret is: ssm:/spend-guard/slack`);
    expect(text).toContain('got a token of Slack, which is not shown: revoke it if others could read this file');
    expect(text).not.toContain(secret);
  });
});

test.each<[string, unknown, string]>([
  [
    'an unknown kind',
    { a: { kind: 'slak', secret: 'ssm:/x' } },
    `a.kind: must be 'slack' or 'slackBot' or 'slackWebhook' or 'teams' or 'teamsWebhook' or 'pagerDuty' or 'webhook', got 'slak'; nearest: 'slack'`,
  ],
  [
    'a kind that there is not',
    { a: { kind: 'discord', secret: 'ssm:/x' } },
    "or 'webhook', got 'discord'; what has no kind of its own is told by 'webhook', if it takes Standard Webhooks",
  ],
  [
    'no secret',
    { a: { kind: 'pagerDuty' } },
    'a.secret: must be where a secret is: ssm:/spend-guard/slack or secretsmanager:spend-guard/slack; never the secret itself, got nothing',
  ],
  ['a kind in other letters', { a: { ...PAGER, kind: 'pagerduty' } }, "got 'pagerduty'; nearest: 'pagerDuty'"],
  ['no kind', { a: { secret: 'ssm:/x' } }, 'a.kind: must be '],
  ['a kind that is no text', { a: { kind: 7 } }, 'got number'],
  [
    "a channel's name in Slack",
    { a: { ...BOT, channelId: '#spend' } },
    "a.channelId: must be a channel's id in Slack such as C0123ABCDEF, from its details; not its name, got '#spend'",
  ],
  [
    'a setting of another kind',
    { a: { ...BOT, url: 'https://x.example.com' } },
    'a.url: is not a setting; allowed here: workspaceId, channelId, tells (slack); channelId, secret, tells (slackBot); ',
  ],
  [
    'an address that is not encrypted',
    { a: { ...WEBHOOK, url: 'http://hooks.example.com' } },
    'a.url: must be an address of HTTPS such as https://hooks.example.com/spend, got a text of 24 characters, which is not shown',
  ],
  ['a name in capitals', { Finance: BOT }, 'Finance: must be a name such as finance-slack'],
  ['a name of 33 characters', { ['a'.repeat(33)]: BOT }, 'must be a name such as finance-slack'],
  ['a list', [BOT], ': must be an object { … }, got a list'],
  [
    'one target twice',
    { a: BOT, b: { ...BOT, secret: 'ssm:/other' } },
    "b: tells whom 'a' tells already: keep one of them",
  ],
  ['one channel of Slack in two ways', { a: SLACK, b: BOT }, "b: tells whom 'a' tells already"],
  ['one webhook twice', { a: slackWebhook('ssm:/x'), b: slackWebhook('ssm:/x') }, "b: tells whom 'a' tells already"],
  [
    'one address written in two ways',
    { a: WEBHOOK, b: { ...WEBHOOK, url: 'HTTPS://hooks.EXAMPLE.com:443/spend', secret: 'ssm:/b' } },
    "b: tells whom 'a' tells already",
  ],
  [
    'one channel of Teams written in two ways',
    { a: TEAMS, b: { ...TEAMS, channelId: '19:abc@thread.tacv2' } },
    "b: tells whom 'a' tells already",
  ],
  [
    'a secret of two kinds',
    { a: slackWebhook('ssm:/x'), b: { kind: 'pagerDuty', secret: 'ssm:/x' } },
    "b.secret: is that of 'a', which is of kind 'slackWebhook' and holds something else than 'pagerDuty' needs; got 'ssm:/x'",
  ],
  [
    'a name and a password in an address',
    { a: { ...WEBHOOK, url: 'https://me:hidden@example.com/' } },
    'a.url: must have no name and password in it',
  ],
  [
    'a token in an address',
    { a: { ...WEBHOOK, url: 'https://example.com/?Token=hidden' } },
    'a.url: must have no secret in it, as its Token seems to be',
  ],
  [
    'a webhook of Slack as any webhook',
    { a: { ...WEBHOOK, url: 'https://hooks.slack.com/services/T/B/hidden' } },
    "a.url: is an address of its own kind: use kind 'slackWebhook'",
  ],
  [
    'a workflow of Teams as any webhook',
    { a: { ...WEBHOOK, url: 'https://prod-1.westus.logic.azure.com/workflows/hidden' } },
    "a.url: is an address of its own kind: use kind 'teamsWebhook'",
  ],
  [
    'PagerDuty as any webhook',
    { a: { ...WEBHOOK, url: 'https://events.pagerduty.com/v2/enqueue' } },
    "use kind 'pagerDuty'",
  ],
])('%s', (_name, channels, expected) => {
  const told = problems(channels);
  expect(told.join('\n')).toContain(`${expected.startsWith(':') ? PLACE : ''}${expected}`);
  expect(told.join('\n')).toContain(PLACE);
  expect(told.join('\n')).not.toContain('hidden');
});

test('each mistake is told once', () => {
  expect(problems({ a: { kind: 'slak' } })).toHaveLength(1);
  expect(problems({ a: { ...BOT, channelId: '#spend' } })).toHaveLength(1);
  expect(problems({ a: BOT, b: { ...BOT, secret: 'ssm:/b' } })).toHaveLength(1);
});

test('one bot may speak in several channels, and sign several webhooks', () => {
  const second = { ...WEBHOOK, url: 'https://hooks.example.com/other' };
  expect(problems({ a: BOT, b: { ...BOT, channelId: 'C0123OTHERS' }, c: WEBHOOK, d: second })).toEqual([]);
});

test.each([
  [20, 0],
  [21, 1],
])('%i channels have %i problems', (count, found) => {
  const many = Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, slackWebhook(`ssm:/x${at}`)]));
  const told = problems(many);
  expect(told).toHaveLength(found);
  if (found > 0) expect(told[0]).toBe(`${PLACE}: has 21 channels, at most 20: tell groups, not people`);
});

describe("Amazon Q has one configuration of a chat's channel in an account", () => {
  const two = (kind: object, accounts: readonly [string?, string?] = []) => {
    const input = changed('dev', { channels: { a: kind }, ...(accounts[0] ? { account: accounts[0] } : {}) });
    const staging = {
      ...input.environments.staging,
      channels: { b: kind },
      ...(accounts[1] ? { account: accounts[1] } : {}),
    };
    return problemsOf({ ...input, environments: { ...input.environments, staging } });
  };

  test.each([
    ['slack', SLACK, 'slackBot'],
    ['teams', TEAMS, 'teamsWebhook'],
  ])('%s', (_name, channel, other) => {
    expect(two(channel)).toEqual([
      `environments.staging.channels.b: is told by 'dev' already, as 'a', and Amazon Q takes a chat's channel once in the account of whoever deploys: name another channel, or use kind '${other}' here`,
    ]);
    expect(two(channel, ['111122223333', '111122223333'])).toHaveLength(1);
    expect(two(channel, ['111122223333', '444455556666'])).toEqual([]);
  });

  test('others may be told by several environments', () => {
    for (const channel of [BOT, WEBHOOK, PAGER, slackWebhook('ssm:/x')]) expect(two(channel)).toEqual([]);
  });
});
