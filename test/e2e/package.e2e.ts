import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { callModel } from '../../local/caller';
import { cdkFor, runCdk } from '../../local/cdk';
import { childEnvironment, startEmulator, type Credentials, type Emulator } from '../../local/emulator';
import { GuardFunctions } from '../../local/functions';
import { type ExampleApp, exampleApp } from '../helpers/example-app';
import { eventually } from './support/eventually';

const MODEL = 'amazon.nova-lite-v1:0';

let aws: Emulator;
const apps: ExampleApp[] = [];
beforeAll(async () => {
  aws = await startEmulator({ scheduleSeconds: 3600 });
  await aws.control.setMetrics({ delaySeconds: 0, listDelaySeconds: 0 });
  await cdkFor(aws).bootstrap();
});
afterAll(async () => {
  for (const app of apps) app.remove();
  await aws?.stop();
});

/** An example as somebody else's app, deployed as its cdk.json says. */
async function deployed(example: string) {
  const app = exampleApp(example);
  apps.push(app);
  const printed = await runCdk(['deploy', '--no-notices', '--require-approval', 'never', '--progress', 'events'], aws, {
    cwd: app.folder,
    env: { CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  const output = (name: string) => new RegExp(`${name} = (\\S+)`).exec(printed)?.[1] ?? '';
  return { app, output };
}

const environmentOf = (credentials?: Credentials) => ({
  ...(childEnvironment(aws) as Record<string, string>),
  ...(credentials === undefined
    ? {}
    : {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
      }),
});

/** A config for the commands, where the app has its guard from four props alone. */
const INIT = ['--region', 'us-east-1', '--owner', 'team@example.com', '--limit', '50', '--look', '--yes'];

describe.each([
  ['cdk-typescript', 'dev', false],
  ['cdk-esm', 'team-a', true],
])('examples/%s', (example, environment, isWithoutConfig) => {
  let app: ExampleApp;
  let application: BedrockRuntimeClient;
  const guard = (...args: readonly string[]) => app.spendGuard(args, environmentOf());
  const call = async () => (await callModel(application, MODEL)).kind;

  beforeAll(async () => {
    const { app: somebodys, output } = await deployed(example);
    app = somebodys;
    application = aws.client(BedrockRuntimeClient, await aws.credentialsFor(output('AppRoleArn')));
  });
  afterAll(() => application?.destroy());

  test('is guarded by the installed package: it calls, is stopped and resumed by the program that came with it', async () => {
    expect(await call()).toBe('answered');
    if (isWithoutConfig) {
      const looked = guard('init', '--env', environment, ...INIT);
      expect(looked).toMatchObject({ status: 0, stdout: expect.stringContaining(`  ${MODEL}: `) });
      expect(looked.stdout).not.toContain('left out');
    }
    expect(guard('status')).toMatchObject({ stdout: expect.stringContaining('the meter has not run yet') });

    expect(guard('stop', '--reason', 'a test', '--yes')).toMatchObject({ status: 0 });
    await eventually(call, 'denied');
    expect(guard('status').stdout).toMatch(new RegExp(`^${environment}:\n  stopped, as of .*\n  switch +stopped\n`));

    expect(guard('resume', '--reason', 'a test', '--until', '1h', '--limit', '60', '--yes')).toMatchObject({
      status: 0,
    });
    await eventually(call, 'answered');
  });

  test('its plugin’s config is written from the outputs of the app’s own stack', () => {
    const { status, stderr } = guard('client-config');
    expect({ status, stderr: stderr.trim().split('\n').at(-1) }).toMatchObject({ status: 0 });
  });
});

test('examples/with-client: the application calls under the invoker role, and is refused before a call once it is stopped', async () => {
  const { app, output } = await deployed('with-client');
  const application = await aws.credentialsFor(output('AppRoleArn'));
  await (await GuardFunctions.of(aws, 'trial')).tick();
  expect(app.spendGuard(['client-config'], environmentOf())).toMatchObject({ status: 0 });
  const ask = () =>
    app.node(['--import', 'tsx', 'ask.ts'], {
      ...environmentOf(application),
      INVOKER_ROLE_ARN: output('InvokerArn'),
    });
  const answered = ask();
  expect({ status: answered.status, stderr: answered.stderr }).toEqual({ status: 0, stderr: '' });
  expect(answered.stdout.trim()).not.toBe('');

  expect(app.spendGuard(['stop', '--reason', 'a test', '--yes'], environmentOf())).toMatchObject({ status: 0 });
  const refused = ask();
  expect(refused).toMatchObject({ status: 1, stdout: expect.stringMatching(/^not now: /) });
});
