import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { AGAIN } from '../../../core/channels/telling';
import type { Service } from '../../helpers/channel-server';
import { slackTexts } from '../../helpers/channel-checks';
import { ILL, pass, postsOf, SERVICES } from '../../helpers/channels-stories';
import { CHANNELS, ChannelsWorld, NOON, noticeOf } from '../../helpers/channels-world';

describe.each(SERVICES)('%s', (name, service) => {
  test.each(ILL)('%s: others are told at once; it is told once it is well, in order and once', async (_what, mode) => {
    const world = new ChannelsWorld();
    world.server.set(service, mode);
    await world.tell(noticeOf());
    for (const [other, one] of SERVICES) {
      if (other !== name) expect([other, postsOf(world, one)]).toEqual([other, 1]);
    }
    expect(postsOf(world, service)).toBe(0);
    await pass(world, 90 * MINUTE_MS);
    expect(postsOf(world, service)).toBe(0);
    world.server.set(service, 'well');
    await pass(world, 2 * HOUR_MS);
    expect(postsOf(world, service)).toBe(1);
    expect(world.server.violations).toEqual([]);
    expect(world.deliveries.states.get(name)!.trouble).toBeUndefined();
  });

  test.each(ILL)(
    '%s: people are mailed once, and once that it is over; the channel is told of neither',
    async (_what, mode) => {
      const world = new ChannelsWorld();
      world.server.set(service, mode);
      await world.tell(noticeOf());
      await pass(world, 90 * MINUTE_MS);
      expect(world.mail.sent.map(({ subject }) => subject)).toEqual([
        expect.stringMatching(`^\\[prod\\] Channel ${name} cannot be told: `),
      ]);
      expect(world.findings.at(-1)).toBe(1);
      world.server.set(service, 'well');
      await pass(world, 2 * HOUR_MS);
      expect(world.mail.sent.map(({ subject }) => subject).slice(1)).toEqual([`[prod] Channel ${name} is told again`]);
      expect(world.findings.at(-1)).toBe(0);
      expect(JSON.stringify(world.posts(service))).not.toContain(`Channel ${name}`);
      // Others are: on, and over.
      for (const [other, one] of SERVICES) {
        if (other === name) continue;
        const told = world.posts(one).filter((body) => JSON.stringify(body).includes(`Channel ${name}`));
        expect([other, told.length]).toEqual([other, 2]);
      }
    },
  );
});

test.each([
  ['just before half an hour', 25 * MINUTE_MS, 0],
  ['after half an hour', 30 * MINUTE_MS, 1],
])('what does not answer is mailed %s: %#', async (_when, after, mails) => {
  const world = new ChannelsWorld();
  world.server.set('slackWebhook', 'deaf');
  await world.tell(noticeOf());
  await pass(world, after);
  expect(world.mail.sent).toHaveLength(mails);
});

test('a service that asks for a wait is left alone for so long, and an hour at most', async () => {
  for (const [retryAfter, tries] of [
    ['1200', 2],
    ['999999', 1],
  ] as const) {
    const world = new ChannelsWorld(CHANNELS.filter(({ name }) => name === 'hook'));
    world.server.set('slackWebhook', { status: 429, retryAfter });
    await world.tell(noticeOf());
    await pass(world, 25 * MINUTE_MS);
    expect([retryAfter, world.server.requests.length]).toEqual([retryAfter, tries]);
    await pass(world, 40 * MINUTE_MS);
    expect(world.server.requests.length).toBeGreaterThan(tries);
  }
});

test('after an outage each fact is told once, as it stands', async () => {
  const world = new ChannelsWorld();
  world.server.set('slackWebhook', 'refuses-connections');
  for (let n = 0; n < 20; n++) {
    for (let turn = 0; turn < 5; turn++) {
      const status = turn % 2 === 0 ? ('firing' as const) : ('resolved' as const);
      await world.tell(noticeOf({ fact: `fact ${n}`, status, at: NOON + turn * 1000, title: `${n} turn ${turn}` }));
    }
  }
  world.server.set('slackWebhook', 'well');
  await pass(world, HOUR_MS);
  const told = world.posts('slackWebhook').map((body) => slackTexts(body)[0]);
  expect(told).toHaveLength(20);
  expect(told.every((headline) => headline!.endsWith('turn 4'))).toBe(true);
});

test('what had an end while nobody could be told is one message, which says that it was and is over', async () => {
  const world = new ChannelsWorld();
  world.server.set('slackWebhook', 'refuses-connections');
  await world.tell(noticeOf());
  await world.tell(noticeOf({ status: 'resolved', at: NOON + HOUR_MS }));
  world.server.set('slackWebhook', 'well');
  await pass(world, 15 * MINUTE_MS);
  expect(world.posts('slackWebhook')).toHaveLength(1);
  expect(slackTexts(world.posts('slackWebhook')[0]!).join('\n')).toMatch(/OVER[^]*From 2026-11-29 12:00 UTC on/);
});

describe('no answer came, though it was done', () => {
  test.each<[Service, number]>([
    ['pagerDuty', 1],
    ['webhook', 1],
  ])('%s is sent the same again, which it knows by its key', async (service, once) => {
    const world = new ChannelsWorld();
    world.server.set(service, 'lost');
    await world.tell(noticeOf());
    world.server.set(service, 'well');
    await pass(world, 10 * MINUTE_MS);
    expect(world.posts(service)).toHaveLength(2);
    expect(service === 'webhook' ? world.server.handled.size : world.server.incidents.length).toBe(once);
    expect(world.server.violations).toEqual([]);
  });

  test.each<[string, Service, number, boolean]>([
    ['a webhook', 'slackWebhook', 500, false],
    ['a webhook', 'slackWebhook', 503, false],
    ['a bot that sees a part of what was said', 'slackBot', 503, true],
  ])('%s (%s) that answers %i after it was done says that it is sent again', async (_who, service, status, isPart) => {
    const world = new ChannelsWorld();
    world.server.hasLongHistory = isPart;
    world.server.set(service, { doneThen: status });
    await world.tell(noticeOf());
    world.server.set(service, 'well');
    await pass(world, 10 * MINUTE_MS);
    expect(world.posts(service).map((body) => JSON.stringify(body).includes(AGAIN))).toEqual([false, true]);
  });

  test('the bot looks whether its message is there, and posts none', async () => {
    const world = new ChannelsWorld();
    world.server.set('slackBot', 'lost');
    await world.tell(noticeOf());
    world.server.set('slackBot', 'well');
    await pass(world, 10 * MINUTE_MS);
    expect(world.server.messages).toHaveLength(1);
    await world.tell(noticeOf({ status: 'resolved', at: NOON + HOUR_MS }));
    expect(world.server.messages).toHaveLength(1);
    expect(slackTexts(world.server.messages[0]!.body)[0]).toMatch(/^OVER/);
  });

  test.each<[string, Service]>([
    ['a bot that may not look', 'slackBot'],
    ["a webhook of Slack's", 'slackWebhook'],
    ["a workflow of Teams'", 'teamsWebhook'],
  ])('%s says that it is sent again', async (_who, service) => {
    const world = new ChannelsWorld();
    world.server.set(service, 'lost');
    await world.tell(noticeOf());
    world.server.set(service, service === 'slackBot' ? 'no-history' : 'well');
    await pass(world, 10 * MINUTE_MS);
    const told = world.posts(service).map((body) => JSON.stringify(body).includes(AGAIN));
    expect(told).toEqual([false, true]);
  });
});

test('a message that its service does not take is told in short, and holds up no other', async () => {
  const world = new ChannelsWorld();
  world.server.set('slackWebhook', { status: 400, body: 'invalid_blocks' });
  await world.tell(noticeOf());
  world.server.set('slackWebhook', 'well');
  await world.tell(noticeOf({ fact: 'another' }));
  expect(world.posts('slackWebhook')).toHaveLength(1);
  await pass(world, 65 * MINUTE_MS);
  expect(world.posts('slackWebhook')).toHaveLength(2);
  const texts = slackTexts(world.posts('slackWebhook')[1]!);
  expect(texts.join('\n')).toContain('Spend has reached 80%');
  expect(texts.join('\n')).not.toContain('npx spend-guard');
});

test.each([
  ['just before two weeks', 14 * DAY_MS - MINUTE_MS, false],
  ['after two weeks', 14 * DAY_MS, true],
])('what a channel does not take is given up and named %s: %#', async (_when, after, isGone) => {
  const world = new ChannelsWorld();
  world.server.set('slackWebhook', 'gone');
  await world.tell(noticeOf());
  world.server.set('slackWebhook', 'well');
  world.now += after;
  await world.catchUp();
  expect(JSON.stringify(world.lines.at(-1)).includes("gave up 'Spend has reached 80%'")).toBe(isGone);
  expect(postsOf(world, 'slackWebhook')).toBe(isGone ? 0 : 1);
});

test('where the table does not answer the messages are brought again; what one channel cannot write is no hindrance for others', async () => {
  const world = new ChannelsWorld();
  world.deliveries.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
  await expect(world.tell(noticeOf())).rejects.toMatchObject({ refusal: 'throttled' });
  expect(world.server.posts).toEqual([]);
  world.deliveries.failure = undefined;
  world.deliveries.unread.add('bot#line|80');
  await expect(world.tell(noticeOf())).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  expect(world.server.posts).toHaveLength(4);
  await world.catchUp();
  expect(JSON.stringify(world.lines.at(-1))).toContain('channels/bot#line|80 cannot be read');
});

test('mails that cannot be sent are sent later', async () => {
  const world = new ChannelsWorld();
  world.server.set('slackWebhook', 'revoked');
  world.mail.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
  await world.tell(noticeOf());
  world.mail.failure = undefined;
  await pass(world, 10 * MINUTE_MS);
  expect(world.mail.sent).toHaveLength(1);
});
