import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { callModel } from '../../local/caller';
import { cdkFor, runCdk } from '../../local/cdk';
import { childEnvironment, startEmulator, type Emulator } from '../../local/emulator';
import { packedApp, type PackedApp } from '../helpers/packed-app';
import { eventually } from './support/eventually';

const MODEL = 'amazon.nova-lite-v1:0';
/** The app's own CLI settings: none of this project's flags. */
const CDK_JSON = JSON.stringify({ app: 'node app.js', notices: false, context: { 'cli-telemetry': false } });
const CONFIG = (environment: string) => `import { defineGuard, withDefaults } from 'bedrock-spend-guard/config';
export default defineGuard({
  environments: {
    ${environment}: withDefaults({ region: 'us-east-1', monthlyLimitUsd: 50, owner: 'a@example.com', models: ['${MODEL}'] }),
  },
});
`;
/** An application's role, which may call any model, as long as nobody denies it. */
const APPLICATION = `const role = new iam.Role(stack, 'App', { assumedBy: new iam.AccountRootPrincipal() });
role.addToPolicy(new iam.PolicyStatement({ actions: ['bedrock:InvokeModel*'], resources: ['*'] }));
new CfnOutput(stack, 'AppRoleArn', { value: role.roleArn });`;

interface Somebody {
  readonly environment: string;
  readonly type: 'module' | 'commonjs';
  readonly files: Readonly<Record<string, string>>;
  readonly compiled: readonly string[];
}

const APPS: readonly (readonly [string, Somebody])[] = [
  [
    'TypeScript, by a config',
    {
      environment: 'typed',
      type: 'commonjs',
      compiled: ['app.ts'],
      files: {
        'spend-guard.config.ts': CONFIG('typed'),
        'app.ts': `import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SpendGuard, SpendGuardConfig } from 'bedrock-spend-guard';
const app = new App();
const stack = new Stack(app, 'Typed', { env: { region: 'us-east-1' } });
${APPLICATION}
const guard = new SpendGuard(stack, 'Guard', SpendGuardConfig.fromFile('spend-guard.config.ts').props('typed'));
guard.hold(role);
`,
      },
    },
  ],
  [
    'plain JavaScript in ES modules, by four props',
    {
      environment: 'plain',
      type: 'module',
      compiled: [],
      files: {
        'spend-guard.config.js': CONFIG('plain'),
        'app.js': `import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SpendGuard, usd } from 'bedrock-spend-guard';
const app = new App();
const stack = new Stack(app, 'Plain', { env: { region: 'us-east-1' } });
${APPLICATION}
new SpendGuard(stack, 'Guard', {
  monthlyLimit: usd(50), owner: 'a@example.com', models: ['${MODEL}'], principals: [role], environmentName: 'plain',
});
`,
      },
    },
  ],
];

let aws: Emulator;
const apps: PackedApp[] = [];
beforeAll(async () => {
  aws = await startEmulator({ scheduleSeconds: 3600 });
  await cdkFor(aws).bootstrap();
});
afterAll(async () => {
  for (const app of apps) app.remove();
  await aws?.stop();
});

describe.each(APPS)('an app of somebody else in %s', (_, { environment, type, files, compiled }) => {
  let app: PackedApp;
  let application: BedrockRuntimeClient;
  const guard = (...args: readonly string[]) => app.spendGuard(args, childEnvironment(aws) as Record<string, string>);
  const call = async () => (await callModel(application, MODEL)).kind;

  beforeAll(async () => {
    app = packedApp({ type });
    apps.push(app);
    app.write({ ...files, 'cdk.json': CDK_JSON });
    if (compiled.length > 0) expect(app.compile(compiled)).toBe('');
    const printed = await runCdk(['deploy', '--require-approval', 'never', '--progress', 'events'], aws, {
      cwd: app.folder,
    });
    const [, arn = ''] = /AppRoleArn = (\S+)/.exec(printed) ?? [];
    application = aws.client(BedrockRuntimeClient, await aws.credentialsFor(arn));
  });
  afterAll(() => application?.destroy());

  test('is guarded by the installed package: it calls, is stopped and resumed by the program that came with it', async () => {
    expect(await call()).toBe('answered');
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
