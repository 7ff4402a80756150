import { secretLooks } from '../../../cli/doctor/secret-looks';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { freshState, type Secret } from '../../../core/channels';
import type { TroubleCode } from '../../../core/channels/outcome';
import { FakeSecrets } from '../../../simulator/fakes/secrets';
import type { CliWorld } from '../world';
import { account, CONFIG, DENIED, examined, ROLE, SECRETS } from './doctor-account';

describe('a secret', () => {
  const PUT = 'aws ssm put-parameter --region us-east-1 --type SecureString --overwrite --name /spend-guard/slack-bot';
  const bot = (secret: Secret | undefined) => (world: CliWorld) =>
    secret === undefined
      ? void world.parameters.secrets.delete('/spend-guard/slack-bot')
      : void world.parameters.secrets.set('/spend-guard/slack-bot', secret);
  const value = (text: string) => bot({ kind: 'value', value: text, version: '1' });

  test.each<[string, (world: CliWorld) => void, string, RegExp]>([
    ['that is missing', bot(undefined), 'failed', /^there is no value in ssm:\/spend-guard\/slack-bot$/],
    ['that is empty', value(' \n'), 'failed', /is empty$/],
    ['of another kind', value(SECRETS.hook), 'failed', /holds something of another form$/],
    ['cut short', value(SECRETS.bot.slice(0, 12)), 'failed', /another form$/],
    ['with a line end of its editor', value(`${SECRETS.bot}\n`), 'ok', /is there, of the form of a slackBot$/],
    [
      'that may not be read',
      bot({ kind: 'denied', why: 'AccessDeniedException' }),
      'unknown',
      /may not read ssm:\/spend-guard\/slack-bot \(AccessDeniedException\)/,
    ],
    [
      'of a service that is busy',
      bot({ kind: 'unavailable', why: 'ThrottlingException' }),
      'unknown',
      /not read \(ThrottlingException\)/,
    ],
  ])('%s', async (_what, change, status, detail) => {
    const world = account();
    change(world);
    const { of, ours, exitCode } = await examined(world);
    expect(of('channel-secret', 'bot')).toEqual([
      expect.objectContaining({ status, detail: expect.stringMatching(detail) }),
    ]);
    expect(ours.filter((one) => one.subject !== 'bot' && one.status !== 'ok')).toEqual([]);
    expect(exitCode).toBe(status === 'ok' ? EXIT_CODES.ok : EXIT_CODES.findings);
  });

  test('what is missing is written by a command that keeps it out of the history, by whoever may', async () => {
    const world = account();
    bot(undefined)(world);
    world.storedSecrets.secrets.delete('spend-guard/slack-hook');
    world.storedSecrets.put('spend-guard/pagerduty', 'short');
    const { of } = await examined(world);
    const [parameter] = of('channel-secret', 'bot');
    expect(parameter?.fix).toContain(`${PUT} --value file:///dev/stdin (then paste it, Enter, Ctrl-D)`);
    expect(parameter?.fix).toContain("the bot's token, xoxb-...");
    expect(parameter?.who).toBe('whoever may write that secret');
    expect(of('channel-secret', 'hook')[0]?.fix).toContain(
      'aws secretsmanager create-secret --region us-east-1 --name spend-guard/slack-hook --secret-string file://secret.txt',
    );
    expect(of('channel-secret', 'on-call')[0]?.fix).toContain(
      'put-secret-value --region us-east-1 --secret-id spend-guard/pagerduty --secret-string file://secret.txt',
    );
  });

  test.each<[string, Secret, string, string]>([
    ['holds no text', { kind: 'noText' }, 'is there, and holds no text', ''],
    [
      'is to be deleted',
      { kind: 'inDeletion' },
      'is scheduled for deletion',
      'aws secretsmanager restore-secret --region us-east-1 --secret-id spend-guard/pagerduty, then ',
    ],
  ])('that %s is there: AWS would refuse to create it', async (_what, secret, detail, first) => {
    const world = account();
    world.storedSecrets.secrets.set('spend-guard/pagerduty', secret);
    const [found] = (await examined(world)).of('channel-secret', 'on-call');
    expect(found).toMatchObject({ status: 'failed', detail: `secretsmanager:spend-guard/pagerduty ${detail}` });
    expect(found?.fix).toContain(
      `there: ${first}aws secretsmanager put-secret-value --region us-east-1 --secret-id spend-guard/pagerduty`,
    );
    expect(found?.fix).not.toContain('create-secret');
  });

  test('that may not be read: what would let it be, the key of one’s own among it; and it was not touched', async () => {
    const world = account();
    bot({ kind: 'denied', why: 'InvalidKeyId' })(world);
    const { of, why } = await examined(world);
    expect(of('channel-secret', 'bot')[0]?.fix).toBe(
      `look with credentials that may ssm:GetParameter there; under a key of your own, let them and the role ${ROLE} use kms:Decrypt`,
    );
    expect(why('the secret /spend-guard/slack-bot')).toEqual({
      ...{ what: 'the secret /spend-guard/slack-bot', reason: 'denied' },
      why: 'these credentials may not: InvalidKeyId',
    });
  });

  test('a secret is in no output, whatever is wrong with it and wherever it stands', async () => {
    const places = Object.values(SECRETS);
    const right = account();
    const swapped = account();
    swapped.parameters.put('/spend-guard/slack-bot', SECRETS.ownTool);
    swapped.parameters.put('/spend-guard/signing', SECRETS.bot);
    swapped.parameters.put('/spend-guard/teams-flow', SECRETS.onCall);
    swapped.storedSecrets.put('spend-guard/slack-hook', SECRETS.onCall);
    swapped.storedSecrets.put('spend-guard/pagerduty', SECRETS.hook);
    const broken = account();
    jest.spyOn(broken.parameters, 'read').mockRejectedValue(new Error(`cannot parse ${SECRETS.bot}`));
    for (const world of [right, swapped, broken]) {
      const { said } = await examined(world);
      const { stdout, stderr } = await world.run('doctor', '--env', 'dev', ...CONFIG);
      for (const secret of places) expect(said + stdout + stderr).not.toContain(secret);
    }
    expect((await examined(swapped)).of('channel-secret', 'hook')[0]?.status).toBe('failed');
    expect((await examined(broken)).of('channel-secret', 'bot')[0]).toMatchObject({
      status: 'unknown',
      detail: 'not checked: ssm:/spend-guard/slack-bot was not read (Error)',
    });
  });

  test('addresses that were swapped between two kinds are of another form each, and where they belong right', async () => {
    const slack = 'https://hooks.slack.com/services/T0/B0/made-up';
    const teams = 'https://prod-1.westeurope.logic.azure.com:443/workflows/made-up';
    const world = account();
    const statuses = async (hook: string, flow: string) => {
      world.storedSecrets.put('spend-guard/slack-hook', hook);
      world.parameters.put('/spend-guard/teams-flow', flow);
      const { of } = await examined(world);
      return ['hook', 'flow'].map((name) => of('channel-secret', name)[0]);
    };
    const swapped = await statuses(teams, slack);
    expect(swapped.map((one) => one?.status)).toEqual(['failed', 'failed']);
    for (const one of swapped) expect(one?.detail).toMatch(/holds something of another form$/);
    expect((await statuses(slack, teams)).map((one) => one?.status)).toEqual(['ok', 'ok']);
  });

  test('an address of this machine is one on the local AWS alone', async () => {
    const secrets = new FakeSecrets();
    secrets.put('hook', 'http://127.0.0.1:8080/hook');
    expect(await secretLooks(secrets, true).look('hook', 'slackWebhook')).toEqual({ kind: 'right' });
    expect(await secretLooks(secrets, false).look('hook', 'slackWebhook')).toEqual({ kind: 'otherForm' });
  });
});

describe('the address of a webhook', () => {
  test.each<[string, readonly string[] | Error, string, RegExp]>([
    ['of the internet', ['203.0.113.7', '2001:db8::7'], 'ok', /it was not called/],
    ['that nobody knows', [], 'failed', /^no address is known of hooks\.example\.com$/],
    ['within a network', ['203.0.113.7', '10.1.2.3'], 'warning', /within a network \(10\.1\.2\.3\)/],
    ['of link-local IPv6', ['fe80::1'], 'warning', /fe80::1/],
    ['of private IPv4 within IPv6', ['::ffff:10.0.0.1'], 'warning', /within a network \(::ffff:10\.0\.0\.1\)/],
    ['of the internet within IPv6', ['::ffff:203.0.113.7'], 'ok', /it was not called/],
    ['of the machine itself', ['127.0.0.1', '203.0.113.7'], 'warning', /of one machine .*\(127\.0\.0\.1\)/],
    ['of the machine itself in IPv6', ['::1'], 'warning', /\(::1\)/],
    ['of the machine itself within IPv6', ['::ffff:127.0.0.1'], 'warning', /\(::ffff:127\.0\.0\.1\)/],
    ['of a resolver that is away', new Error('getaddrinfo EAI_AGAIN'), 'unknown', /EAI_AGAIN/],
  ])('%s', async (_what, addresses, status, detail) => {
    const world = account();
    world.hosts.set('hooks.example.com', addresses);
    const [found] = (await examined(world)).of('channel-address', 'own-tool');
    expect(found).toMatchObject({ status, detail: expect.stringMatching(detail) });
    expect(found?.fix === undefined).toBe(['ok', 'unknown'].includes(status));
  });
});

test('on the local AWS an address of this machine is reached, and one of a network is not', async () => {
  const world = account();
  world.isLocalAws = true;
  world.hosts.set('hooks.example.com', ['127.0.0.1', '::1']);
  expect((await examined(world)).of('channel-address', 'own-tool')[0]?.status).toBe('ok');
  world.hosts.set('hooks.example.com', ['127.0.0.1', '10.1.2.3']);
  expect((await examined(world)).of('channel-address', 'own-tool')[0]).toMatchObject({
    status: 'warning',
    detail: expect.stringContaining('(10.1.2.3)'),
  });
});

describe('how the deployed guard stands with a channel', () => {
  const since = Date.parse('2026-11-22T10:30:00Z');
  const troubled = (channel: string, code: TroubleCode, why: string) => (world: CliWorld) => {
    world.channelStates.states.set(channel, { ...freshState(channel), trouble: { code, why, since } });
  };

  test.each<[string, (world: CliWorld) => void, string, string, string, RegExp]>([
    [
      'a token that was revoked',
      troubled('bot', 'revoked', 'Slack answers token_revoked'),
      ...([
        'bot',
        'failed',
        'the guard cannot tell it since 2026-11-22 10:30 UTC: Slack answers token_revoked',
      ] as const),
      /Make a new one and write it into ssm:\/spend-guard\/slack-bot/,
    ],
    [
      'a receiver that is away',
      troubled('own-tool', 'away', 'nothing within 10 s'),
      ...(['own-tool', 'warning', 'the guard cannot tell it since 2026-11-22 10:30 UTC: nothing within 10 s'] as const),
      /tried again by itself/,
    ],
    [
      'a chat by Amazon Q',
      troubled('chat', 'secretDenied', 'SNS answers AuthorizationError'),
      ...([
        'chat',
        'failed',
        'the guard cannot tell it since 2026-11-22 10:30 UTC: SNS answers AuthorizationError',
      ] as const),
      /Let the role of the function channels/,
    ],
  ])('%s', async (_what, change, channel, status, detail, fix) => {
    const world = account();
    change(world);
    const { of, ours } = await examined(world);
    expect(of('channel', channel)).toEqual([
      expect.objectContaining({
        status,
        detail,
        fix: expect.stringMatching(fix),
        who: expect.stringContaining('secret'),
      }),
    ]);
    expect(ours.filter((one) => one.subject !== channel && one.status !== 'ok')).toEqual([]);
  });

  test('trouble that is over is none', async () => {
    const world = account();
    world.channelStates.states.set('bot', { ...freshState('bot'), mailed: { code: 'revoked', why: 'x', since } });
    expect((await examined(world)).of('channel', 'bot')[0]?.status).toBe('ok');
  });

  test.each<[string, string]>([
    ['whose secret it has never looked at', 'flow'],
    ['in a chat that it has no topic for', 'board'],
  ])('a channel %s is not ok: the guard has no record of it', async (_what, channel) => {
    const world = account();
    world.channelStates.states.delete('flow');
    for (const { feature, variables } of world.deployed) {
      if (feature === 'channels') Object.assign(variables, { CHAT_TOPIC_ARNS: '{"chat":"arn"}' });
    }
    const { of } = await examined(world);
    expect(of('channel', channel)).toEqual([
      expect.objectContaining({
        status: 'expected',
        detail: 'the deployed guard has no record of it yet: deploy, or wait for its next run',
      }),
    ]);
    expect(of('channel', 'chat')[0]?.status).toBe('ok');
  });

  test('a stack from before there were channels has heard of none', async () => {
    const world = account();
    world.deployed = world.deployed.filter(({ feature }) => feature !== 'channels');
    const { ours, why } = await examined(world);
    expect(ours.filter(({ check }) => check === 'channel')).toEqual([]);
    expect(why('how the guard stands with each channel')).toMatchObject({
      reason: 'notDeployed',
      why: 'no deployed function that tells channels was found',
    });
  });

  test('a table that may not be read says nothing of any channel', async () => {
    const world = account();
    world.channelStates.failure = DENIED;
    const { ours, why } = await examined(world);
    const states = ours.filter(({ check }) => check === 'channel').map(({ status }) => status);
    expect(new Set(states)).toEqual(new Set(['unknown']));
    expect(why('how the guard stands with bot')).toMatchObject({ reason: 'denied' });
  });
});
