import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
  DeleteAccessKeyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListEntitiesForPolicyCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { MINUTE_MS } from '../../core/calendar';
import { callModel } from '../../local/caller';
import { cdkFor } from '../../local/cdk';
import { childEnvironment, startEmulator, type Credentials, type Emulator } from '../../local/emulator';
import { GuardFunctions } from '../../local/functions';
import { ROOT } from '../../local/python';
import { keyOf } from './support/callers';
import { tickOf } from './support/month';

/** The construct in an app that is not this repository's, deployed and destroyed by plain `cdk` from a folder without a cdk.json. */
const APP = `node -r ${require.resolve('tsx/cjs')} ${path.join(ROOT, 'test/e2e/support/somebodys-app.ts')}`;
/** Nova Lite at $0.06 and $0.24 a million: $0.30 a call. */
const DEAR = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

let aws: Emulator;
let output: string;
let outputs: Readonly<Record<string, string>>;
let outer: Readonly<Record<string, string>>;

async function cdk(...args: readonly string[]): Promise<string> {
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'node_modules/aws-cdk/bin/cdk'), ...args, '--app', APP, '--output', output],
    {
      cwd: aws.work.inside('app'),
      env: {
        ...childEnvironment(aws),
        CI: 'true',
        NO_COLOR: '1',
        TMPDIR: aws.work.inside('tmp'),
        TSX_TSCONFIG_PATH: path.join(ROOT, 'tsconfig.json'),
      },
    },
  );
  let printed = '';
  const hear = (chunk: Buffer) => (printed += chunk.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(printed);
  return printed;
}

async function callAs(by: Credentials): Promise<string> {
  const client = aws.client(BedrockRuntimeClient, by);
  try {
    return (await callModel(client, outputs['ModelId']!)).kind;
  } finally {
    client.destroy();
  }
}

let printed = '';
beforeAll(async () => {
  aws = await startEmulator({ scheduleSeconds: 3600 });
  await cdkFor(aws).bootstrap();
  output = mkdtempSync(path.join(aws.work.inside('cdk'), 'app-'));
  const file = path.join(output, 'outputs.json');
  printed = await cdk('deploy', '--all', '--require-approval', 'never', '--outputs-file', file);
  const stacks = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
  [outputs, outer] = [stacks['MyApp']!, stacks['Outer']!];
});
afterAll(() => aws?.stop());

test('the CLI says what is guarded, and warns of two guards that count one account', () => {
  expect(printed).toContain('MyApp-Guard: $50.00 a month');
  expect(printed).toContain('counts all of the account, as does Outer/Inner/Guard');
});

test('a stop reaches a role under a path and a user of the same stack, and whoever assumes the invoker role', async () => {
  const functions = await GuardFunctions.of(aws, 'MyApp-Guard');
  const worker = await aws.credentialsFor(outputs['WorkerArn']!);
  const bot = await keyOf(aws, outputs['BotName']!);
  const sts = aws.client(STSClient, await aws.credentialsFor(outputs['WebArn']!));
  const assumed = await sts.send(
    new AssumeRoleCommand({ RoleArn: outputs['GuardInvokerRoleArn']!, RoleSessionName: 'web' }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = assumed.Credentials ?? {};
  const web = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const answers = async () => Promise.all([worker, bot, web].map((one) => callAs(one)));

  await functions.tick(Date.now() - 10 * MINUTE_MS);
  await aws.control.usage({ [outputs['ModelId']!]: DEAR });
  // $5.40 within the hour, of a brake at $5.
  for (let round = 0; round < 6; round++) expect(await answers()).toEqual(['answered', 'answered', 'answered']);
  const ticked = await functions.tick(Date.now());
  expect(tickOf(ticked)).toMatchObject({ from: 'open', desired: 'stopped', enforced: 'stopped' });
  expect(await answers()).toEqual(['denied', 'denied', 'denied']);

  const sent = ticked.lines.flatMap(({ _aws }) => {
    const { CloudWatchMetrics = [] } = (_aws ?? {}) as { CloudWatchMetrics?: { Metrics: { Name: string }[] }[] };
    return CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  });
  expect(sent).toContain('MeterMonthToDateUsd');
});

test('a guard in a nested stack has its functions, its outputs and its switch, which a role of the outer stack carries', async () => {
  const { names } = await GuardFunctions.of(aws, 'Outer-Inner-Guard');
  expect(Object.keys(names)).toContain('spend-meter');
  expect(outer['InnerGuardSwitchWithout']).toBe('none');
  expect(outer['InnerGuardBillActionId']).toMatch(/\w/);
  const PolicyArn = outer['InnerGuardSwitchPolicyArn']!;
  const { PolicyRoles = [] } = await aws.client(IAMClient).send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  expect(PolicyRoles.map(({ RoleName }) => RoleName)).toContainEqual(expect.stringMatching(/^Outer-Worker/));
});

test('the stacks go, one in the middle of its stop, with all whom they had: nothing is left', async () => {
  const iam = aws.client(IAMClient);
  const held = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: outputs['GuardSwitchPolicyArn']! }));
  expect([held.PolicyRoles?.length, held.PolicyUsers?.length]).toEqual([2, 1]);
  // The access key that this test has made is the user's own, and CloudFormation deletes no user who has one.
  await deleteKeys(iam);
  await cdk('destroy', '--all', '--force');
  const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
  const { Users = [] } = await iam.send(new ListUsersCommand({}));
  expect(Roles.filter(({ RoleName }) => /^(MyApp|Outer)/.test(RoleName ?? ''))).toEqual([]);
  expect(Users.filter(({ UserName }) => /^(MyApp|Outer)/.test(UserName ?? ''))).toEqual([]);
});

async function deleteKeys(iam: IAMClient): Promise<void> {
  const UserName = outputs['BotName']!;
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
  for (const { AccessKeyId } of AccessKeyMetadata) {
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKeyId! }));
  }
}
