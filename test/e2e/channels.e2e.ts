import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { MINUTE_MS } from '../../core/calendar';
import { ChannelServer, type Service } from '../helpers/channel-server';
import { spendGuard } from './support/cli';
import { eventually } from './support/eventually';
import { LocalGuard } from './support/local-guard';
import { spendAt, tickAt } from './support/month';
import { BUDGET_OWNER, OWNER } from './support/tiers';
import { tlsFront } from './support/tls-front';

/** What people see of a stop where they look, from the deployment to the channels' own answers. The tests follow one another. */
const CONFIG = 'test/e2e/support/channels-tiers.ts';
const guard = new LocalGuard();
const server = new ChannelServer();
let front: Awaited<ReturnType<typeof tlsFront>>;
let origin: string;
const began = Date.now();

beforeAll(async () => {
  origin = await server.listen();
  front = await tlsFront(origin);
  process.env['E2E_WEBHOOK_URL'] = `${front.origin}/webhook`;
  await guard.start();
  await guard.redeploy('told', CONFIG);
  const [ssm, secrets] = [guard.aws.client(SSMClient), guard.aws.client(SecretsManagerClient)];
  const parameter = (Name: string, Value: string) =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
  await parameter('/spend-guard/slack', `${origin}/slack/services/T/B/first`);
  await parameter('/spend-guard/pager', server.routingKey);
  await secrets.send(new CreateSecretCommand({ Name: 'spend-guard/bot', SecretString: server.token }));
  await secrets.send(new CreateSecretCommand({ Name: 'spend-guard/hook', SecretString: server.webhookSecret }));
  await reachServer();
}, 300_000);
afterAll(async () => {
  await guard.stop();
  front?.close();
  await server.close();
});

/** Slack's and PagerDuty's addresses are the services' own: on the local AWS the function may be told others. */
async function reachServer(): Promise<void> {
  const lambda = guard.aws.client(LambdaClient);
  const FunctionName = guard.of('told').functions.names['channels'] ?? '';
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = {
    ...Environment?.Variables,
    SLACK_ENDPOINT: `${origin}/slack/api`,
    PAGER_DUTY_ENDPOINT: origin,
    NODE_EXTRA_CA_CERTS: front.trusted,
  };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
}

const lookAgain = () => guard.of('told').functions.invoke('channels', { source: 'schedule' });
const textOf = (service: Service) => server.posts.filter((one) => one.service === service).map(({ body }) => JSON.stringify(body));
const saying = (service: Service, words: string) => textOf(service).filter((text) => text.includes(words)).length;
const chatsSaying = async (words: string) =>
  (await guard.aws.control.chats()).filter(({ message }) => message.includes(words)).length;

test('a runaway is stopped: each channel has one message that says so, and everybody the mail', async () => {
  const told = guard.of('told');
  const mails = await guard.mailsFrom('told');
  await tickAt(told, began - 20 * MINUTE_MS);
  await spendAt(guard, told, 49, began - 10 * MINUTE_MS, 1_000);
  expect(await tickAt(told, began)).toMatchObject({ desired: 'stopped' });
  await new Promise((r) => setTimeout(r, 8000));
  console.log(JSON.stringify((await mails()).map(({ subject, to }) => `${to} ${subject}`), null, 1));
  console.log(JSON.stringify(server.posts.map(({ service, body }) => `${service} ${JSON.stringify(body).slice(0, 600)}`), null, 1), server.violations, JSON.stringify(await guard.aws.control.chats(), null, 1));
  console.log(JSON.stringify(await lookAgain(), null, 1));
  console.log(guard.aws.log().slice(-3000));
});
