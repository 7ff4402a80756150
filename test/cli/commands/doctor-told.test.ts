import { EXIT_CODES } from '../../../cli/exit-codes';
import { secretLooks } from '../../../cli/doctor/secret-looks';
import type { NotTouched } from '../../../cli/looked/not-touched';
import { ServiceError } from '../../../core/errors';
import { LOG_KEPT_DAYS } from '../../../core/spenders';
import { freshState, type Secret } from '../../../core/channels';
import type { TroubleCode } from '../../../core/channels/outcome';
import { AVAILABLE, type FakeModel } from '../../../simulator/fakes/health-services';
import { FakeSecrets } from '../../../simulator/fakes/secrets';
import { CliWorld } from '../world';

const CONFIG = ['--config', 'test/fixtures/told-everywhere.ts'];
const ROLE = 'arn:aws:iam::111122223333:role/SpendGuard-dev-Channels';
const LOG = '/bedrock/invocations';
const TAG = 'iamPrincipal/team';
const DENIED = new ServiceError('accessDenied', 'AccessDeniedException', 'no', 403);
const OWNER = 'ti@dadosfera.ai';
const FINANCE = 'finance@example.com';

/** Of the form of each kind, made up. */
const SECRETS = {
  bot: `xoxb-${'1'.repeat(12)}`,
  hook: `https://hooks.slack.example/${'2'.repeat(24)}`,
  flow: `https://flow.example/${'3'.repeat(24)}`,
  onCall: 'a4'.repeat(16),
  ownTool: `whsec_${'5'.repeat(32)}`,
};

/** An account in which all that the fixture names is in order. */
function account(): CliWorld {
  const world = new CliWorld();
  const models = world.health.aws.settings.models as FakeModel[];
  models.push({
    ...{ id: 'qwen.qwen3-coder-next', callAs: 'x', inputTokens: 1, lifecycle: { status: 'active' } },
    availability: AVAILABLE,
  });
  world.health.aws.appliedQuotas = ['Amazon Nova Lite', 'Amazon Nova Pro', 'Meta Llama 3.1 70B Instruct'].map(
    (name) => ({ name: `On-demand InvokeModel tokens per minute for ${name}`, value: 1000 }),
  );
  world.health.aws.subscriptions = [OWNER, FINANCE].map((address) => ({ address, state: 'confirmed' as const }));
  world.stacks = { 'SpendGuard-dev': { ChannelsRoleArn: ROLE } };
  world.parameters.put('/spend-guard/slack-bot', SECRETS.bot);
  world.storedSecrets.put('spend-guard/slack-hook', SECRETS.hook);
  world.parameters.put('/spend-guard/teams-flow', SECRETS.flow);
  world.storedSecrets.put('spend-guard/pagerduty', SECRETS.onCall);
  world.parameters.put('/spend-guard/signing', SECRETS.ownTool);
  world.hosts.set('hooks.example.com', ['203.0.113.7']);
  world.sesSetup.identities.set('example.com', { kind: 'verified' });
  world.logGroups.groups.set(LOG, { logClass: 'STANDARD', retentionDays: 30 });
  world.invocationLogging.set = { logGroup: LOG, isTextDelivered: true };
  return world;
}

interface Found {
  readonly check: string;
  readonly subject: string;
  readonly status: string;
  readonly detail: string;
  readonly fix?: string;
  readonly who?: string;
}

const OURS = /^(channel|ses-|invocation-log|invocation-logging|principal-tag)/;

async function examined(world: CliWorld) {
  const { exitCode, json, stdout, stderr } = await world.run('doctor', '--env', 'dev', ...CONFIG, '--json');
  const { findings, notTouched } = json().environments[0] as unknown as { findings: Found[]; notTouched: NotTouched[] };
  const ours = findings.filter(({ check }) => OURS.test(check));
  const of = (check: string, subject: string) => ours.filter((one) => one.check === check && one.subject === subject);
  const why = (what: string) => notTouched.find((one) => one.what === what);
  return { exitCode, findings, ours, of, why, notTouched, said: stdout + stderr };
}

test('all is there: every channel, sender, reader, log and tag is ok, and nothing else was found', async () => {
  const { ours, findings, exitCode } = await examined(account());
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(ours.map(({ check, subject, status }) => `${status} ${check} ${subject}`)).toEqual([
    'ok channel-secret bot',
    'ok channel-secret hook',
    'ok channel-secret flow',
    'ok channel-secret on-call',
    'ok channel-secret own-tool',
    'ok channel-address own-tool',
    ...['chat', 'bot', 'hook', 'board', 'flow', 'on-call', 'own-tool'].map((name) => `ok channel ${name}`),
    'ok ses-account us-east-1',
    'ok ses-identity example.com',
    `ok ses-recipient ${OWNER}`,
    `ok ses-recipient ${FINANCE}`,
    `ok invocation-log ${LOG}`,
    'ok invocation-logging us-east-1',
    `ok principal-tag ${TAG}`,
  ]);
  expect(exitCode).toBe(EXIT_CODES.ok);
});

test('what no answer covers is said: chats that a person authorises, the key, the service, the records', async () => {
  const { why } = await examined(account());
  for (const chat of ['chat (slack)', 'board (teams)']) {
    expect(why(`whether channel ${chat} is authorised`)?.why).toMatch(/Amazon Q Developer.* console/);
  }
  expect(why("whether the guard's own function may read the secrets")?.why).toContain(`role ${ROLE} use kms:Decrypt`);
  expect(why("whether a channel's service takes what it is sent")?.why).toContain('spend-guard alerts test');
  expect(why('whether records of invocations have come there')).toMatchObject({ reason: 'beyond' });
  expect(why('what a deployment changes in the stack (npx cdk diff)')).toMatchObject({ reason: 'beyond' });
});

test('before the first deploy the same is asked, and the role stands in an output that is to come', async () => {
  const world = account();
  world.deployed = [];
  const { ours, why } = await examined(world);
  expect(ours.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(why('how the guard stands with each channel')).toMatchObject({ reason: 'notDeployed' });
  expect(ours).toHaveLength(13);
  expect(why("whether the guard's own function may read the secrets")?.why).toContain('output ChannelsRoleArn');
});

test('a config that names none of it has nothing asked, and says so', async () => {
  const world = account();
  const asked = [
    jest.spyOn(world.parameters, 'read'),
    jest.spyOn(world.storedSecrets, 'read'),
    jest.spyOn(world.sesSetup, 'account'),
    jest.spyOn(world.sesSetup, 'identity'),
    jest.spyOn(world.htmlMail, 'suppression'),
    jest.spyOn(world.logGroups, 'group'),
    jest.spyOn(world.invocationLogging, 'configuration'),
  ];
  const { json } = await world.run('doctor', '--env', 'dev', '--json');
  for (const one of asked) expect(one).not.toHaveBeenCalled();
  const { findings, notTouched } = json().environments[0] as unknown as { findings: Found[]; notTouched: NotTouched[] };
  expect(findings.filter(({ check }) => OURS.test(check))).toEqual([]);
  const left = notTouched.filter(({ reason }) => reason === 'notConfigured').map(({ what }) => what);
  expect(left).toEqual(
    expect.arrayContaining([
      "channels' secrets",
      'addresses of webhooks',
      'whether SES may send, and to whom',
      'whether SES has verified senders',
      'the suppression list of SES, for readers',
      'the log group of invocations',
      'where Bedrock logs invocations',
    ]),
  );
});

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
    expect(parameter?.fix).toContain(`${PUT} --value "$(cat)"`);
    expect(parameter?.fix).toContain("the bot's token, xoxb-...");
    expect(parameter?.who).toBe('whoever may write that secret');
    expect(of('channel-secret', 'hook')[0]?.fix).toContain(
      'aws secretsmanager create-secret --region us-east-1 --name spend-guard/slack-hook --secret-string file://secret.txt',
    );
    expect(of('channel-secret', 'on-call')[0]?.fix).toContain(
      'put-secret-value --region us-east-1 --secret-id spend-guard/pagerduty --secret-string file://secret.txt',
    );
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
    ['of a resolver that is away', new Error('getaddrinfo EAI_AGAIN'), 'unknown', /EAI_AGAIN/],
  ])('%s', async (_what, addresses, status, detail) => {
    const world = account();
    world.hosts.set('hooks.example.com', addresses);
    const [found] = (await examined(world)).of('channel-address', 'own-tool');
    expect(found).toMatchObject({ status, detail: expect.stringMatching(detail) });
    expect(found?.fix === undefined).toBe(['ok', 'unknown'].includes(status));
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

  test('a table that may not be read says nothing of any channel', async () => {
    const world = account();
    world.channelStates.failure = DENIED;
    const { ours, why } = await examined(world);
    const states = ours.filter(({ check }) => check === 'channel').map(({ status }) => status);
    expect(new Set(states)).toEqual(new Set(['unknown']));
    expect(why('how the guard stands with bot')).toMatchObject({ reason: 'denied' });
  });
});

describe('the report as HTML', () => {
  const ofAccount = (over: object) => (world: CliWorld) =>
    void (world.sesSetup.of = { isInSandbox: false, isSendingEnabled: true, enforcement: 'HEALTHY', ...over });

  test.each<[string, (world: CliWorld) => void, string, string, string, RegExp, RegExp]>([
    [
      'sending is paused',
      ofAccount({ isSendingEnabled: false }),
      ...(['ses-account', 'us-east-1', 'failed'] as const),
      /sending is paused, so the daily report goes as text/,
      /SES console of us-east-1/,
    ],
    [
      'AWS has ended sending',
      ofAccount({ enforcement: 'SHUTDOWN' }),
      ...(['ses-account', 'us-east-1', 'failed'] as const),
      /ended by AWS/,
      /SES console/,
    ],
    [
      'under review',
      ofAccount({ enforcement: 'PROBATION' }),
      ...(['ses-account', 'us-east-1', 'warning'] as const),
      /PROBATION/,
      /SES console/,
    ],
    [
      'in the sandbox',
      ofAccount({ isInSandbox: true }),
      ...(['ses-account', 'us-east-1', 'warning'] as const),
      /in the sandbox/,
      /production access/,
    ],
    [
      'an identity that is missing',
      (world) => void world.sesSetup.identities.clear(),
      ...(['ses-identity', 'example.com', 'failed'] as const),
      /no such identity in us-east-1, so the daily report goes as text/,
      /create-email-identity --region us-east-1 --email-identity example\.com; then put its DKIM records/,
    ],
    [
      'an identity that is not verified yet',
      (world) => void world.sesSetup.identities.set('example.com', { kind: 'notVerified', status: 'PENDING' }),
      ...(['ses-identity', 'example.com', 'failed'] as const),
      /not verified in us-east-1 \(PENDING\)/,
      /^put its DKIM records/,
    ],
    [
      'an identity that is nearer to the address',
      (world) => void world.sesSetup.identities.set('mail.example.com', { kind: 'verified' }),
      ...(['ses-identity', 'mail.example.com', 'warning'] as const),
      /goes by that one for spend@mail\.example\.com/,
      /report\.html\.identity: 'mail\.example\.com'/,
    ],
    [
      'a reader whose mails bounced',
      (world) => void world.htmlMail.suppressed.set(FINANCE, 'BOUNCE'),
      ...(['ses-recipient', FINANCE, 'failed'] as const),
      /suppression list of SES \(BOUNCE\), so the daily report goes as text/,
      /delete-suppressed-destination --region us-east-1 --email-address finance@example\.com/,
    ],
  ])('%s', async (_what, change, check, subject, status, detail, fix) => {
    const world = account();
    change(world);
    const { of, exitCode } = await examined(world);
    const found = of(check, subject);
    expect(found).toEqual([
      expect.objectContaining({
        ...{ status, detail: expect.stringMatching(detail), fix: expect.stringMatching(fix) },
        who: expect.stringContaining('SES'),
      }),
    ]);
    if (status === 'failed') expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('in the sandbox each reader must be verified, by the address or a domain above it; its list cannot be asked', async () => {
    const world = account();
    ofAccount({ isInSandbox: true })(world);
    const suppression = jest.spyOn(world.htmlMail, 'suppression');
    world.sesSetup.identities.set(OWNER, { kind: 'notVerified', status: 'PENDING' });
    const { of, why } = await examined(world);
    expect(of('ses-recipient', FINANCE)[0]).toMatchObject({
      status: 'ok',
      detail: 'verified in us-east-1: example.com',
    });
    expect(of('ses-recipient', OWNER)[0]).toMatchObject({
      status: 'failed',
      fix: expect.stringMatching(/--email-identity ti@dadosfera\.ai; then follow the link in the mail from AWS$/),
    });
    expect(suppression).not.toHaveBeenCalled();
    expect(why('the suppression list of SES, for readers')?.why).toContain('sandbox');
  });

  test('what may not be asked is unknown, never verified and never missing', async () => {
    const world = account();
    world.sesSetup.failure = DENIED;
    world.htmlMail.listFailure = DENIED;
    const { ours, why, exitCode } = await examined(world);
    const ses = ours.filter(({ check }) => check.startsWith('ses-'));
    expect(ses.map(({ status }) => status)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
    expect(why('whether SES may send, and to whom')).toMatchObject({ reason: 'denied' });
    expect(why('whether each reader is verified')).toMatchObject({ reason: 'unanswered' });
    expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('a reader of whom one identity may not be asked is unknown, unless another one is verified', async () => {
    const world = account();
    ofAccount({ isInSandbox: true })(world);
    world.sesSetup.identities.set(OWNER, DENIED);
    world.sesSetup.identities.set(FINANCE, DENIED);
    const { of } = await examined(world);
    expect([of('ses-recipient', OWNER)[0]?.status, of('ses-recipient', FINANCE)[0]?.status]).toEqual(['unknown', 'ok']);
  });
});

describe('who spent it', () => {
  test.each<[string, object | undefined, string, RegExp, RegExp | undefined]>([
    ['no such log group', undefined, 'failed', /no such log group in us-east-1/, /create-log-group --region us-east-1/],
    [
      'a log of another class',
      { logClass: 'INFREQUENT_ACCESS', retentionDays: 30 },
      'failed',
      /class INFREQUENT_ACCESS, in which Logs Insights finds no fields/,
      /of the class Standard/,
    ],
    ['an answer without a class', { retentionDays: 30 }, 'unknown', /does not say of which class/, undefined],
    [
      'records that go too soon',
      { logClass: 'STANDARD', retentionDays: LOG_KEPT_DAYS - 1 },
      'warning',
      /keeps records for 5 days/,
      /put-retention-policy --region us-east-1 --log-group-name \/bedrock\/invocations --retention-in-days 7/,
    ],
    [
      'records that stay long enough',
      { logClass: 'STANDARD', retentionDays: LOG_KEPT_DAYS },
      'ok',
      /6 days/,
      undefined,
    ],
    ['records that stay', { logClass: 'STANDARD' }, 'ok', /kept for good/, undefined],
  ])('%s', async (_what, group, status, detail, fix) => {
    const world = account();
    if (group === undefined) world.logGroups.groups.clear();
    else world.logGroups.groups.set(LOG, group);
    const [found] = (await examined(world)).of('invocation-log', LOG);
    expect(found).toMatchObject({ status, detail: expect.stringMatching(detail) });
    if (fix === undefined) expect(found).not.toHaveProperty('fix');
    else
      expect(found).toMatchObject({ fix: expect.stringMatching(fix), who: expect.stringContaining('CloudWatch Logs') });
  });

  test('a log group that may not be looked at is unknown', async () => {
    const world = account();
    world.logGroups.failure = DENIED;
    const { of, why } = await examined(world);
    expect(of('invocation-log', LOG)[0]?.status).toBe('unknown');
    expect(why(`the log group ${LOG}`)).toMatchObject({ reason: 'denied' });
  });

  test.each<[string, object | undefined, string, RegExp, RegExp | undefined]>([
    ['logging is off', undefined, 'failed', /logs no invocations: nobody/, /set model invocation logging to \/bedrock/],
    ['to S3 alone', { isTextDelivered: true }, 'failed', /to S3 alone/, /which replaces what is set now/],
    [
      'to another log group',
      { logGroup: '/other', isTextDelivered: true },
      'failed',
      /to \/other, not to \/bedrock\/invocations/,
      /^name \/other in spenders\.invocationLogs\.logGroup; or set/,
    ],
    ['without text', { logGroup: LOG, isTextDelivered: false }, 'warning', /text is off/, /next report/],
    ['without a word on text', { logGroup: LOG }, 'ok', /logs invocations to \/bedrock\/invocations$/, undefined],
  ])('Bedrock: %s', async (_what, set, status, detail, fix) => {
    const world = account();
    world.invocationLogging.set = set;
    const [found] = (await examined(world)).of('invocation-logging', 'us-east-1');
    expect(found).toMatchObject({ status, detail: expect.stringMatching(detail) });
    if (fix === undefined) expect(found).not.toHaveProperty('fix');
    else expect(found).toMatchObject({ fix: expect.stringMatching(fix), who: expect.stringContaining('Bedrock') });
  });

  test('where Bedrock logs may not be asked: unknown, and not off', async () => {
    const world = account();
    world.invocationLogging.failure = DENIED;
    const { of, why } = await examined(world);
    expect(of('invocation-logging', 'us-east-1')[0]?.status).toBe('unknown');
    expect(why('where Bedrock logs invocations')).toMatchObject({ reason: 'denied' });
  });

  test.each<[string, 'active' | 'inactive' | 'unseen' | 'refused', string, RegExp]>([
    ['active', 'active', 'ok', /divided by its values/],
    ['inactive', 'inactive', 'warning', /not active: all spend is of no value of it/],
    ['not listed', 'unseen', 'warning', /does not list it/],
    ['refused', 'refused', 'unknown', /only the management account/],
  ])(
    'a tag of IAM principals that is %s, and that of the models is another one',
    async (_what, state, status, detail) => {
      const world = account();
      world.tagOf = (key) => {
        if (key !== TAG) return { kind: 'known', state: 'active' };
        return state === 'refused'
          ? { kind: 'unavailable', why: 'only the management account may list cost allocation tags' }
          : { kind: 'known', state };
      };
      const { of, findings, why } = await examined(world);
      expect(of('principal-tag', TAG)[0]).toMatchObject({ status, detail: expect.stringMatching(detail) });
      expect(findings.find(({ check }) => check === 'cost-allocation-tag')?.status).toBe('ok');
      expect(why(`Cost Explorer, and whether ${TAG} is active`) !== undefined).toBe(state === 'refused');
    },
  );
});
