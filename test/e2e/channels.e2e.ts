import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { MINUTE_MS } from '../../core/calendar';
import { ChannelServer, type Service } from '../helpers/channel-server';
import { IamActions } from '../helpers/iam-actions';
import { GUARD_SERVICES } from '../helpers/iam-stack';
import { dailyReport } from './channels/report';
import { whoSpentIt } from './channels/spenders';
import { spendGuard } from './support/cli';
import { eventually } from './support/eventually';
import { LocalGuard } from './support/local-guard';
import { spendAt, tickAt } from './support/month';
import { BUDGET_OWNER, OWNER } from './support/tiers';
import { RoleUses } from './support/uses';

/**
 * What people see of a stop where they look, from the deployment to the services' own answers: they are a server of this machine. The
 * tests follow one another.
 */
const CONFIG = 'test/e2e/support/channels-tiers.ts';
const SERVICES = [
  'slackBot',
  'slackWebhook',
  'teamsWebhook',
  'pagerDuty',
  'webhook',
] as const satisfies readonly Service[];
const guard = new LocalGuard();
const server = new ChannelServer();
let origin: string;
const began = Date.now();

beforeAll(async () => {
  origin = await server.listen();
  // A config takes HTTPS alone; functions of the emulator speak plain HTTP to this machine, whatever the address says.
  process.env['E2E_WEBHOOK_URL'] = `${origin.replace('http:', 'https:')}/webhook`;
  await guard.start();
  await guard.redeploy('told', CONFIG);
  const secrets = guard.aws.client(SecretsManagerClient);
  await parameter('/spend-guard/slack', `${origin}/slack/services/T/B/first`);
  await parameter('/spend-guard/teams', `${origin}/teams/workflows/first`);
  await parameter('/spend-guard/pager', server.routingKey);
  await secrets.send(new CreateSecretCommand({ Name: 'spend-guard/bot', SecretString: server.token }));
  await secrets.send(new CreateSecretCommand({ Name: 'spend-guard/hook', SecretString: server.webhookSecret }));
  await reachServer();
}, 300_000);

afterAll(async () => {
  delete process.env['E2E_WEBHOOK_URL'];
  await guard.stop();
  await server.close();
});

function parameter(Name: string, Value: string): Promise<unknown> {
  const ssm = guard.aws.client(SSMClient);
  return ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
}

/** Slack's and PagerDuty's addresses are the services' own: on a local AWS alone the function takes others. */
async function reachServer(): Promise<void> {
  const lambda = guard.aws.client(LambdaClient);
  const FunctionName = guard.of('told').functions.names['channels'] ?? '';
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = { ...Environment?.Variables, SLACK_ENDPOINT: `${origin}/slack/api`, PAGER_DUTY_ENDPOINT: origin };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
}

/** By the schedule's event, which the emulator does not bring by itself here. */
async function lookAgain(afterMinutes = 0): Promise<unknown> {
  const now = new Date(Date.now() + afterMinutes * MINUTE_MS).toISOString();
  const { error, result } = await guard.of('told').functions.invoke('channels', { source: 'schedule', now });
  expect(error).toBeUndefined();
  return result;
}

const postsOf = (service: Service) => server.posts.filter((one) => one.service === service);
const textsSaying = (words: string, service: Service) =>
  postsOf(service)
    .map(({ body }) => JSON.stringify(body))
    .filter((text) => text.includes(words));
const saying = (words: string) => (service: Service) => textsSaying(words, service).length;
const incidents = () => server.incidents.filter(({ summary }) => summary.includes('now stopped'));
const countsOf = async (words: string) => SERVICES.map((service) => saying(words)(service));
const chatsSaying = async (words: string) =>
  (await guard.aws.control.chats()).filter(({ message }) => message.includes(words));

/** A custom notification, as far as tests look at it. */
interface Custom {
  readonly metadata: { readonly threadId: string };
}

/** Of what chats were told, by what Amazon Q was told of the chat. */
const threadsOf = async (words: string) =>
  Object.fromEntries(
    (await chatsSaying(words)).map(({ configuration, message }) => [
      configuration,
      (JSON.parse(message) as Custom).metadata.threadId,
    ]),
  );

dailyReport(guard, server);
whoSpentIt(guard, server, CONFIG);

test('a runaway is stopped: each channel has one message that says so, and everybody the mail', async () => {
  const told = guard.of('told');
  const mails = await guard.mailsFrom('told');
  await tickAt(told, began - 20 * MINUTE_MS);
  await spendAt(guard, told, 49, began - 10 * MINUTE_MS, 1_000);
  expect(await tickAt(told, began)).toMatchObject({ desired: 'stopped' });

  await eventually(() => countsOf('now stopped'), [1, 1, 1, 1, 1]);
  await eventually(
    async () => (await chatsSaying('now stopped')).map(({ dropped }) => dropped),
    [undefined, undefined],
  );
  const stops = (await mails()).filter(({ subject }) => subject.includes('now stopped'));
  expect(stops.map(({ to }) => to).sort()).toEqual([BUDGET_OWNER, OWNER]);
  expect(incidents()).toMatchObject([{ isOpen: true, summary: expect.stringMatching(/^CRITICAL: told: 95% of/) }]);
  const chats = (await chatsSaying('now stopped')).map(({ message }) => message);
  for (const text of [...SERVICES.flatMap((service) => textsSaying('now stopped', service)), ...chats]) {
    expect(text).toMatch(/\$49\.00/);
    expect(text).toMatch(/\$50\.00/);
    expect(text).toContain('spend-guard resume --env told');
    expect(text).toContain('When the environment is stopped, and people ask');
  }
  expect(server.violations).toEqual([]);
});

test('who resumes ends it: the incident is resolved, the bot changes its message, others have a second one', async () => {
  const resume = ['--until', '1h', '--limit', '100', '--reason', 'a load test'];
  const { exitCode } = await spendGuard(guard.aws, CONFIG, 'resume', '--env', 'told', ...resume);
  expect(exitCode).toBe(0);
  await eventually(() => countsOf('OVER: told: open'), [1, 1, 1, 1, 0]);
  await eventually(async () => saying('spend_guard.notice.resolved')('webhook'), 1);
  await eventually(async () => (await chatsSaying('OVER: told: open')).length, 2);
  expect(incidents().map(({ isOpen }) => isOpen)).toEqual([false]);
  expect(server.messages.filter(({ versions }) => versions.length === 2)).toHaveLength(1);
  expect(await threadsOf('OVER: told: open')).toEqual(await threadsOf('now stopped'));
  expect(await countsOf('now stopped')).toEqual([1, 1, 1, 1, 1]);
  expect(server.violations).toEqual([]);
});

test('a webhook that was revoked is named by mail, and nobody else waits for it; a new one is told what waited', async () => {
  const mails = await guard.mailsFrom('told');
  const subjects = async () => [...new Set((await mails()).map(({ subject }) => subject))].sort();
  const trial = '[test] told: this is how an alert of the spend guard arrives';
  const trouble = '[told] Channel hook cannot be told: its secret is refused';
  server.set('slackWebhook', 'revoked');
  const { exitCode } = await spendGuard(guard.aws, CONFIG, 'alerts', 'test', '--env', 'told');
  expect(exitCode).toBe(0);
  await eventually(subjects, [trial, trouble].sort());
  const words = 'this is how an alert';
  await eventually(async () => [saying(words)('slackBot'), saying(words)('webhook')], [1, 1]);
  expect(saying(words)('slackWebhook')).toBe(0);
  const secret = `${origin}/slack/services/T/B/`;
  expect(JSON.stringify(await mails())).not.toContain(secret);

  server.set('slackWebhook', 'well');
  await parameter('/spend-guard/slack', `${secret}second`);
  expect(await lookAgain(6)).toMatchObject({ silent: [], troubles: [] });
  expect(saying(words)('slackWebhook')).toBe(1);
  expect(server.requests.at(-1)).toMatchObject({ url: expect.stringMatching(/\/second$/) });
  await eventually(subjects, [trial, trouble, '[told] Channel hook is told again'].sort());
});

/** What cost-check is granted for mails, for the log and for what it keeps of it; the rest `guard.e2e.ts` holds. */
const OF_PEOPLE = / (ses:|sns:)|: logs:\w*Quer|, for (spenders|report)/;

test('all that the functions did is granted, and all that they are granted was used but for what did not fail here', async () => {
  const uses = await guard.aws.control.uses();
  const iam = await IamActions.load([...GUARD_SERVICES, 'ses']);
  const own = guard.granted.filter(({ feature }) => ['channels', 'chat', 'cost-check'].includes(feature));
  expect(own.map(({ feature }) => feature).sort()).toEqual(['channels', 'chat', 'cost-check']);
  const roles = own.map((role) => new RoleUses(iam, [role], uses));
  expect(roles.flatMap((role) => role.ungranted())).toEqual([]);
  expect(roles.flatMap((role) => role.uses.filter(({ allowed }) => !allowed))).toEqual([]);
  const unused = roles.flatMap((role) => [...role.grants()].filter(([, how]) => how === 'unused'));
  const ofPeople = unused
    .map(([grant]) => grant)
    .filter((grant) => !grant.startsWith('cost-check: ') || OF_PEOPLE.test(grant));
  expect(ofPeople).toEqual([
    'channels: sqs:SendMessage on :SpendGuard-<environment>-SchedulesDeadLetters',
    // No query is slow here.
    'cost-check: logs:StopQuery on *',
    // Which of the two AWS asks for no document says; the emulator asks for the other.
    'cost-check: logs:StartQuery on :log-group:/bedrock/invocations:*',
  ]);
});
