import { slackTexts } from '../../helpers/channel-checks';
import { BUDGETS, ChannelsWorld, NOON, noticeOf } from '../../helpers/channels-world';
import { MINUTE_MS } from '../../../core/calendar';

const firing = noticeOf();
const resolved = noticeOf({ status: 'resolved', at: NOON + 60 * MINUTE_MS });

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
