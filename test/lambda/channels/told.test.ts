import { slackTexts, cardTexts } from '../../helpers/channel-checks';
import { CHANNELS, ChannelsWorld, NOON, noticeOf } from '../../helpers/channels-world';
import { MINUTE_MS } from '../../../core/calendar';
import type { Notice } from '../../../core/notice';

const firing = noticeOf();
const resolved = noticeOf({ status: 'resolved', at: NOON + 60 * MINUTE_MS });

test('a notice is told to every channel, in the format that its service takes', async () => {
  const world = new ChannelsWorld();
  const result = await world.tell(firing);
  expect(result).toMatchObject({ notices: 1, accepted: 6, delivered: 6, silent: [], troubles: [] });
  expect(world.server.violations).toEqual([]);
  const services = world.server.posts.map(({ service }) => service);
  expect(services.toSorted()).toEqual(['pagerDuty', 'slackBot', 'slackWebhook', 'teamsWebhook', 'webhook']);
  expect(world.chats).toHaveLength(1);
});

test('each says where, how much of what, what happened, what to do, who may, and how bad in words', async () => {
  const world = new ChannelsWorld();
  await world.tell(firing);
  const said = {
    bot: slackTexts(world.posts('slackBot')[0]!),
    hook: slackTexts(world.posts('slackWebhook')[0]!),
    card: cardTexts(world.posts('teamsWebhook')[0]!),
    pager: [JSON.stringify(world.posts('pagerDuty')[0])],
    own: [JSON.stringify(world.posts('webhook')[0])],
    chat: [JSON.stringify(world.chats[0])],
  };
  for (const [channel, texts] of Object.entries(said)) {
    const all = texts.join('\n').toUpperCase();
    for (const part of [
      'CRITICAL',
      'PROD',
      '$41.20',
      '$50.00',
      'REACHED 80%',
      'HAS COST',
      'SPEND-GUARD COSTS',
      'WHOEVER MAY',
      'FINDINGS',
    ]) {
      expect([channel, part, all.includes(part)]).toEqual([channel, part, true]);
    }
  }
});

test('the same message twice, and the same notice by two messages, are told once', async () => {
  const world = new ChannelsWorld();
  const record = world.recordOf(firing);
  await world.run({ Records: [record] });
  expect(await world.run({ Records: [record] })).toMatchObject({ known: 6, delivered: 0 });
  expect(await world.tell(firing)).toMatchObject({ known: 6, delivered: 0 });
  expect(world.server.posts).toHaveLength(5);
});

test('what is over changes the message where the channel can, and is a message of its own where it cannot', async () => {
  const world = new ChannelsWorld();
  await world.tell(firing);
  world.now = NOON + 60 * MINUTE_MS;
  await world.tell(resolved);
  expect(world.server.messages).toHaveLength(1);
  expect(slackTexts(world.server.messages[0]!.body)[0]).toMatch(/^OVER: prod: Spend is under 80% again/);
  expect(world.server.incidents).toEqual([expect.objectContaining({ isOpen: false })]);
  expect(world.posts('slackWebhook')).toHaveLength(2);
  const threads = world.chats.map(({ metadata }) => (metadata as { threadId: string }).threadId);
  expect(new Set(threads).size).toBe(1);
  expect(world.server.violations).toEqual([]);
});

test('two accounts with an environment of one name share a pager and a receiver, and end nothing of each other', async () => {
  const [one, other] = [new ChannelsWorld(), new ChannelsWorld()];
  const topic = 'arn:aws:sns:us-east-1:222222222222:alerts';
  Object.assign(other, { server: one.server, http: one.http, env: { ...other.env, ALERT_TOPIC_ARN: topic } });
  const tellOther = (notice: Notice) => {
    const { Sns } = other.recordOf(notice);
    return other.run({ Records: [{ Sns: { ...Sns, TopicArn: topic } }] });
  };
  await one.tell(firing);
  await tellOther(firing);
  await one.tell(resolved);
  expect(one.server.incidents.map(({ key, isOpen }) => [key.slice(0, 12), isOpen])).toEqual([
    ['111111111111', false],
    ['222222222222', true],
  ]);
  expect(one.server.handled.size).toBe(3);
  const threadOf = ({ chats: [chat] }: ChannelsWorld) => (chat as { metadata: { threadId: string } }).metadata.threadId;
  expect(threadOf(one)).not.toBe(threadOf(other));
  expect(JSON.stringify([other.chats, one.posts('teamsWebhook')[1], one.posts('slackWebhook')[1]])).toMatch(
    /(prod, account 222222222222, us-east-1.*){3}/,
  );
});

test('while a message is under way no other run sends it', async () => {
  const world = new ChannelsWorld();
  let isFirst = true;
  const answer = world.server.answer.bind(world.server);
  world.server.answer = async (request) => {
    if (isFirst) {
      isFirst = false;
      await Promise.all([world.catchUp(), world.tell(firing), world.catchUp()]);
    }
    return answer(request);
  };
  await world.tell(firing);
  expect(world.server.posts).toHaveLength(5);
  expect(JSON.stringify(world.server.posts)).not.toContain('Sent again');
});

test('a notice that comes while another of its fact is under way is told after it', async () => {
  const world = new ChannelsWorld();
  let isFirst = true;
  const answer = world.server.answer.bind(world.server);
  world.server.answer = async (request) => {
    if (isFirst) {
      isFirst = false;
      await world.tell(resolved);
    }
    return answer(request);
  };
  await world.tell(firing);
  await world.catchUp();
  expect(world.server.incidents).toEqual([expect.objectContaining({ isOpen: false })]);
  expect(world.posts('slackWebhook').map((body) => slackTexts(body)[0]!.split(':')[0])).toEqual(['CRITICAL', 'OVER']);
});

test('a new episode of a fact is a new message, and a new incident', async () => {
  const world = new ChannelsWorld();
  await world.tell(firing);
  await world.tell(resolved);
  world.now = NOON + 120 * MINUTE_MS;
  await world.tell(noticeOf({ at: world.now }));
  expect(world.server.messages).toHaveLength(2);
  expect(world.server.incidents.map(({ isOpen }) => isOpen)).toEqual([false, true]);
});

test.each([
  ['just before a day', 24 * 60 * MINUTE_MS - 1, 1],
  ['after a day', 24 * 60 * MINUTE_MS, 2],
])('a firing %s of silence changes the message, or is one of its own: %#', async (_when, after, messages) => {
  const world = new ChannelsWorld();
  await world.tell(firing);
  world.now = NOON + after;
  await world.tell(noticeOf({ at: world.now }));
  expect(world.server.messages).toHaveLength(messages);
});

test('a pager is told what somebody must act on, and its end, and nothing else', async () => {
  const world = new ChannelsWorld(CHANNELS.filter(({ name }) => name === 'pager'));
  await world.tell(noticeOf({ fact: 'report', status: 'once', urgency: 'info' }));
  await world.tell(noticeOf({ fact: 'quiet', urgency: 'info' }));
  expect(world.posts('pagerDuty')).toEqual([]);
  await world.tell(noticeOf({ fact: 'loud', urgency: 'warning' }));
  await world.tell(noticeOf({ fact: 'loud', status: 'resolved', urgency: 'info', at: NOON + 1 }));
  expect(world.posts('pagerDuty').map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
});

test('what began comes after what ended: one message, which says both', async () => {
  const world = new ChannelsWorld();
  await world.tell(resolved);
  expect(world.server.posts).toEqual([]);
  await world.tell(firing);
  expect(world.posts('slackWebhook')).toHaveLength(1);
  const texts = slackTexts(world.posts('slackWebhook')[0]!).join('\n');
  expect(texts).toContain('OVER');
  expect(texts).toContain('From 2026-11-29 12:00 UTC on: Spend has reached 80%');
});

test.each([
  ['just before ten minutes', 10 * MINUTE_MS - 1, 0],
  ['after ten minutes', 10 * MINUTE_MS, 1],
])('an end whose beginning nobody heard of is told %s: %#', async (_when, after, posts) => {
  const world = new ChannelsWorld();
  await world.tell(resolved);
  world.now += after;
  await world.catchUp();
  expect(world.posts('slackWebhook')).toHaveLength(posts);
});

test('what is late is not told as new', async () => {
  const world = new ChannelsWorld();
  await world.tell(noticeOf({ at: NOON - 5 * MINUTE_MS }));
  await world.tell(resolved);
  const result = await world.tell(noticeOf({ at: NOON - MINUTE_MS, key: 'late' }));
  expect(result).toMatchObject({ late: 6, delivered: 0 });
  expect(world.server.incidents).toEqual([expect.objectContaining({ isOpen: false })]);
});
