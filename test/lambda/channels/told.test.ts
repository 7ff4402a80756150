import { slackTexts, cardTexts } from '../../helpers/channel-checks';
import { BUDGETS, CHANNELS, ChannelsWorld, NOON, noticeOf } from '../../helpers/channels-world';
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

describe('a notice that is not believed', () => {
  test('one that says to be of a time to come mutes its fact for minutes, and not for ever', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    await world.tell(noticeOf({ at: 8.6e15, status: 'resolved' }));
    world.now = NOON + 10 * MINUTE_MS - 1;
    expect(await world.tell(noticeOf({ at: world.now, key: 'just before' }))).toMatchObject({ late: 6 });
    world.now = NOON + 10 * MINUTE_MS + 1;
    expect(await world.tell(noticeOf({ at: world.now, key: 'just after' }))).toMatchObject({ late: 0, accepted: 6 });
    expect(world.server.incidents.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  test("one of another environment ends nothing of this one's: it is told as a text", async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    world.now = NOON + 60 * MINUTE_MS;
    const result = await world.tell({ ...resolved, environment: 'dev' });
    expect(result.troubles).toEqual([expect.stringContaining('it is of another environment: dev')]);
    expect(world.server.incidents.every(({ isOpen }) => isOpen)).toBe(true);
    expect(slackTexts(world.posts('slackWebhook').at(-1)!)[0]).toMatch(/^WARNING: prod: /);
  });
});

describe('an episode that becomes more urgent', () => {
  const degraded = noticeOf({ urgency: 'warning', title: 'The meter is degraded' });
  const stopped = noticeOf({ at: NOON + 60 * MINUTE_MS, title: 'The meter has stopped' });
  const keys = (world: ChannelsWorld) =>
    world.server.incidents.map(({ key, isOpen }) => [key.split('|').at(-1), isOpen]);

  async function escalated() {
    const world = new ChannelsWorld();
    await world.tell(degraded);
    world.now = NOON + 60 * MINUTE_MS;
    return world;
  }

  test('calls people again: a new message, which is the one that is changed from then on, and a new incident', async () => {
    const world = await escalated();
    await world.tell(stopped);
    expect(world.server.messages).toHaveLength(2);
    expect(keys(world)).toEqual([
      ['warning', false],
      ['critical', true],
    ]);
    world.now += 60 * MINUTE_MS;
    await world.tell(noticeOf({ at: world.now, title: 'It stands still' }));
    await world.tell(noticeOf({ at: world.now + 1, urgency: 'warning', title: 'It is degraded again' }));
    expect(world.server.messages).toHaveLength(2);
    expect(slackTexts(world.server.messages[1]!.body)[0]).toContain('It is degraded again');
    expect(keys(world)).toHaveLength(2);
    await world.tell(noticeOf({ status: 'resolved', at: world.now + 2 }));
    expect(slackTexts(world.server.messages[1]!.body)[0]).toMatch(/^OVER/);
    expect(keys(world).map(([, isOpen]) => isOpen)).toEqual([false, false]);
  });

  test.each([1, 2])(
    'the pager falls silent at its request %i: nothing is open twice in the end, nor told late',
    async (nth) => {
      const world = await escalated();
      const answer = world.server.answer.bind(world.server);
      let asked = 0;
      world.server.answer = async (request) => {
        const answered = await answer(request);
        return request.url.endsWith('/enqueue') && ++asked === nth ? { kind: 'unanswered', why: 'closed' } : answered;
      };
      await world.tell(stopped);
      expect(keys(world).at(-1)).toEqual(['critical', true]);
      await world.tell(noticeOf({ at: world.now + 1, title: 'It stands still' }));
      world.now += 5 * MINUTE_MS;
      await world.catchUp();
      expect(keys(world)).toEqual([
        ['warning', false],
        ['critical', true],
      ]);
    },
  );

  test('an end of which nobody knows what was open resolves whatever may be', async () => {
    const world = await escalated();
    world.deliveries.deliveries.delete('pager#line|80');
    await world.tell(noticeOf({ status: 'resolved', urgency: 'warning', at: world.now }));
    world.now += 10 * MINUTE_MS;
    await world.catchUp();
    expect(keys(world)).toEqual([['warning', false]]);
  });
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

test("alarms, AWS Budgets' words and any text are told too", async () => {
  const world = new ChannelsWorld();
  const alarm = {
    AlarmName: 'spend-guard-prod-spend-meter-missing-runs',
    AlarmDescription: 'The meter does not run',
    NewStateValue: 'ALARM',
    NewStateReason: 'no datapoints',
    StateChangeTime: '2026-11-29T11:58:00.000+0000',
  };
  const budget =
    'Dear AWS Customer,\n\nBudget Name: prod-monthly\nBudgeted Amount: $1,250.00\nAlert Threshold: > $1,000.00\nACTUAL Amount: $1,001.25';
  await world.run({
    Records: [
      world.record({ subject: 'ALARM: "x"', text: JSON.stringify(alarm) }),
      world.record({ subject: 'AWS Budgets: prod-monthly has exceeded', text: budget, topicArn: BUDGETS }),
      world.record({ text: 'somebody publishes by hand' }),
    ],
  });
  const texts = world.posts('slackWebhook').map((body) => slackTexts(body).join('\n'));
  expect(texts).toHaveLength(3);
  expect(texts[0]).toMatch(/CRITICAL: prod: Alarm spend-meter-missing-runs is on/);
  expect(texts[1]).toContain('$1,001.25 of $1,250.00 (80%)');
  expect(texts[2]).toContain('somebody publishes by hand');
  expect(world.server.violations).toEqual([]);
});

test.each([
  ['findings', {}],
  ['findings', { OKActions: ['arn:aws:sns:us-east-1:111111111111:alerts'] }],
  ['of-yours', { OKActions: [] }],
])('an alarm without an end is news each time: %s %j', async (what, actions) => {
  const world = new ChannelsWorld();
  for (const day of ['01', '01', '21']) {
    const alarm = {
      ...{ AlarmName: `spend-guard-prod-${what}`, NewStateValue: 'ALARM', ...actions },
      StateChangeTime: `2026-11-${day}T11:58:00.000+0000`,
    };
    await world.run({ Records: [world.record({ text: JSON.stringify(alarm) })] });
  }
  expect(world.server.messages).toHaveLength(2);
  expect(slackTexts(world.server.messages[1]!.body)[0]).toBe(`WARNING: prod: Alarm ${what} is on`);
  expect(world.server.incidents).toHaveLength(2);
});

test('an attribute that is broken loses nothing: the text is told', async () => {
  const world = new ChannelsWorld();
  const attributes = { 'spend-guard-notice': '[{"schemaVersion":7}]' };
  const result = await world.run({
    Records: [world.record({ subject: '[prod] Spend', text: 'the mail', attributes })],
  });
  expect(result).toMatchObject({ notices: 1, delivered: 6 });
  expect(result.troubles).toHaveLength(1);
  expect(slackTexts(world.posts('slackWebhook')[0]!)[0]).toBe('WARNING: prod: Spend');
});

test.each([
  [undefined],
  [{}],
  [{ Records: [] }],
  [{ source: 'aws.events' }],
  [{ Records: [{ Sns: { Message: 'secret' } }] }],
])('what is no event of its is refused, and quoted nowhere: %j', async (event) => {
  const refusal = await new ChannelsWorld().run(event).catch((error: unknown) => error as Error);
  expect(refusal).toMatchObject({ code: 'EVENT_INVALID' });
  expect((refusal as Error).message).not.toContain('secret"');
});
