import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { ILL, pass, postsOf, SERVICES } from '../../helpers/channels-stories';
import { CHANNELS, ChannelsWorld, noticeOf } from '../../helpers/channels-world';

test('a secret that was replaced is taken at once, without a deploy', async () => {
  const world = new ChannelsWorld();
  await world.tell(noticeOf());
  world.server.token = 'xoxb-2222222222-bbbbbbbbbbbb';
  await world.tell(noticeOf({ fact: 'other' }));
  expect(postsOf(world, 'slackBot')).toBe(1);
  expect(world.deliveries.states.get('bot')!.trouble).toMatchObject({
    code: 'revoked',
    why: 'Slack answers invalid_auth',
  });
  world.secrets.ssm.put('/bot', world.server.token);
  await pass(world, 5 * MINUTE_MS);
  expect(postsOf(world, 'slackBot')).toBe(2);
});

test('one that is replaced while it is kept is read again before anybody is told of it', async () => {
  const world = new ChannelsWorld();
  await world.tell(noticeOf());
  world.server.token = 'xoxb-2222222222-bbbbbbbbbbbb';
  world.secrets.ssm.put('/bot', world.server.token);
  await world.tell(noticeOf({ fact: 'other' }));
  expect(postsOf(world, 'slackBot')).toBe(2);
  expect(world.mail.sent).toEqual([]);
});

test('a secret whose reading ends in an error of any kind is read later, and the error is quoted nowhere', async () => {
  const world = new ChannelsWorld();
  const read = world.secrets.ssm.read.bind(world.secrets.ssm);
  world.secrets.ssm.read = async () => {
    throw new TypeError('answered xoxb-quoted');
  };
  await world.tell(noticeOf());
  expect(postsOf(world, 'pagerDuty')).toBe(1);
  expect(world.deliveries.states.get('bot')!.trouble).toMatchObject({ code: 'away' });
  expect(JSON.stringify([world.lines, [...world.deliveries.states]])).not.toContain('quoted');
  world.secrets.ssm.read = read;
  await pass(world, 10 * MINUTE_MS);
  expect(postsOf(world, 'slackBot')).toBe(1);
});

test('a secret is kept for five minutes, and read again then', async () => {
  const world = new ChannelsWorld(CHANNELS.filter(({ name }) => name === 'hook'));
  const reads = async (ms: number) => {
    world.now += ms;
    await world.tell(noticeOf({ fact: `fact ${world.now}` }));
    return world.secrets.ssm.reads;
  };
  expect([await reads(0), await reads(5 * MINUTE_MS - 1), await reads(1)]).toEqual([1, 1, 2]);
});

test.each<[string, (world: ChannelsWorld) => void, string]>([
  ['missing', (world) => world.secrets.ssm.secrets.delete('/hook'), 'missing or empty'],
  ['empty', (world) => world.secrets.ssm.put('/hook', ' \n'), 'missing or empty'],
  ['without a text', (world) => world.secrets.ssm.secrets.set('/hook', { kind: 'noText' }), 'missing or empty'],
  ['to be deleted', (world) => world.secrets.ssm.secrets.set('/hook', { kind: 'inDeletion' }), 'missing or empty'],
  ['no address', (world) => world.secrets.ssm.put('/hook', 'hooks.slack.com/x'), 'another form'],
  ['without TLS', (world) => world.secrets.ssm.put('/hook', 'http://hooks.slack.com/slack/x'), 'another form'],
  ['of this machine', (world) => world.secrets.ssm.put('/hook', 'http://127.0.0.1:9/slack/x'), 'another form'],
  [
    'denied',
    (world) => world.secrets.ssm.secrets.set('/hook', { kind: 'denied', why: 'AccessDeniedException' }),
    'may not be read',
  ],
])(
  'a secret that is %s is named with its place and what to do, also where nothing is to be told',
  async (_what, spoil, phrase) => {
    const world = new ChannelsWorld();
    spoil(world);
    world.coldStart();
    await pass(world, HOUR_MS);
    expect(world.mail.sent).toHaveLength(1);
    const [{ subject, body }] = world.mail.sent as [{ subject: string; body: string }];
    expect(subject).toContain('Channel hook cannot be told');
    expect(subject).toContain(phrase);
    expect(body).toContain('ssm:/hook');
    expect(body).toContain('To do: ');
    world.secrets.ssm.put('/hook', 'https://hooks.slack.com/slack/webhook');
    await pass(world, 5 * MINUTE_MS);
    expect(world.mail.sent.map((mail) => mail.subject).slice(1)).toEqual(['[prod] Channel hook is told again']);
  },
);

test('no secret and no address stands in a log, a mail or an item', async () => {
  for (const [, mode] of ILL) {
    const world = new ChannelsWorld();
    for (const [, service] of SERVICES) world.server.set(service, mode);
    await world.tell(noticeOf());
    await pass(world, 2 * HOUR_MS);
    const written = JSON.stringify([
      world.lines,
      world.mail.sent,
      [...world.deliveries.deliveries],
      [...world.deliveries.states],
    ]);
    const { token, routingKey, webhookSecret } = world.server;
    for (const secret of [
      token,
      routingKey,
      webhookSecret,
      webhookSecret.slice(6),
      'hooks.slack.com/slack',
      'prod.example.com',
    ]) {
      expect([secret, written.includes(secret)]).toEqual([secret, false]);
    }
  }
});
