import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { pass, subjects, without } from '../../helpers/channels-stories';
import { CHANNELS, ChannelsWorld, noticeOf } from '../../helpers/channels-world';

const lost = new ServiceError('throttled', 'ThrottlingException', 'slow down');

/** Its secret is refused, people are mailed that, and what is written after the mail is lost. */
async function mailedAndForgotten(): Promise<ChannelsWorld> {
  const world = new ChannelsWorld();
  world.server.set('slackWebhook', 'revoked');
  const save = world.deliveries.saveState.bind(world.deliveries);
  world.deliveries.saveState = async (state, replaces) => {
    if (world.mail.sent.length > 0) throw lost;
    await save(state, replaces);
  };
  await world.tell(noticeOf({ status: 'once' }));
  world.deliveries.saveState = save;
  expect(subjects(world)).toEqual(['[prod] Channel hook cannot be told: its secret is refused']);
  while (world.echoes.length > 0) await world.run({ Records: [world.echoes.shift()] });
  expect(incidentOf(world)).toBeDefined();
  return world;
}

const incidentOf = (world: ChannelsWorld) => world.server.incidents.find(({ key }) => key.includes('channel|hook'));

describe('a run that dies between the mail of a trouble and its note', () => {
  test('the trouble has an end, for people and for other channels', async () => {
    const world = await mailedAndForgotten();
    world.secrets.ssm.put('/hook', 'https://hooks.slack.com/slack/webhook2');
    world.server.set('slackWebhook', 'well');
    await pass(world, 3 * HOUR_MS);
    expect(subjects(world).at(-1)).toBe('[prod] Channel hook is told again');
    expect(incidentOf(world)).toMatchObject({ isOpen: false });
    expect(world.deliveries.states.get('hook')).not.toHaveProperty('mailing');
  });

  test('also where the channel is taken out', async () => {
    const world = await mailedAndForgotten();
    without(world, 'hook');
    await pass(world, 3 * HOUR_MS);
    expect(subjects(world).at(-1)).toBe('[prod] Channel hook is no longer in the config');
    expect(incidentOf(world)).toMatchObject({ isOpen: false });
  });
});

test('the same trouble at another place is mailed with what to do there', async () => {
  const world = new ChannelsWorld();
  world.secrets.ssm.put('/hook', '');
  await world.tell(noticeOf());
  const moved = CHANNELS.map((one) =>
    one.kind === 'slackWebhook' ? { ...one, secret: { service: 'ssm' as const, name: '/hook2' } } : one,
  );
  world.env = { ...world.env, CHANNELS: moved };
  await pass(world, HOUR_MS);
  const missing = '[prod] Channel hook cannot be told: its secret is missing or empty';
  expect(subjects(world)).toEqual([missing, missing]);
  expect(world.mail.sent.map(({ body }) => /ssm:\/hook2?/.exec(body)?.[0])).toEqual(['ssm:/hook', 'ssm:/hook2']);
  await pass(world, 24 * HOUR_MS);
  expect(subjects(world)).toHaveLength(2);
});

test('five minutes of the same trouble at the same place are one mail', async () => {
  const world = new ChannelsWorld();
  world.secrets.ssm.put('/hook', '');
  await world.tell(noticeOf());
  await pass(world, 5 * MINUTE_MS);
  expect(subjects(world)).toHaveLength(1);
});
