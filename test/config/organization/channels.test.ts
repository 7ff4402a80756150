import { allowedKeysAt, allowedText } from '../../../config/allowed-keys';
import { channelsSchema } from '../../../config/channel-shapes';
import { defineOrganization } from '../../../config/organization-schema';
import example from '../../../config/organization-example';
import { SOME_CHANNELS } from '../../helpers/some-channels';
import { changed as changedGuard, problemsOf as problemsOfGuard } from '../changed-guard';
import { loadGuard } from '../../../config/load';
import { changed, loaded, problemsOf } from './changed';

const { bot: BOT, pager: PAGER, web: WEBHOOK, finance: SLACK } = SOME_CHANNELS;
const problems = (channels: unknown, more: object = {}) => problemsOf(changed({ channels, ...more }));
const NOW = Date.parse('2026-11-29T00:00:00Z');

test('there are none unless the file names some', () => {
  expect(loaded().channels).toEqual([]);
  expect(loaded({ channels: {} }).channels).toEqual([]);
});

test('they are what an environment has', () => {
  const { environments } = loadGuard(changedGuard('dev', { channels: SOME_CHANNELS }), NOW);
  expect(loaded({ channels: SOME_CHANNELS }).channels).toHaveLength(7);
  expect(loaded({ channels: SOME_CHANNELS }).channels).toEqual(
    environments.find(({ name }) => name === 'dev')!.channels,
  );
});

const TOKEN = 'xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy';
const many = Object.fromEntries(
  Array.from({ length: 21 }, (_, at) => [`a${at}`, { kind: 'slackWebhook', secret: `ssm:/x${at}` }]),
);

test.each<[string, unknown]>([
  ['an unknown kind', { a: { kind: 'slak', secret: 'ssm:/x' } }],
  ['a kind that there is not', { a: { kind: 'discord', secret: 'ssm:/x' } }],
  ['no kind', { a: { secret: 'ssm:/x' } }],
  ['no secret', { a: { kind: 'pagerDuty' } }],
  ['a secret in its place', { a: { ...BOT, secret: TOKEN } }],
  ['a secret behind the prefix', { a: { ...BOT, secret: `ssm:/${TOKEN}` } }],
  ['a secret beside it', { a: { ...BOT, token: TOKEN } }],
  ['a secret as the name', { [TOKEN]: BOT }],
  ['a secret as a channel', { a: TOKEN }],
  ['a secret as all of it', TOKEN],
  ['a secret as an id', { a: { ...BOT, channelId: TOKEN } }],
  ['a secret nobody knows by its form', { a: { ...BOT, secret: 'correct horse battery staple' } }],
  ["a channel's name in Slack", { a: { ...BOT, channelId: '#spend' } }],
  ['a setting of another kind', { a: { ...BOT, url: 'https://x.example.com' } }],
  ['an address that is not encrypted', { a: { ...WEBHOOK, url: 'http://hooks.example.com' } }],
  ['an address of the inside', { a: { ...WEBHOOK, url: 'https://10.0.0.1/spend' } }],
  ['a token in an address', { a: { ...WEBHOOK, url: 'https://example.com/?token=hidden' } }],
  ['a name in capitals', { Finance: BOT }],
  ['a list', [BOT]],
  ['one target twice', { a: SLACK, b: { ...BOT, channelId: SLACK.channelId } }],
  ['a secret of two kinds', { a: { kind: 'slackWebhook', secret: 'ssm:/x' }, b: { ...PAGER, secret: 'ssm:/x' } }],
  ['too many', many],
  ['several mistakes', { a: { kind: 'slak' }, b: { ...BOT, channelId: 7 }, c: { ...PAGER, tells: 'nothing' } }],
])('%s is told as of an environment, without its path, and no secret is repeated', (_what, channels) => {
  const ofEnvironment = problemsOfGuard(changedGuard('dev', { channels }));
  const found = problems(channels);
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(ofEnvironment.map((text) => text.replaceAll('environments.dev.', '')));
  expect(found.join('\n')).not.toMatch(/xoxb-17|correct horse|hidden/);
});

test('an id that is no secret is shown, so that who wrote it finds it', () => {
  expect(problems({ a: { ...BOT, channelId: '#spend' } })).toEqual([
    "channels.a.channelId: must be a channel's id in Slack such as C0123ABCDEF, from its details; not its name, got '#spend'",
  ]);
  expect(problems({ a: { ...BOT, secret: TOKEN } })[0]).toMatch(/^channels\.a\.secret: must be where a secret is: /);
});

test('where CloudFormation has no Amazon Q for chats the kinds that need none are named', () => {
  const found = problems({ a: SLACK, b: PAGER }, { hubRegion: 'us-gov-west-1' });
  expect(found.filter((text) => text.startsWith('channels'))).toEqual([
    "channels.a.kind: must be 'slackBot' or 'slackWebhook': CloudFormation has no Amazon Q for chats in us-gov-west-1, got 'slack'",
  ]);
});

test('a mistake elsewhere hides none of them', () => {
  const found = problems({ a: { kind: 'slak' } }, { owner: 'x' });
  expect(found.map((text) => text.split(':')[0])).toEqual(['owner', 'channels.a.kind']);
});

test('a setting that is none is told with those of each kind', () => {
  expect(problems({ a: { ...BOT, nothing: 1 } })[0]).toContain(allowedText(allowedKeysAt(channelsSchema, ['a'])));
});

test('wrong types are compile errors too', () => {
  const mistakes = [
    // @ts-expect-error a kind of channel is one of seven
    () => defineOrganization({ ...example, channels: { a: { kind: 'discord', secret: 'ssm:/x' } } }),
  ];
  expect(mistakes).toHaveLength(1);
});
