import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { type Channel, placeOf } from '../../../core/channels';
import { AGAIN } from '../../../core/channels/telling';
import { slackTexts } from '../../helpers/channel-checks';
import { back, pass, subjects, without } from '../../helpers/channels-stories';
import { CHANNELS, ChannelsWorld, NOON, noticeOf } from '../../helpers/channels-world';

const firing = noticeOf();
const resolved = noticeOf({ status: 'resolved', at: NOON + MINUTE_MS });

describe('a channel that comes back under its name', () => {
  test('is told what is new by a new message, and nothing that was before', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    world.server.set('slackBot', 'refuses-connections');
    await world.tell(noticeOf({ at: NOON + 1, title: 'It waits' }));
    without(world, 'bot');
    await pass(world, 5 * MINUTE_MS);
    back(world);
    world.server.set('slackBot', 'well');
    await pass(world, HOUR_MS);
    expect(await world.tell(noticeOf({ at: NOON + 1, key: 'late' }))).toMatchObject({ late: 1 });
    const before = world.server.messages.length;
    await world.tell(noticeOf({ at: world.now, title: 'It fires again' }));
    expect(world.server.messages).toHaveLength(before + 1);
    expect(slackTexts(world.server.messages.at(-1)!.body)[0]).toContain('It fires again');
    expect(JSON.stringify(world.server.posts.filter(({ service }) => service === 'slackBot'))).not.toContain(
      'It waits',
    );
  });

  test('before anybody has seen that it was gone, nothing has happened', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    without(world, 'pager');
    await world.tell(noticeOf({ fact: 'meanwhile' }));
    back(world);
    await world.tell(resolved);
    await pass(world, 10 * MINUTE_MS);
    expect(subjects(world)).toEqual([]);
    expect(world.server.incidents).toEqual([expect.objectContaining({ isOpen: false })]);
  });

  test('waits for nothing that it waited for before', async () => {
    const world = new ChannelsWorld();
    world.server.set('slackWebhook', 'revoked');
    await world.tell(firing);
    without(world, 'hook');
    await pass(world, 5 * MINUTE_MS);
    back(world);
    world.server.set('slackWebhook', 'well');
    await world.tell(noticeOf({ fact: 'new' }));
    expect(world.posts('slackWebhook')).toHaveLength(1);
    expect(world.deliveries.states.get('hook')).toMatchObject({ failures: 0, pausedUntil: 0 });
  });
});

describe('a name that is given to another place', () => {
  const move = (world: ChannelsWorld, name: string, to: Channel) => {
    world.env = { ...world.env, CHANNELS: CHANNELS.map((one) => (one.name === name ? to : one)) };
  };
  const bot = (channelId: string): Channel => ({ ...CHANNELS[0]!, channelId }) as Channel;
  const pager: Channel = {
    ...{ name: 'pager', kind: 'pagerDuty', tells: 'urgent' },
    secret: { service: 'secretsmanager', name: 'other-pager' },
  };
  const hook: Channel = {
    name: 'bot',
    kind: 'slackWebhook',
    tells: 'everything',
    secret: { service: 'ssm', name: '/hook' },
  };

  test.each<[string, string, Channel]>([
    ['a pager, by another secret', 'pager', pager],
    ['a bot, to another channel', 'bot', bot('C0123OTHERS')],
    ['a bot, as a webhook', 'bot', hook],
  ])(
    '%s: what was told as firing at the old one is mailed once, whether a run or a notice is first',
    async (_what, name, to) => {
      for (const isNoticeFirst of [false, true]) {
        const world = new ChannelsWorld();
        world.secrets.secretsmanager.put('other-pager', world.server.routingKey);
        await world.tell(firing);
        move(world, name, to);
        if (isNoticeFirst) await world.tell(noticeOf({ at: NOON + MINUTE_MS, title: 'It goes on' }));
        await pass(world, 20 * MINUTE_MS);
        expect(subjects(world)).toEqual([`[prod] Channel ${name} has another place`]);
        expect(world.mail.sent[0]!.body).toContain('1 in all:\n- Spend has reached 80%, 2026-11-29 12:00 UTC\n');
      }
    },
  );

  test('a bot changes no message of the old channel, and its end there is no end here', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    move(world, 'bot', bot('C0123OTHERS'));
    await world.tell(noticeOf({ at: NOON + MINUTE_MS, title: 'It goes on' }));
    expect(world.server.requests.filter(({ url }) => url.endsWith('chat.update'))).toEqual([]);
    expect(world.server.messages.map(({ body }) => body['channel'])).toEqual(['C0123ABCDEF', 'C0123OTHERS']);
  });

  test('a pager gets an incident of its own, which has its end', async () => {
    const world = new ChannelsWorld();
    world.secrets.secretsmanager.put('other-pager', world.server.routingKey);
    await world.tell(noticeOf({ urgency: 'warning' }));
    move(world, 'pager', pager);
    await world.tell(noticeOf({ at: NOON + 1 }));
    await world.tell(noticeOf({ status: 'resolved', at: NOON + 2 }));
    // The first one, by its key of that urgency, is at the other service.
    expect(world.server.incidents.map(({ isOpen }) => isOpen)).toEqual([true, false]);
  });

  test('what may have come through at the old one is sent as new, and its trouble makes nobody wait', async () => {
    const world = new ChannelsWorld();
    world.server.set('slackWebhook', 'lost');
    await world.tell(firing);
    world.server.set('slackWebhook', 'gone');
    await pass(world, 5 * MINUTE_MS);
    expect(subjects(world)).toEqual(['[prod] Channel hook cannot be told: there is no such channel']);
    const to: Channel = {
      name: 'hook',
      kind: 'teamsWebhook',
      tells: 'everything',
      secret: { service: 'ssm', name: '/card' },
    };
    move(world, 'hook', to);
    const before = world.posts('teamsWebhook').length;
    await pass(world, 5 * MINUTE_MS);
    const posts = world
      .posts('teamsWebhook')
      .slice(before)
      .map((body) => JSON.stringify(body));
    expect(posts.filter((text) => text.includes('Spend has reached 80%') && text.includes('CRITICAL'))).toHaveLength(1);
    expect(posts.join('')).not.toContain(AGAIN);
    expect(subjects(world).slice(1)).toEqual([
      '[prod] Channel hook has another place',
      '[prod] Channel hook is told again',
    ]);
    expect(world.mail.sent[1]!.body).toContain('(it may have come through)');
  });

  test('an id that is corrected is tried at once, and not within the hour', async () => {
    const world = new ChannelsWorld();
    world.server.set('slackBot', 'gone');
    await world.tell(firing);
    move(world, 'bot', bot('C0123OTHERS'));
    world.server.set('slackBot', 'well');
    await world.catchUp();
    expect(world.server.messages.map(({ body }) => body['channel'])).toEqual(['C0123OTHERS']);
    expect(world.deliveries.states.get('bot')).toMatchObject({ failures: 0, pausedUntil: 0 });
  });

  test('what an earlier release has told, without saying where, is where the channel is', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    for (const [key, delivery] of world.deliveries.deliveries) {
      const { place: _, title: _title, ...told } = delivery.told!;
      world.deliveries.deliveries.set(key, { ...delivery, told });
    }
    await world.tell(noticeOf({ at: NOON + DAY_MS - 1, title: 'It goes on' }));
    expect(world.server.messages).toHaveLength(1);
    await pass(world, 5 * MINUTE_MS);
    expect(subjects(world)).toEqual([]);
  });
});

const at = (world: ChannelsWorld, name: string, there: object) => {
  const moved = CHANNELS.map((one) => (one.name === name ? ({ ...one, ...there } as Channel) : one));
  world.env = { ...world.env, CHANNELS: moved };
};

test('a state that comes while a move is mailed has nobody told of the move twice', async () => {
  const world = new ChannelsWorld();
  world.secrets.secretsmanager.put('other-pager', world.server.routingKey);
  await world.tell(firing);
  at(world, 'pager', { secret: { service: 'secretsmanager', name: 'other-pager' } });
  const send = world.mail.send.bind(world.mail);
  let met = 0;
  world.mail.send = async (mail, how) => {
    await send(mail, how);
    if (met++ === 0) await world.tell(noticeOf({ at: world.now, title: 'It goes on' }));
  };
  await pass(world, 20 * MINUTE_MS);
  expect(met).toBe(1);
  expect(subjects(world)).toEqual(['[prod] Channel pager has another place']);
  const told = world.posts('slackWebhook').filter((text) => JSON.stringify(text).includes('another place'));
  expect(told).toHaveLength(1);
});

test('another spelling is the same place', async () => {
  const world = new ChannelsWorld();
  await world.tell(firing);
  at(world, 'own', { url: 'https://HOOKS.example.com:443/webhook' });
  await pass(world, 10 * MINUTE_MS);
  expect(subjects(world)).toEqual([]);
  const team = { kind: 'teams', tenantId: '3c7d4ec1-b1b0-4f1c-b7f5-5d0f8a0c7c3e', teamId: 'A', name: 'board' } as const;
  const places = ['19%3Aabc%40thread.tacv2', '19:ABC@thread.tacv2', '19%', '19:abd@thread.tacv2'].map((channelId) =>
    placeOf({ ...team, channelId, tells: 'everything' }),
  );
  expect(places[1]).toBe(places[0]);
  expect(new Set(places).size).toBe(3);
});
