import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { IAMClient, CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DAY_MS, HOUR_MS, monthStart, nextMonth, utcMonth } from '../../core/calendar';
import type { OrganizationDocument } from '../../core/organization';
import type { Mail } from '../../local/control';
import { REGION } from '../../local/emulator';
import { IamActions } from '../helpers/iam-actions';
import { GUARD_SERVICES } from '../helpers/iam-stack';
import { eventually } from './support/eventually';
import { grantedRoles, type GrantedRole } from './support/granted';
import { LocalOrganization, type Person } from './support/local-organization';
import { RoleUses } from './support/uses';

/**
 * An organisation on the local AWS, by plain `cdk deploy`: the hub in the management account, a guard in each member account by the
 * StackSet. Whatever changes, hub and guards change it under their own roles; the tests play spend, people and the clock. They go on from one another.
 */
const organization = new LocalOrganization();
const LIMITS = { overrun: 50, automatic: 10, quiet: 30, absent: 40 };
let overrun: string, automatic: string, quiet: string, absent: string, unlisted: string;
let roles: readonly GrantedRole[];

beforeAll(async () => {
  await organization.start(5);
  [overrun, automatic, quiet, absent, unlisted] = organization.members as [string, string, string, string, string];
  await organization.deploy({
    accounts: {
      [overrun]: { limitUsd: LIMITS.overrun },
      [automatic]: { limitUsd: LIMITS.automatic, brake: 'automatic', email: 'search@example.com' },
      [quiet]: { limitUsd: LIMITS.quiet },
      [absent]: { limitUsd: LIMITS.absent },
    },
  });
  roles = await grantedRoles(organization.aws, 'organization');
}, 240_000);
afterAll(() => organization.stop());

const DENIED = expect.stringMatching(/explicit deny in a service control policy/) as unknown;
type Report = { readonly kind: string; readonly document: OrganizationDocument; readonly page?: string };

/** @param now of the hub's own clock */
async function document(now?: number): Promise<OrganizationDocument> {
  const event = now === undefined ? {} : { now: new Date(now).toISOString() };
  return (await organization.ask<Report>('Viewer', 'organization-report', event)).document;
}

async function accountOf(account: string, now?: number) {
  const found = (await document(now)).accounts.find((one) => one.account === account);
  if (!found) throw new Error(`the report lacks ${account}`);
  return found;
}

const brakeOf = async (account: string) => (await accountOf(account)).brake;
const order = (command: string, account: string, more: object = {}, by: Person = 'Operator') =>
  organization.ask<{ kind: string; why?: string }>(by, 'organization-brake', {
    command,
    account,
    by: 'on-call',
    ...more,
  });
const brakeRuns = (now = Date.now()) =>
  organization.ask('Operator', 'organization-brake', { source: 'schedule', now: new Date(now).toISOString() });

async function hubMails(about: string): Promise<readonly Mail[]> {
  const topic = organization.output('AlertTopicArn');
  return (await organization.aws.control.mails()).filter((one) => one.topic === topic && one.subject.includes(about));
}

async function spendAndTell(account: string, usd: number): Promise<void> {
  await organization.spend(account, usd);
  const { error, lines } = await organization.tick(account);
  expect({ error, told: lines.at(-1)?.['hub'] }).toEqual({ error: undefined, told: 'told' });
}

describe('one deploy', () => {
  test('gives every account of the unit a guard', async () => {
    expect(await organization.instances()).toEqual(organization.members.map(() => 'CURRENT'));
  });

  test('of which nothing is heard yet is unheard, and not zero', async () => {
    const { spentNano, accounts, attention } = await document();
    expect(spentNano).toBeNull();
    expect(accounts.map(({ heard, spentNano: spent }) => [heard, spent])).toEqual(
      Array.from({ length: 4 }, () => ['unheard', null]),
    );
    expect(attention.filter(({ kind }) => kind === 'unheard')).toHaveLength(4);
  });
});

describe('roll-up', () => {
  test('every account that tells is there with its state, its spend and the limit of the file', async () => {
    await spendAndTell(quiet, 1);
    await spendAndTell(unlisted, 2);
    await eventually(async () => (await accountOf(quiet)).heard, 'heard');
    await eventually(async () => (await document()).accounts.length, 5);
    expect(await accountOf(quiet)).toMatchObject({
      listed: true,
      spentNano: 1_000_000_000,
      atLeast: false,
      limitNano: 30_000_000_000,
      environments: [{ environment: 'account', desired: 'open', limitNano: 30_000_000_000 }],
    });
    // The unit has it, the file does not: it has a guard with the default limit, and is named.
    expect(await accountOf(unlisted)).toMatchObject({
      listed: false,
      spentNano: 2_000_000_000,
      limitNano: 20_000_000_000,
      environments: [{ limitNano: 20_000_000_000 }],
    });
    const { spentNano, atLeast } = await document();
    expect({ spentNano, atLeast }).toEqual({ spentNano: 3_000_000_000, atLeast: true });
  });

  test('who has told nothing for two hours is named as silent', async () => {
    const { attention } = await document(Date.now() + 2 * HOUR_MS + 60_000);
    const named = (wanted: string) => attention.filter(({ kind }) => kind === wanted).map(({ account }) => account);
    expect(named('silent').toSorted()).toEqual([quiet, unlisted].toSorted());
    expect(named('unheard')).toContain(absent);
    expect(attention.filter(({ kind }) => kind === 'silent').map(({ account }) => account)).not.toContain(absent);
  });

  test('nobody outside of the organisation is heard, and no account speaks for another', async () => {
    const forged = { account: quiet, environment: 'account', month: utcMonth(Date.now()), spentNano: 0 };
    const put = (account: string, source = 'spend-guard') =>
      organization.put(account, { source, detailType: 'Spend Guard Standing', detail: { ...forged } });
    expect(await put('999988887777')).toMatch(/AccessDenied|NotAuthorized/);
    expect(await put(unlisted, 'somebody-else')).toMatch(/AccessDenied|NotAuthorized/);
    await put(unlisted);
    expect(await accountOf(quiet)).toMatchObject({ spentNano: 1_000_000_000 });
  });
});

describe('the brake', () => {
  let decision: string;

  test('past the line of an account a mail asks for approval, and nobody is denied before', async () => {
    await spendAndTell(overrun, 56);
    await eventually(async () => (await brakeOf(overrun)).status, 'waiting');
    decision = (await brakeOf(overrun)).decision!;
    await eventually(async () => (await hubMails(`${overrun}: its brake needs your approval`)).length, 1);
    const [mail] = await hubMails(overrun);
    expect(mail).toMatchObject({ to: 'owner@example.com' });
    expect(mail!.message).toContain(`organization approve ${overrun} --decision ${decision}`);
    expect(await organization.call(overrun)).toBe('answered');
  });

  test('a viewer cannot approve, and a decision of another month is refused', async () => {
    await expect(order('approve', overrun, { decision }, 'Viewer')).rejects.toThrow(/not authorized/);
    expect(await order('approve', overrun, { decision: '2020-01.1' })).toMatchObject({ kind: 'refused' });
    expect(await organization.call(overrun)).toBe('answered');
  });

  test('approved, the policy is attached in the same run: the account is denied, the others are answered', async () => {
    expect(await order('approve', overrun, { decision })).toMatchObject({ kind: 'ordered', brake: 'attached' });
    expect(await organization.call(overrun)).toEqual(DENIED);
    for (const other of [automatic, quiet, unlisted]) expect(await organization.call(other)).toBe('answered');
    await eventually(async () => (await hubMails(`${overrun}: the brake is attached`)).length, 1);
  });

  test('a break-glass role is answered all the same', async () => {
    const glass = await breakGlass(overrun);
    expect(await organization.call(overrun, glass)).toBe('answered');
  });

  test('lifted by an operator it is answered again, and a run that comes later leaves it so', async () => {
    expect(await order('lift', overrun, { reason: 'agreed with finance' })).toMatchObject({
      kind: 'ordered',
      brake: 'none',
    });
    expect(await organization.call(overrun)).toBe('answered');
    await brakeRuns();
    expect(await organization.call(overrun)).toBe('answered');
    await eventually(async () => (await hubMails(`${overrun}: the brake is detached`)).length, 1);
  });

  test('where the file says automatic it is attached at once', async () => {
    await spendAndTell(automatic, 11.5);
    await eventually(() => organization.call(automatic), DENIED);
    await eventually(async () => (await brakeOf(automatic)).status, 'attached');
    expect(await organization.call(quiet)).toBe('answered');
  });

  test('lifted until a time, it is back after it', async () => {
    const until = new Date(Date.now() + HOUR_MS).toISOString();
    await order('lift', automatic, { reason: 'demo', until });
    expect(await organization.call(automatic)).toBe('answered');
    await brakeRuns(Date.now() + HOUR_MS + 60_000);
    expect(await organization.call(automatic)).toEqual(DENIED);
  });

  test('what somebody else has attached is named and stays', async () => {
    const PolicyId = organization.output('BrakePolicyId');
    await organization.made.ask('AttachPolicy', { PolicyId, TargetId: quiet });
    await brakeRuns();
    expect(await organization.call(quiet)).toEqual(DENIED);
    const { attention } = await document();
    expect(attention.map(({ text }) => text)).toContainEqual(expect.stringContaining(`policy to ${quiet}`));
    await organization.made.ask('DetachPolicy', { PolicyId, TargetId: quiet });
  });

  test('an operator stops an account whatever it has spent; the management account is refused', async () => {
    expect(await order('stop', quiet, { reason: 'credentials leaked' })).toMatchObject({
      kind: 'ordered',
      brake: 'attached',
    });
    expect(await organization.call(quiet)).toEqual(DENIED);
    expect(await order('stop', organization.made.managementAccount, { reason: 'x' })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('which no service control policy reaches') as unknown,
    });
    await order('lift', quiet, { reason: 'rotated' });
    expect(await organization.call(quiet)).toBe('answered');
  });

  test('the new month lifts what spend brought about', async () => {
    await brakeRuns(monthStart(nextMonth(utcMonth(Date.now() + HOUR_MS))) + DAY_MS);
    expect(await organization.call(automatic)).toBe('answered');
  });
});

describe('the command line', () => {
  test('under a viewer: the status with its verdict first, and the page', async () => {
    const { exitCode, output } = await organization.says('Viewer', 'status');
    expect(exitCode).toBe(4);
    expect(output.split('\n')[0]).toMatch(/ of \$150\.00 in \d{4}-\d\d$/);
    for (const account of organization.members) expect(output).toContain(account);
    const page = path.join(organization.aws.work.path, 'page.html');
    expect((await organization.says('Viewer', 'report', '--page', page)).output).toContain(`wrote ${page}`);
    expect(readFileSync(page, 'utf8')).toContain(`<th scope="row">${quiet}</th>`);
  });

  test('under a viewer no order: it says which role may', async () => {
    const { exitCode, output } = await organization.says('Viewer', 'stop', quiet, '--reason', 'x', '--yes');
    expect(exitCode).toBe(1);
    expect(output).toContain('may not run organization-brake: AWS answered AccessDeniedException');
    expect(output).toContain('OperatorRoleArn');
    expect(await organization.call(quiet)).toBe('answered');
  });

  test('under an operator it stops an account and lifts it again, and records whose credentials did', async () => {
    const stopped = await organization.says('Operator', 'stop', quiet, '--reason', 'leaked', '--yes');
    expect(stopped).toMatchObject({ exitCode: 0, output: expect.stringContaining('is attached: leaked') as unknown });
    expect(await organization.call(quiet)).toEqual(DENIED);
    const lift = (...more: string[]) =>
      organization.says('Operator', 'lift', quiet, '--reason', 'rotated', '--yes', ...more);
    expect((await lift('--until', '1h')).output).toContain('a lift ends it for good: leave until out');
    expect(await organization.call(quiet)).toEqual(DENIED);
    expect((await lift()).exitCode).toBe(0);
    expect(await organization.call(quiet)).toBe('answered');
    expect((await brakeOf(quiet)).override?.by).toMatch(
      /assumed-role\/SpendGuard-organization-PeopleOperator.*\/on-call/,
    );
  });

  test('what nobody may stop is refused with its reason', async () => {
    const order = (account: string) => organization.says('Operator', 'stop', account, '--reason', 'x', '--yes');
    expect((await order(organization.made.managementAccount)).output).toContain('it is the management account');
    expect((await order('999988887777')).output).toContain('nor was it ever heard of; nearest: ');
  });
});

describe('the report', () => {
  test('one mail a day, with every account, and the page beside it', async () => {
    const scheduledAt = new Date().toISOString();
    const run = () => organization.ask<Report>('Viewer', 'organization-report', { source: 'schedule', scheduledAt });
    expect((await run()).kind).toBe('reported');
    expect((await run()).kind).toBe('skipped');
    const mails = await hubMails(' of $');
    expect(mails).toHaveLength(1);
    for (const account of organization.members) expect(mails[0]!.message).toContain(account);
    const page = await objectOf(organization.output('PageBucketName'), 'organization.html');
    for (const account of organization.members) expect(page).toContain(account);
  });
});

describe('another file', () => {
  test('gives another limit by a deploy, and an account that joins has a guard by itself', async () => {
    await organization.deploy({
      accounts: {
        [overrun]: { limitUsd: 500 },
        [automatic]: { limitUsd: LIMITS.automatic, brake: 'automatic', email: 'search@example.com' },
        [quiet]: { limitUsd: LIMITS.quiet },
        [absent]: { limitUsd: LIMITS.absent },
      },
    });
    await organization.tick(overrun);
    await eventually(async () => (await accountOf(overrun)).environments[0]?.limitNano, 500_000_000_000);
    expect(await accountOf(overrun)).toMatchObject({ limitNano: 500_000_000_000 });

    const joined = await organization.made.addMember('joined');
    await eventually(
      async () => Object.keys((await organization.functionsOf(joined)).names).includes('spend-meter'),
      true,
    );
  }, 240_000);
});

describe('what goes on without anybody', () => {
  test('every schedule runs its function, and what fails three times is kept in the dead letters', async () => {
    const by = async (pattern: RegExp, wanted: string) =>
      (await organization.aws.control.uses())
        .filter(({ action, allowed, principal }) => action === wanted && allowed && pattern.test(principal))
        .flatMap(({ principal, resource }) => [principal, resource])
        .join(' ');
    await organization.aws.control.fire();
    const scheduled = () => by(/:role\/SpendGuard-organization-SchedulesRole/, 'lambda:InvokeFunction');
    await eventually(scheduled, expect.stringMatching(/(?=.*BrakeFunction)(?=.*ReportFunction)/));
    for (const feature of ['organization-roll-up', 'organization-report']) {
      await organization.send(feature, { source: 'nobody knows' });
    }
    const buried = () => by(/:role\/SpendGuard-organization-(RollUp|Report)/, 'sqs:SendMessage');
    await eventually(buried, expect.stringMatching(/(?=.*RollUp)(?=.*Report)/));
    expect(await organization.ask<Report>('Operator', 'organization-report')).toMatchObject({ kind: 'reported' });
  });
});

describe('least privilege', () => {
  /** As for an environment: Lambda refuses a scheduled call until it is too old. */
  const UNEXERCISED = ['schedules: sqs:SendMessage on :SpendGuard-<environment>-SchedulesDeadLetters'];

  test("all that the hub's roles did is granted, and all that is granted was used, but for what no test can bring about", async () => {
    const iam = await IamActions.load([...GUARD_SERVICES, 'organizations', 's3']);
    const uses = await organization.aws.control.uses();
    const each = roles.map((role) => new RoleUses(iam, [role], uses));
    expect(each.flatMap((one) => one.ungranted())).toEqual([]);
    const grants = each.flatMap((one) => [...one.grants()]);
    expect(grants.length).toBeGreaterThan(20);
    expect(grants.flatMap(([grant, how]) => (how === 'unused' ? [grant] : []))).toEqual(UNEXERCISED);
  });

  test('nothing was refused but what a viewer may not', async () => {
    const uses = await organization.aws.control.uses();
    const refused = uses.filter(({ allowed, principal }) => !allowed && /SpendGuard-organization/.test(principal));
    expect(refused.map(({ principal, action }) => [/PeopleViewer/.test(principal), action])).toEqual([
      [true, 'lambda:InvokeFunction'],
    ]);
  });
});

describe('taken away', () => {
  test('the StackSet goes with the guards of all accounts', async () => {
    await organization.destroy('members');
    for (const account of organization.members) {
      expect((await organization.functionsOf(account)).names).toEqual({});
    }
    expect(await organization.call(quiet)).toBe('answered');
  }, 240_000);

  test('a hub with a brake on does not go, and nobody is let through; detached by hand it goes, and what it knows is kept', async () => {
    const [table, PolicyId] = ['HubTableName', 'BrakePolicyId'].map((name) => organization.output(name));
    expect(await organization.call(automatic)).toEqual(DENIED);
    await expect(organization.destroy('hub')).rejects.toThrow(/BrakePolicy|PolicyInUse/);
    expect(await organization.call(automatic)).toEqual(DENIED);

    await organization.made.ask('DetachPolicy', { PolicyId, TargetId: automatic });
    expect(await organization.call(automatic)).toBe('answered');
    await organization.destroy('hub');
    const { TableNames = [] } = await organization.aws.client(DynamoDBClient).send(new ListTablesCommand({}));
    expect(TableNames).toContain(table);
  }, 240_000);
});

async function breakGlass(account: string) {
  const inAccount = organization.made.in(account);
  const iam = inAccount.client(IAMClient);
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const RoleName = 'break-glass';
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }));
  const call = policy({ Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'call', PolicyDocument: call }));
  iam.destroy();
  return inAccount.credentialsFor(`arn:aws:iam::${account}:role/${RoleName}`);
}

async function objectOf(Bucket: string, Key: string): Promise<string> {
  const s3 = new S3Client({
    endpoint: organization.aws.endpoint,
    region: REGION,
    forcePathStyle: true,
    credentials: organization.made.credentialsOf(organization.made.managementAccount),
  });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const text = await Body!.transformToString();
  s3.destroy();
  return text;
}
