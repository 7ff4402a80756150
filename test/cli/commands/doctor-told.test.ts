import { EXIT_CODES } from '../../../cli/exit-codes';
import type { NotTouched } from '../../../cli/looked/not-touched';
import { account, examined, FINANCE, type Found, LOG, OURS, OWNER, ROLE, TAG } from './doctor-account';

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
