import {
  CreateEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Emulator } from '../../../../local/emulator';
import type { Organization } from '../../support/organization';
import { functionWith, outcome, roleWith, session, stackStatus, unique, type Rule } from '../support';
import { organizationOf } from './organizations';
import { logged } from './schedules';

interface Hub {
  readonly bus: string;
  readonly name: string;
  /** What its function was given, as soon as there are so many. */
  received(count: number): Promise<readonly Record<string, unknown>[]>;
}

/** A bus with a function that is told of everything from `guard.test`. */
async function hubIn(emulator: Emulator): Promise<Hub> {
  const events = emulator.client(EventBridgeClient);
  const name = unique('hub');
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: name }));
  const role = await roleWith(emulator, [{ Action: 'logs:*' }]);
  const Arn = await functionWith(emulator, role);
  await events.send(
    new PutRuleCommand({ Name: name, EventBusName: name, EventPattern: JSON.stringify({ source: ['guard.test'] }) }),
  );
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName: name, Targets: [{ Id: 'function', Arn }] }));
  return {
    bus: EventBusArn!,
    name,
    received: (count) => loggedEvents(emulator, Arn.slice(Arn.lastIndexOf(':') + 1), count),
  };
}

/** Waits 5 s at the most. */
async function loggedEvents(emulator: Emulator, functionName: string, count: number) {
  for (let tries = 1; ; tries++) {
    const text = (await logged(emulator, functionName)) ?? '{"events":[]}';
    const { events } = JSON.parse(text) as { events: { message: string }[] };
    const found = events.flatMap(({ message }) => eventIn(message));
    if (found.length >= count || tries === 50) return found;
    await sleep(100);
  }
}

/** Of a line that is an event, whatever Node writes before it. */
function eventIn(message: string): readonly Record<string, unknown>[] {
  const json = /\{.*"detail-type".*\}/.exec(message)?.[0];
  return json === undefined ? [] : [JSON.parse(json) as Record<string, unknown>];
}

const letOrganizationIn = (emulator: Emulator, { name }: Hub, { id }: Pick<Organization, 'id'>) =>
  emulator.client(EventBridgeClient).send(
    new PutPermissionCommand({
      EventBusName: name,
      StatementId: 'organization',
      Action: 'events:PutEvents',
      Principal: '*',
      Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: id },
    }),
  );

const ENTRY = { Source: 'guard.test', DetailType: 'Tier Decided', Detail: JSON.stringify({ tier: 'stop' }) };

const put = (emulator: Emulator, EventBusName?: string, as?: Awaited<ReturnType<typeof session>>) =>
  outcome(() =>
    emulator
      .client(EventBridgeClient, as)
      .send(new PutEventsCommand({ Entries: [{ ...ENTRY, ...(EventBusName ? { EventBusName } : {}) }] })),
  );

/** A rule of the account's default bus that sends on to the hub. @returns its name */
async function sendOn(emulator: Emulator, { bus }: Hub, RoleArn: string, eventBus = 'default'): Promise<string> {
  const events = emulator.client(EventBridgeClient);
  const Name = unique('up');
  const EventPattern = JSON.stringify({ source: ['guard.test'] });
  await events.send(new PutRuleCommand({ Name, EventBusName: eventBus, EventPattern }));
  await events.send(
    new PutTargetsCommand({ Rule: Name, EventBusName: eventBus, Targets: [{ Id: 'hub', Arn: bus, RoleArn }] }),
  );
  return Name;
}

const seen = (event: Record<string, unknown> | undefined) =>
  event && {
    account: event.account,
    region: event.region,
    source: event.source,
    'detail-type': event['detail-type'],
    detail: event.detail,
  };

async function reasons(emulator: Emulator, bare: boolean, rule: string): Promise<readonly unknown[]> {
  if (bare) return [];
  const all = await emulator.control.undelivered();
  return all.flatMap((each) => ('rule' in each && each.rule.endsWith(`/${rule}`) ? [each.why] : []));
}

/** A member of its own: the rules on its default bus are those of one test. */
async function memberOf(emulator: Emulator): Promise<Emulator> {
  const organization = await organizationOf(emulator);
  return organization.in(await organization.addMember(unique('sender')));
}

export const eventBusRules: readonly Rule[] = [
  {
    name: 'an event of a member account reaches the hub by a rule, with the account and Region of who sent it',
    aws: [
      {
        account: 'the member',
        region: 'us-east-1',
        source: 'guard.test',
        'detail-type': 'Tier Decided',
        detail: { tier: 'stop' },
      },
    ],
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const member = await memberOf(emulator);
      const hub = await hubIn(emulator);
      await letOrganizationIn(emulator, hub, organization);
      await sendOn(member, hub, await roleWith(member, [{ Action: 'events:PutEvents', Resource: hub.bus }]));
      await put(member);
      const received = await hub.received(1);
      return received.map((event) => {
        const { account, ...rest } = seen(event)!;
        return { account: account === member.account ? 'the member' : account, ...rest };
      });
    },
  },
  {
    name: 'what a policy or a role does not let through is told, not delivered, and the sender is not refused',
    aws: {
      sent: ['ok', 'ok', 'ok'],
      told: [
        ['the policy of the bus does not allow it'],
        ['the role may not put events on the bus'],
        ['the role does not trust EventBridge'],
      ],
      received: 0,
    },
    async observe(emulator, bare) {
      const organization = await organizationOf(emulator);
      const [closed, open] = [await hubIn(emulator), await hubIn(emulator)];
      await letOrganizationIn(emulator, open, organization);
      const may = (hub: Hub) => [{ Action: 'events:PutEvents', Resource: hub.bus }];
      const cases: readonly [Hub, (member: Emulator) => Promise<string>][] = [
        [closed, (member) => roleWith(member, may(closed))],
        [open, (member) => roleWith(member, may(closed))],
        [
          open,
          (member) =>
            roleWith(member, may(open), unique('role'), { trustedSource: 'arn:aws:events:us-east-1:*:rule/another' }),
        ],
      ];
      const [sent, told]: [string[], unknown[]] = [[], []];
      for (const [hub, roleIn] of cases) {
        const member = await memberOf(emulator);
        const rule = await sendOn(member, hub, await roleIn(member));
        sent.push(await put(member));
        told.push(await reasons(emulator, bare, rule));
      }
      await sleep(500);
      return { sent, told, received: (await closed.received(0)).length + (await open.received(0)).length };
    },
  },
  {
    name: 'PutEvents on the bus of another account needs its policy and the permission of the caller, and the root of another account is no exception',
    aws: {
      before: 'AccessDeniedException',
      after: 'ok',
      without: 'AccessDeniedException',
      stranger: 'AccessDeniedException',
      received: 1,
    },
    async observe(emulator) {
      const organization = await organizationOf(emulator);
      const member = await memberOf(emulator);
      const hub = await hubIn(emulator);
      const as = await session(member, { Action: 'events:PutEvents', Resource: hub.bus });
      const without = await session(member, { Action: 'events:PutEvents', Resource: `${hub.bus}-another` });
      const before = await put(member, hub.bus, as);
      await letOrganizationIn(emulator, hub, organization);
      return {
        before,
        after: await put(member, hub.bus, as),
        without: await put(member, hub.bus, without),
        stranger: await put(emulator.inAccount('210987654321'), hub.bus),
        received: (await hub.received(1)).length,
      };
    },
  },
  {
    name: 'what came from another account is not sent on to a third',
    aws: { hub: 1, third: 0, told: ['it came from another bus'] },
    async observe(emulator, bare) {
      const organization = await organizationOf(emulator);
      const [member, third] = [await memberOf(emulator), await memberOf(emulator)];
      const [hub, last] = [await hubIn(emulator), await hubIn(third)];
      await letOrganizationIn(emulator, hub, organization);
      await letOrganizationIn(third, last, organization);
      const role = await roleWith(emulator, [{ Action: 'events:PutEvents', Resource: last.bus }]);
      const onward = await sendOn(emulator, last, role, hub.name);
      await sendOn(member, hub, await roleWith(member, [{ Action: 'events:PutEvents', Resource: hub.bus }]));
      await put(member);
      const received = (await hub.received(1)).length;
      await sleep(500);
      return {
        hub: received,
        third: (await last.received(0)).length,
        told: await reasons(emulator, bare, onward),
      };
    },
  },
  {
    name: 'a template gives a bus its policy, by a statement or by its parts, and takes it away',
    aws: {
      made: 'CREATE_COMPLETE',
      statements: ['by-parts StringEquals', 'by-statement StringEquals'],
      deleted: 'DELETE_COMPLETE',
      left: 0,
      noBus: 'ROLLBACK_COMPLETE',
    },
    async observe(emulator) {
      const hub = await hubIn(emulator);
      const stack = unique('bus-policy');
      const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } };
      const Statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: hub.bus, Condition };
      const template = (EventBusName: string) => ({
        Resources: {
          Parts: {
            Type: 'AWS::Events::EventBusPolicy',
            Properties: {
              EventBusName,
              StatementId: 'by-parts',
              Action: 'events:PutEvents',
              Principal: '*',
              Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-1234567890' },
            },
          },
          Whole: {
            Type: 'AWS::Events::EventBusPolicy',
            DependsOn: 'Parts',
            Properties: { EventBusName, StatementId: 'by-statement', Statement },
          },
        },
      });
      const statements = async () => {
        const { Policy } = await emulator
          .client(EventBridgeClient)
          .send(new DescribeEventBusCommand({ Name: hub.name }));
        const all =
          Policy === undefined
            ? []
            : (JSON.parse(Policy) as { Statement: (typeof Statement & { Sid: string })[] }).Statement;
        return all.map((each) => `${each.Sid} ${Object.keys(each.Condition).join()}`);
      };
      return {
        made: await stackStatus(emulator, 'CreateStack', template(hub.name), stack),
        statements: await statements(),
        deleted: await stackStatus(emulator, 'DeleteStack', template(hub.name), stack),
        left: (await statements()).length,
        noBus: await stackStatus(emulator, 'CreateStack', template(unique('no-bus')), unique('bus-policy')),
      };
    },
  },
  {
    name: 'a rule of a template sends to the bus of another account under a role, and is not made without one',
    aws: { with: 'CREATE_COMPLETE', without: 'ROLLBACK_COMPLETE' },
    async observe(emulator) {
      const { bus: Arn } = await hubIn(emulator);
      const member = await memberOf(emulator);
      const RoleArn = await roleWith(member, [{ Action: 'events:PutEvents', Resource: Arn }]);
      const deploy = (target: object) => {
        const Properties = { EventPattern: { source: ['guard.test'] }, Targets: [{ Id: 'hub', Arn, ...target }] };
        const template = { Resources: { Rule: { Type: 'AWS::Events::Rule', Properties } } };
        return stackStatus(member, 'CreateStack', template, unique('up-stack'));
      };
      return { with: await deploy({ RoleArn }), without: await deploy({}) };
    },
  },
];
