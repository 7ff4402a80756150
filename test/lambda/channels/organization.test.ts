import { HUB } from '../../../core/hub';
import { usd } from '../../../core/money';
import { mailAttributes } from '../../../core/notice';
import { throttled } from '../../contracts/throttled';
import { cardTexts, slackTexts } from '../../helpers/channel-checks';
import { ALERTS, CHANNELS, ChannelsWorld, noticeOf } from '../../helpers/channels-world';
import { AUTOMATIC, ONE, ORGANIZATION, TWO } from '../../helpers/organization';
import { OrganizationWorld } from '../../helpers/organization-world';

const by = 'ops';
const REACHED = { spentNano: usd(110) };
const refuse = async () => ({ kind: 'failed', why: 'AccessDeniedException' }) as const;

let hub: OrganizationWorld;
let world: ChannelsWorld;
beforeEach(() => {
  hub = new OrganizationWorld();
  world = new ChannelsWorld();
  world.env = { ...world.env, ENVIRONMENT: HUB };
});

/** What the hub has mailed since, as its topic hands it over; twice, as SNS may. */
async function told() {
  world.now = hub.now;
  const Records = hub.mail.sent
    .splice(0)
    .map((mail) => world.record({ subject: mail.subject, text: mail.body, attributes: mailAttributes(mail) }));
  const result = await world.run({ Records });
  expect(await world.run({ Records })).toMatchObject({ delivered: 0 });
  expect(result.troubles).toEqual([]);
  expect(world.server.violations).toEqual([]);
  return result;
}

const lastOf = (service: string) => world.posts(service).at(-1)!;
const ask = (command: string, more: object = {}) =>
  hub.brake({ command, account: ONE, by, reason: 'agreed with finance', ...more });
const incidents = () => world.server.incidents.map(({ key, isOpen }) => [key.split('|').at(-2), isOpen]);

describe('a brake is one fact of its account, from the request to its end', () => {
  test('asked for: what, why, how much of what, the command that approves, and who may, in every channel', async () => {
    await hub.told(ONE, REACHED);
    expect(await told()).toMatchObject({ notices: 1, delivered: 6 });
    const said = {
      bot: slackTexts(lastOf('slackBot')),
      hook: slackTexts(lastOf('slackWebhook')),
      card: cardTexts(lastOf('teamsWebhook')),
      pager: [JSON.stringify(lastOf('pagerDuty'))],
      own: [JSON.stringify(lastOf('webhook'))],
      chat: [JSON.stringify(world.chats.at(-1))],
    };
    for (const [channel, texts] of Object.entries(said)) {
      const all = texts.join('\n').replaceAll('\u200b', '');
      for (const part of [
        `${ONE}: its brake needs your approval`,
        "the brake's line is $110.00",
        '$100.00',
        `npx spend-guard organization approve ${ONE} --decision 2026-11.1`,
        'The operators of the organisation.',
        'organization-brake',
      ]) {
        expect([channel, part, all.includes(part)]).toEqual([channel, part, true]);
      }
    }
    expect(said.bot[0]).toBe(`CRITICAL: organization: ${ONE}: its brake needs your approval`);
    expect(lastOf('webhook')).toMatchObject({
      data: { environment: 'organization', account: '111111111111', region: 'us-east-1', source: 'organization' },
    });
  });

  test('approved and lifted: one message that changes, one incident that is resolved, else a message each', async () => {
    await hub.told(ONE, REACHED);
    await told();
    hub.pass(5);
    await ask('approve', { decision: '2026-11.1' });
    await told();
    expect(slackTexts(world.server.messages[0]!.body)[0]).toMatch(/^CRITICAL: .*the brake is attached$/);
    expect(JSON.stringify(lastOf('slackBot'))).toContain(`organization lift ${ONE}`);
    expect(incidents()).toEqual([[ONE, true]]);
    hub.pass(5);
    await ask('lift');
    await told();
    expect(slackTexts(world.server.messages[0]!.body)[0]).toMatch(/^OVER: organization: .*the brake is detached$/);
    expect(world.server.messages).toHaveLength(1);
    expect(incidents()).toEqual([[ONE, false]]);
    expect(world.posts('slackWebhook').map((body) => slackTexts(body)[0])).toEqual([
      expect.stringMatching(/needs your approval$/),
      expect.stringMatching(/is attached$/),
      expect.stringMatching(/is detached$/),
    ]);
    const threads = world.chats.map(({ metadata }) => (metadata as { threadId: string }).threadId);
    expect(threads).toHaveLength(3);
    expect(new Set(threads).size).toBe(1);
  });

  test('needed no more: the incident ends, though nothing was ever attached', async () => {
    await hub.told(ONE, REACHED);
    await told();
    hub.organization = { ...ORGANIZATION, accounts: { ...ORGANIZATION.accounts, [ONE]: { limit: usd(500) } } };
    hub.pass(5);
    await hub.brake();
    await told();
    expect(slackTexts(lastOf('slackBot'))[0]).toBe(`OVER: organization: ${ONE}: its brake needs no approval any more`);
    expect(incidents()).toEqual([[ONE, false]]);
  });

  test('could not be attached, then was: the same incident', async () => {
    hub.policy.missing.add(AUTOMATIC);
    await hub.told(AUTOMATIC, REACHED);
    await told();
    expect(slackTexts(lastOf('slackBot')).join('\n')).toMatch(
      /^CRITICAL: .*could not be attached[^]*does not know the account/,
    );
    hub.policy.missing.clear();
    hub.pass(5);
    await hub.brake();
    await told();
    expect(slackTexts(world.server.messages[0]!.body)[0]).toMatch(/: the brake is attached$/);
    expect(incidents()).toEqual([[AUTOMATIC, true]]);
  });

  test('could not be detached: critical, with what to do, until it is', async () => {
    await hub.told(ONE);
    await ask('stop');
    await told();
    const detach = hub.policy.detach.bind(hub.policy);
    hub.policy.detach = refuse;
    hub.pass(5);
    await ask('lift');
    await told();
    expect(slackTexts(lastOf('slackBot'))[0]).toBe(`CRITICAL: organization: ${ONE}: the brake could not be detached`);
    expect(JSON.stringify(lastOf('webhook'))).toContain('The function may not do it');
    hub.policy.detach = detach;
    hub.pass(5);
    await hub.brake();
    await told();
    expect(incidents()).toEqual([[ONE, false]]);
    expect(world.server.messages).toHaveLength(1);
  });

  test('of two accounts each has its own', async () => {
    await hub.told(ONE, REACHED);
    await hub.told(TWO, REACHED);
    expect(await told()).toMatchObject({ notices: 2, delivered: 12 });
    expect(incidents()).toEqual([
      [ONE, true],
      [TWO, true],
    ]);
  });
});

describe('the daily report', () => {
  const scheduled = () => ({ source: 'schedule', scheduledAt: new Date(hub.now).toISOString() });

  test('that all is well, and a pager is not told', async () => {
    hub.organization = { ...ORGANIZATION, accounts: { [ONE]: { limit: usd(100) } } };
    await hub.told(ONE);
    await hub.brake();
    await hub.report(scheduled());
    await told();
    expect(slackTexts(lastOf('slackBot'))[0]).toBe('INFO: organization: $10.00 of $100.00: all is well');
    expect(world.posts('pagerDuty')).toEqual([]);
  });

  test('that somebody must decide, with the command', async () => {
    await hub.told(ONE, REACHED);
    await told();
    await hub.brake();
    await hub.report(scheduled());
    await told();
    const text = slackTexts(lastOf('slackBot')).join('\n');
    expect(text).toMatch(/^WARNING: organization: .*1 account needs your decision/);
    expect(text).toContain(`npx spend-guard organization approve ${ONE} --decision 2026-11.1`);
  });

  test('that nothing is known says so, and no sum', async () => {
    hub.state.failure = throttled();
    await hub.report({ mail: true });
    await told();
    const text = slackTexts(lastOf('slackBot')).join('\n');
    expect(text).toMatch(/^WARNING: organization: unknown: ThrottlingException from AWS/);
    expect(text).toContain('organization-report');
    expect(text).not.toContain('$');
  });
});

test("an alarm of the hub's is told as one of an environment, and its end", async () => {
  const alarm = (NewStateValue: string, minute: number) =>
    world.record({
      text: JSON.stringify({
        AlarmName: 'spend-guard-organization-organization-brake-errors',
        NewStateValue,
        StateChangeTime: `2026-11-29T12:0${minute}:00.000+0000`,
      }),
    });
  await world.run({ Records: [alarm('ALARM', 0)] });
  expect(slackTexts(lastOf('slackBot')).join('\n')).toMatch(
    /^WARNING: organization: Alarm organization-brake-errors is on[^]*docs\/runbook\.md, "organization-brake-errors"/,
  );
  await world.run({ Records: [alarm('OK', 1)] });
  expect(world.server.incidents).toEqual([expect.objectContaining({ isOpen: false })]);
});

test('a channel that cannot be told is mailed in the name of the hub, and told to the others', async () => {
  world.server.set('slackWebhook', 'revoked');
  await hub.told(ONE, REACHED);
  await told();
  expect(world.mail.sent.map(({ subject }) => subject)).toEqual([
    '[organization] Channel hook cannot be told: its secret is refused',
  ]);
  await world.run({ Records: world.echoes });
  expect(slackTexts(lastOf('slackBot'))[0]).toMatch(/^WARNING: organization: Channel hook cannot be told/);
});

test('one pager and one receiver may serve two hubs and the environments of their accounts: nothing of theirs meets', async () => {
  const seen: string[] = [];
  for (const [account, environment] of [
    ['111111111111', HUB],
    ['222222222222', HUB],
    ['111111111111', 'dev'],
    ['111111111111', 'organisation'],
  ] as const) {
    const one = new ChannelsWorld(CHANNELS.filter(({ kind }) => ['pagerDuty', 'webhook', 'slack'].includes(kind)));
    const topic = ALERTS.replace('111111111111', account);
    one.env = { ...one.env, ENVIRONMENT: environment, ALERT_TOPIC_ARN: topic };
    // Facts of a channel's own, of which each guard has the same.
    const notice = noticeOf({ environment, fact: 'channel|hook', key: 'channel|hook|on' });
    const subject = `[${environment}] ${notice.title}`;
    const attributes = mailAttributes({ subject, body: 'text', notices: [notice] });
    await one.run({ Records: [one.record({ subject, text: 'text', topicArn: topic, attributes })] });
    seen.push(
      ...one.server.incidents.map(({ key }) => key),
      ...one.server.handled.keys(),
      ...one.chats.map(({ metadata }) => (metadata as { threadId: string }).threadId),
    );
  }
  expect(seen).toHaveLength(12);
  expect(new Set(seen).size).toBe(12);
});
