import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import {
  BudgetsClient,
  DescribeBudgetActionsForAccountCommand,
  DescribeBudgetCommand,
  ExecuteBudgetActionCommand,
} from '@aws-sdk/client-budgets';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { callModel } from '../../local/caller';
import { ACCOUNT, type Credentials, type Emulator, startEmulator } from '../../local/emulator';
import { HELD_ROLE_ARN, credentialsOf, keyOf, makePrincipals } from './support/callers';
import { eventually } from './support/eventually';
import { holdersOf, stateInEffect } from './support/look';
import { spendOn, tickAt, type Tick } from './support/month';
import { OneClick, type Parameters } from './support/one-click';
import { remainsOf } from './support/remains';
import { HELD } from './support/tiers';

const PRO = 'amazon.nova-pro-v1:0';
const GIVEN: Parameters = {
  MonthlyLimitUsd: '50',
  Email: 'team+bedrock@example.com',
  Mode: 'enforce',
  AccountWide: 'no',
  GuardedRoles: `${HELD.role}, `,
  GuardedUsers: HELD.user,
  GuardedGroups: ` ${HELD.group} `,
};

let aws: Emulator;
let guard: OneClick;
let callers: Readonly<Record<string, BedrockRuntimeClient>>;

beforeAll(async () => {
  aws = await startEmulator({ scheduleSeconds: 3600 });
  guard = new OneClick(aws);
  await makePrincipals(aws);
  guard.release();
  await guard.upload();
  await guard.deploy(GIVEN);
  const client = (by: Credentials) => aws.client(BedrockRuntimeClient, by);
  callers = {
    invoker: client(await credentialsOf(aws, await guard.output('InvokerRoleArn'))),
    role: client(await aws.credentialsFor(HELD_ROLE_ARN)),
    user: client(await keyOf(aws, HELD.user)),
    member: client(await keyOf(aws, HELD.member)),
  };
});

afterAll(async () => {
  for (const client of Object.values(callers ?? {})) client.destroy();
  await aws?.stop();
});

/** What becomes of a call by each of them, through the stack's own profile. */
async function answers(): Promise<Readonly<Record<string, string>>> {
  const profile = await guard.output('ProfileAmazonNovaLiteV10Arn');
  const called = Object.entries(callers).map(async ([who, by]) => [who, (await callModel(by, profile)).kind] as const);
  return Object.fromEntries(await Promise.all(called));
}
const all = (answer: string) => ({ invoker: answer, role: answer, user: answer, member: answer });
const inEffect = async () => stateInEffect(aws, await guard.output('SwitchPolicyArn'));
const holders = async (output: string) => holdersOf(aws, await guard.output(output));

const EVERYBODY = [
  `group ${HELD.group}`,
  expect.stringMatching(/^role SpendGuard-account-InvokerRole/),
  `role ${HELD.role}`,
  `user ${HELD.user}`,
];

let months = 0;

/** A month of a test's own, by the clock in the event. */
class Month {
  now: number;

  constructor() {
    const today = new Date();
    months += 1;
    this.now = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 3 * months, 2, 20);
  }

  /** As long after the last one as it takes that the meter reads the month anew. */
  async tick(afterMinutes = 15): Promise<Tick> {
    this.now += afterMinutes * MINUTE_MS;
    return tickAt({ functions: await guard.functions() }, this.now);
  }

  /** On as many days, before 07:00, so that neither a day's nor an hour's line is near. @param called by model id, else by the own profile */
  async spendDaily(usd: number, days: number, called?: string): Promise<void> {
    const by = called ?? (await guard.output('ProfileAmazonNovaProV10Arn'));
    for (let day = 0; day < days; day++) {
      this.now += DAY_MS;
      await spendOn(aws, by, usd, this.now - 14 * HOUR_MS);
    }
  }
}

describe('as it is created', () => {
  test('whom the parameters name carry the switch, blanks and a comma too many notwithstanding, and everybody is answered', async () => {
    expect(await holders('SwitchPolicyArn')).toEqual(EVERYBODY);
    expect(await guard.output('SwitchWithout')).toBe('none');
    expect(await answers()).toEqual(all('answered'));
  });

  test('the address hears of alerts, and the budget has the limit', async () => {
    const { Subscriptions = [] } = await aws
      .client(SNSClient)
      .send(new ListSubscriptionsByTopicCommand({ TopicArn: await guard.output('AlertTopicArn') }));
    expect(Subscriptions.map(({ Endpoint }) => Endpoint)).toEqual([GIVEN['Email']]);
    expect((await budget()).BudgetLimit).toEqual({ Amount: '50', Unit: 'USD' });
  });
});

async function budget() {
  const { Budget } = await aws
    .client(BudgetsClient)
    .send(new DescribeBudgetCommand({ AccountId: ACCOUNT, BudgetName: await guard.output('BudgetName') }));
  if (!Budget) throw new Error('no budget');
  return Budget;
}

describe('the limit of the parameter', () => {
  let month: Month;
  beforeAll(async () => {
    month = new Month();
    await month.tick();
  });

  test('just below the line of $47.50 nobody is denied; past it everybody is', async () => {
    await month.spendDaily(9.4, 5);
    expect(await month.tick()).toMatchObject({ desired: 'degraded', monthToDateNanoUsd: 47_000_000_000 });
    expect(await answers()).toEqual(all('answered'));

    await month.spendDaily(0.6, 1);
    expect(await month.tick()).toMatchObject({ desired: 'stopped', monthToDateNanoUsd: 47_600_000_000 });
    expect(await inEffect()).toBe('stopped');
    expect(await answers()).toEqual(all('denied'));
  });

  test('a stack updated with a higher one, and nothing else, lets everybody go on', async () => {
    await guard.deploy({ MonthlyLimitUsd: '200' });
    expect((await budget()).BudgetLimit).toEqual({ Amount: '200', Unit: 'USD' });
    expect(await inEffect()).toBe('stopped');
    expect(await month.tick(1)).toMatchObject({ from: 'stopped', desired: 'open' });
    expect(await answers()).toEqual(all('answered'));
  });
});

describe('what counts', () => {
  test('with AccountWide=no what is called past the profiles of the stack does not', async () => {
    const month = new Month();
    await month.tick();
    await month.spendDaily(3, 2, PRO);
    await month.spendDaily(1, 1);
    expect(await month.tick()).toMatchObject({ monthToDateNanoUsd: 1_000_000_000 });
  });

  test('with AccountWide=yes both do; back to no, what the month has shown stays until it ends', async () => {
    await guard.deploy({ AccountWide: 'yes' });
    const month = new Month();
    await month.tick();
    await month.spendDaily(3, 2, PRO);
    await month.spendDaily(1, 1);
    expect(await month.tick()).toMatchObject({ monthToDateNanoUsd: 7_000_000_000 });
    await guard.deploy({ AccountWide: 'no' });
    expect(await month.tick()).toMatchObject({ monthToDateNanoUsd: 7_000_000_000 });
    await guard.deploy({ AccountWide: 'yes' });
  });
});

/** The bill passes the line, and a person lets AWS Budgets deny. */
async function approve(): Promise<void> {
  const BudgetName = await guard.output('BudgetName');
  const ActionId = await guard.output('BillActionId');
  await aws.control.spend(BudgetName, 196);
  await aws.control.cross(BudgetName);
  expect(await holders('DenyBillPolicyArn')).toEqual([]);
  const ExecutionType = 'APPROVE_BUDGET_ACTION';
  await aws
    .client(BudgetsClient)
    .send(new ExecuteBudgetActionCommand({ AccountId: ACCOUNT, BudgetName, ActionId, ExecutionType }));
  expect(await holders('DenyBillPolicyArn')).toEqual(EVERYBODY);
}

describe('Mode=watch', () => {
  const actions = async () => {
    const { Actions = [] } = await aws
      .client(BudgetsClient)
      .send(new DescribeBudgetActionsForAccountCommand({ AccountId: ACCOUNT }));
    return Actions.length;
  };

  test('lets go who is stopped, denies nobody, says what it would do, and AWS Budgets has no action', async () => {
    const month = new Month();
    await month.tick();
    await month.spendDaily(39, 5);
    expect(await month.tick()).toMatchObject({ desired: 'stopped', enforced: 'stopped' });
    expect(await answers()).toEqual(all('denied'));
    expect(await actions()).toBe(1);

    await guard.deploy({ Mode: 'watch' });
    expect(await month.tick(1)).toMatchObject({ desired: 'stopped', enforced: 'open' });
    expect(await answers()).toEqual(all('answered'));
    expect(await actions()).toBe(0);

    await guard.deploy({ Mode: 'enforce' });
    expect(await actions()).toBe(1);
  });

  test('lets go whom AWS Budgets holds after a person approved: its action is gone, and the meter takes the deny off', async () => {
    await approve();
    await guard.deploy({ Mode: 'watch' });
    const month = new Month();
    await month.tick();
    await eventually(() => holders('DenyBillPolicyArn'), []);
    expect(await answers()).toEqual(all('answered'));
    await guard.deploy({ Mode: 'enforce' });
  });
});

describe('an update', () => {
  test('of whom is guarded lets go who is no longer named, and needs nobody to tick', async () => {
    await guard.deploy({ GuardedUsers: '', GuardedGroups: '' });
    expect(await holders('SwitchPolicyArn')).toEqual([EVERYBODY[1], EVERYBODY[2]]);
    await guard.deploy({ GuardedUsers: HELD.user, GuardedGroups: HELD.group });
    expect(await holders('SwitchPolicyArn')).toEqual(EVERYBODY);
  });

  test('of the address replaces the budget beside the one that is there', async () => {
    const before = await guard.output('BudgetName');
    await guard.deploy({ Email: 'other@example.com' });
    expect(await guard.output('BudgetName')).not.toBe(before);
    expect((await budget()).BudgetLimit).toEqual({ Amount: '200', Unit: 'USD' });
  });

  test.each([
    ['MonthlyLimitUsd', '0', 'must be whole dollars'],
    ['MonthlyLimitUsd', '1e3', 'must be whole dollars'],
    ['Email', '"a b"@example.com', 'must be one mail address'],
    ['Mode', 'stop', ''],
    ['GuardedRoles', 'team/app', 'must be names without path'],
    ['GuardedRoles', 'AWSReservedSSO_Developer_0123456789abcdef', 'IAM Identity Center'],
    ['AssetPrefix', '/spend-guard/', 'must be empty, or folders'],
    ['HubBusArn', 'default', 'must be empty, or the ARN'],
  ])('with %s=%s is refused before anything changes', async (name, value, words) => {
    await expect(guard.deploy({ [name]: value })).rejects.toThrow(new RegExp(`${name}.*${words}`));
    expect((await guard.stack())?.StackStatus).toBe('UPDATE_COMPLETE');
  });

  test('that asks for code which nobody has uploaded fails by the name of the function, and leaves the guard as it was', async () => {
    await expect(guard.deploy({ AssetPrefix: 'nowhere/' })).rejects.toThrow(/Function/);
    expect((await guard.stack())?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await new Month().tick()).toMatchObject({ desired: 'open' });
  });
});

test('nothing that a function of the guard asked for was refused it', async () => {
  const refused = (await aws.control.uses()).filter(
    ({ principal, allowed }) => !allowed && /SpendGuard-account-(?!Invoker)/.test(principal),
  );
  expect(refused).toEqual([]);
});

test('its deletion lets everybody go in the middle of a stop, by the meter and by AWS Budgets, and leaves nothing', async () => {
  const month = new Month();
  await month.tick();
  await month.spendDaily(39, 5);
  expect(await month.tick()).toMatchObject({ desired: 'stopped' });
  await approve();
  const role = callers['role']!;
  expect((await callModel(role, PRO)).kind).toBe('denied');
  await guard.remove();
  expect(await remainsOf(aws, 'account')).toEqual({});
  expect((await callModel(role, PRO)).kind).toBe('answered');
});
