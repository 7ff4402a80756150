import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DAY_MS, HOUR_MS, monthStart, nextMonth, utcMonth } from '../../core/calendar';
import { ChannelServer } from '../helpers/channel-server';
import { slackTexts } from '../helpers/channel-checks';
import { IamActions } from '../helpers/iam-actions';
import { GUARD_SERVICES } from '../helpers/iam-stack';
import { commandLine } from './organization/command-line';
import { AskedOrganization, DENIED, type Report } from './support/asked-organization';
import { eventually } from './support/eventually';
import { grantedRoles, type GrantedRole } from './support/granted';
import { RoleUses } from './support/uses';

/**
 * An organisation on the local AWS, by plain `cdk deploy`: the hub in the management account, a guard in each member account by the
 * StackSet. Whatever changes, hub and guards change it under their own roles; the tests play spend, people and the clock. They go on from one another.
 */
const organization = new AskedOrganization();
/** Where people look: a server of this machine. */
const server = new ChannelServer();
const CHANNELS = { look: { kind: 'slackWebhook', secret: 'ssm:/spend-guard/look' } } as const;
const LIMITS = { overrun: 50, automatic: 10, quiet: 30, absent: 40 };
let overrun: string, automatic: string, quiet: string, absent: string, unlisted: string;
let roles: readonly GrantedRole[];
let origin: string;

beforeAll(async () => {
  origin = await server.listen();
  await organization.start(5);
  [overrun, automatic, quiet, absent, unlisted] = organization.members as [string, string, string, string, string];
  await organization.deploy({
    accounts: {
      [overrun]: { limitUsd: LIMITS.overrun },
      [automatic]: { limitUsd: LIMITS.automatic, brake: 'automatic', email: 'search@example.com' },
      [quiet]: { limitUsd: LIMITS.quiet },
      [absent]: { limitUsd: LIMITS.absent },
    },
    channels: CHANNELS,
  });
  roles = await grantedRoles(organization.aws, 'organization');
});
afterAll(async () => {
  await organization.stop();
  await server.close();
});

describe('one deploy', () => {
  test('gives every account of the unit a guard', async () => {
    expect(await organization.instances()).toEqual(organization.members.map(() => 'CURRENT'));
  });

  test('of which nothing is heard yet is unheard, and not zero', async () => {
    const { spentNano, accounts, attention } = await organization.document();
    expect(spentNano).toBeNull();
    expect(accounts.map(({ heard, spentNano: spent }) => [heard, spent])).toEqual(
      Array.from({ length: 4 }, () => ['unheard', null]),
    );
    expect(attention.filter(({ kind }) => kind === 'unheard')).toHaveLength(4);
  });
});

describe('roll-up', () => {
  test('every account that tells is there with its state, its spend and the limit of the file', async () => {
    await organization.spendAndTell(quiet, 1);
    await organization.spendAndTell(unlisted, 2);
    await eventually(async () => (await organization.accountOf(quiet)).heard, 'heard');
    await eventually(async () => (await organization.document()).accounts.length, 5);
    expect(await organization.accountOf(quiet)).toMatchObject({
      listed: true,
      spentNano: 1_000_000_000,
      atLeast: false,
      limitNano: 30_000_000_000,
      environments: [{ environment: 'account', desired: 'open', limitNano: 30_000_000_000 }],
    });
    // The unit has it, the file does not: it has a guard with the default limit, and is named.
    expect(await organization.accountOf(unlisted)).toMatchObject({
      listed: false,
      spentNano: 2_000_000_000,
      limitNano: 20_000_000_000,
      environments: [{ limitNano: 20_000_000_000 }],
    });
    const { spentNano, atLeast } = await organization.document();
    expect({ spentNano, atLeast }).toEqual({ spentNano: 3_000_000_000, atLeast: true });
  });

  test('who has told nothing for two hours is named as silent', async () => {
    const { attention } = await organization.document(Date.now() + 2 * HOUR_MS + 60_000);
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
    expect(await organization.accountOf(quiet)).toMatchObject({ spentNano: 1_000_000_000 });
  });
});

/** Titles of what the channel was told of an account, in order. */
function toldOf(account: string): readonly string[] {
  return server.posts.flatMap(({ body }) => slackTexts(body)[0] ?? []).filter((title) => title.includes(account));
}

describe('the brake', () => {
  let decision: string;

  test('past the line of an account a mail asks for approval, and nobody is denied before', async () => {
    await organization.spendAndTell(overrun, 56);
    await eventually(async () => (await organization.brakeOf(overrun)).status, 'waiting');
    decision = (await organization.brakeOf(overrun)).decision!;
    await eventually(async () => (await organization.hubMails(`${overrun}: its brake needs your approval`)).length, 1);
    const [mail] = await organization.hubMails(overrun);
    expect(mail).toMatchObject({ to: 'owner@example.com' });
    expect(mail!.message).toContain(`organization approve ${overrun} --decision ${decision}`);
    expect(await organization.call(overrun)).toBe('answered');
  });

  test('a channel whose secret is not there yet is named by mail, and told that the brake waits once it is', async () => {
    const subject = '[organization] Channel look cannot be told: its secret is missing or empty';
    await eventually(async () => (await organization.hubMails('Channel look')).map((mail) => mail.subject), [subject]);
    const Value = `${origin}/slack/services/T/B/one`;
    const secret = { Name: '/spend-guard/look', Type: 'SecureString', Value } as const;
    await organization.aws.client(SSMClient).send(new PutParameterCommand(secret));
    await organization.send('channels', { source: 'schedule' });
    await eventually(
      async () => toldOf(overrun),
      [`CRITICAL: organization: ${overrun}: its brake needs your approval`],
    );
    expect(slackTexts(server.posts[0]!.body).join('\n')).toContain(`approve ${overrun} --decision ${decision}`);
  });

  test('a viewer cannot approve, and a decision of another month is refused', async () => {
    await expect(organization.order('approve', overrun, { decision }, 'Viewer')).rejects.toThrow(/not authorized/);
    expect(await organization.order('approve', overrun, { decision: '2020-01.1' })).toMatchObject({ kind: 'refused' });
    expect(await organization.call(overrun)).toBe('answered');
  });

  test('approved, the policy is attached in the same run: the account is denied, the others are answered', async () => {
    expect(await organization.order('approve', overrun, { decision })).toMatchObject({
      kind: 'ordered',
      brake: 'attached',
    });
    expect(await organization.call(overrun)).toEqual(DENIED);
    for (const other of [automatic, quiet, unlisted]) expect(await organization.call(other)).toBe('answered');
    await eventually(async () => (await organization.hubMails(`${overrun}: the brake is attached`)).length, 1);
  });

  test('a break-glass role is answered all the same', async () => {
    const glass = await organization.breakGlass(overrun);
    expect(await organization.call(overrun, glass)).toBe('answered');
  });

  test('lifted by an operator it is answered again, and a run that comes later leaves it so', async () => {
    expect(await organization.order('lift', overrun, { reason: 'agreed with finance' })).toMatchObject({
      kind: 'ordered',
      brake: 'none',
    });
    expect(await organization.call(overrun)).toBe('answered');
    await organization.brakeRuns();
    expect(await organization.call(overrun)).toBe('answered');
    await eventually(async () => (await organization.hubMails(`${overrun}: the brake is detached`)).length, 1);
  });

  test('each of it was told where people look, once', async () => {
    await eventually(
      async () => toldOf(overrun).slice(1),
      [
        `CRITICAL: organization: ${overrun}: the brake is attached`,
        `OVER: organization: ${overrun}: the brake is detached`,
      ],
    );
    expect(server.violations).toEqual([]);
  });

  test('where the file says automatic it is attached at once', async () => {
    await organization.spendAndTell(automatic, 11.5);
    await eventually(() => organization.call(automatic), DENIED);
    await eventually(async () => (await organization.brakeOf(automatic)).status, 'attached');
    expect(await organization.call(quiet)).toBe('answered');
  });

  test('lifted until a time, it is back after it', async () => {
    const until = new Date(Date.now() + HOUR_MS).toISOString();
    await organization.order('lift', automatic, { reason: 'demo', until });
    expect(await organization.call(automatic)).toBe('answered');
    await organization.brakeRuns(Date.now() + HOUR_MS + 60_000);
    expect(await organization.call(automatic)).toEqual(DENIED);
  });

  test('what somebody else has attached is named and stays', async () => {
    const PolicyId = organization.output('BrakePolicyId');
    await organization.made.ask('AttachPolicy', { PolicyId, TargetId: quiet });
    await organization.brakeRuns();
    expect(await organization.call(quiet)).toEqual(DENIED);
    const { attention } = await organization.document();
    expect(attention.map(({ text }) => text)).toContainEqual(expect.stringContaining(`policy to ${quiet}`));
    await organization.made.ask('DetachPolicy', { PolicyId, TargetId: quiet });
  });

  test('an operator stops an account whatever it has spent; the management account is refused', async () => {
    expect(await organization.order('stop', quiet, { reason: 'credentials leaked' })).toMatchObject({
      kind: 'ordered',
      brake: 'attached',
    });
    expect(await organization.call(quiet)).toEqual(DENIED);
    expect(await organization.order('stop', organization.made.managementAccount, { reason: 'x' })).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('which no service control policy reaches') as unknown,
    });
    await organization.order('lift', quiet, { reason: 'rotated' });
    expect(await organization.call(quiet)).toBe('answered');
  });

  test('the new month lifts what spend brought about', async () => {
    await organization.brakeRuns(monthStart(nextMonth(utcMonth(Date.now() + HOUR_MS))) + DAY_MS);
    expect(await organization.call(automatic)).toBe('answered');
  });
});

describe('the command line', () => commandLine(organization, () => quiet));

describe('the report', () => {
  test('one mail a day, with every account, and the page beside it', async () => {
    const scheduledAt = new Date().toISOString();
    const run = () => organization.ask<Report>('Viewer', 'organization-report', { source: 'schedule', scheduledAt });
    expect((await run()).kind).toBe('reported');
    expect((await run()).kind).toBe('skipped');
    const mails = await organization.hubMails(' of $');
    expect(mails).toHaveLength(1);
    for (const account of organization.members) expect(mails[0]!.message).toContain(account);
    const page = await organization.objectOf(organization.output('PageBucketName'), 'organization.html');
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
      channels: CHANNELS,
    });
    await organization.tick(overrun);
    await eventually(async () => (await organization.accountOf(overrun)).environments[0]?.limitNano, 500_000_000_000);
    expect(await organization.accountOf(overrun)).toMatchObject({ limitNano: 500_000_000_000 });

    const joined = await organization.made.addMember('joined');
    await eventually(
      async () => Object.keys((await organization.functionsOf(joined)).names).includes('spend-meter'),
      true,
    );
  });
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
  /** As for an environment: Lambda refuses a scheduled call until it is too old; and no run of channels fails here. */
  const UNEXERCISED = ['channels', 'schedules'].map(
    (feature) => `${feature}: sqs:SendMessage on :SpendGuard-<environment>-SchedulesDeadLetters`,
  );

  test("all that the hub's roles did is granted, and all that is granted was used, but for what no test can bring about", async () => {
    const iam = await IamActions.load([...GUARD_SERVICES, 'organizations', 's3']);
    const uses = await organization.aws.control.uses();
    const each = roles.map((role) => new RoleUses(iam, [role], uses));
    expect(each.flatMap((one) => one.ungranted())).toEqual([]);
    const grants = each.flatMap((one) => [...one.grants()]);
    expect(grants.length).toBeGreaterThan(20);
    expect(grants.flatMap(([grant, how]) => (how === 'unused' ? [grant] : [])).toSorted()).toEqual(UNEXERCISED);
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
  });

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
  });
});
