import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  SNSClient,
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import type { Emulator } from '../../../../local/emulator';
import { functionWith, raw, roleWith, unique, type Rule } from '../support';

const WRITES_LOGS = { Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'] };

/** What the function has logged, or undefined without a log group. */
export async function logged(emulator: Emulator, functionName: string): Promise<string | undefined> {
  const { status, text } = await raw(emulator, 'logs', {
    method: 'POST',
    path: '/',
    headers: { 'x-amz-target': 'Logs_20140328.FilterLogEvents', 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ logGroupName: `/aws/lambda/${functionName}` }),
  });
  return status === 200 ? text : undefined;
}

/** Due once, at once. @returns what the function has logged; ministack alone looks at its schedules every 10 s */
async function scheduled(
  emulator: Emulator,
  bare: boolean,
  may: 'invoke' | 'nothing' | 'untrusted',
): Promise<string | undefined> {
  const arn = await functionWith(emulator, await roleWith(emulator, [WRITES_LOGS]));
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  const invoke = [{ Action: 'lambda:InvokeFunction', Resource: arn }];
  const trustedSource = may === 'untrusted' ? 'arn:aws:scheduler:*:*:schedule-group/another' : undefined;
  const role = await roleWith(emulator, may === 'nothing' ? [] : invoke, undefined, { trustedSource });
  await raw(emulator, 'scheduler', {
    method: 'POST',
    path: `/schedules/${unique('schedule')}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ScheduleExpression: `at(${new Date(Date.now() + 1_000).toISOString().slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: arn, RoleArn: role, Input: '{"at":"<aws.scheduler.scheduled-time>"}' },
    }),
  });
  for (let tries = 0; tries < (bare ? 70 : 20); tries++) {
    await sleep(200);
    const text = await logged(emulator, name);
    if (text?.includes('at')) return text;
  }
  return undefined;
}

export const scheduleRules: readonly Rule[] = [
  {
    name: 'a schedule calls its target under its own role, and not without permission or trust',
    aws: { allowed: true, refused: false, untrusted: false },
    async observe(emulator, bare) {
      const called = async (may: 'invoke' | 'nothing' | 'untrusted') =>
        (await scheduled(emulator, bare, may)) !== undefined;
      const [allowed, refused, untrusted] = await Promise.all([
        called('invoke'),
        called('nothing'),
        called('untrusted'),
      ]);
      return { allowed, refused, untrusted };
    },
  },
  {
    name: 'a schedule tells its target the time that it was due',
    aws: true,
    async observe(emulator, bare) {
      const text = await scheduled(emulator, bare, 'invoke');
      return /at\\+":\\+"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/.test(text ?? '');
    },
  },
  {
    name: 'a function whose role may not make its log group brings none back',
    aws: { may: true, mayNot: false },
    async observe(emulator) {
      const invoked = async (roleArn: string) => {
        const arn = await functionWith(emulator, roleArn);
        await emulator.client(LambdaClient).send(new InvokeCommand({ FunctionName: arn, Payload: '{}' }));
        return (await logged(emulator, arn.slice(arn.lastIndexOf(':') + 1))) !== undefined;
      };
      const onlyWrites = [{ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }];
      return {
        may: await invoked(await roleWith(emulator, [WRITES_LOGS])),
        mayNot: await invoked(await roleWith(emulator, onlyWrites)),
      };
    },
  },
  {
    name: 'what a topic mails can be read',
    aws: { to: 'owner@example.com', subject: 'Stopped', message: 'all of it', attributes: { fact: 'one' } },
    async observe(emulator) {
      const sns = emulator.client(SNSClient);
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'owner@example.com' }));
      const MessageAttributes = { fact: { DataType: 'String', StringValue: 'one' } };
      await sns.send(new PublishCommand({ TopicArn, Subject: 'Stopped', Message: 'all of it', MessageAttributes }));
      const { topic: _topic, ...mail } = (await emulator.control.mails()).find(({ topic }) => topic === TopicArn)!;
      return mail;
    },
  },
  {
    name: 'trap 36: what is mailed to an address that has not confirmed reaches nobody',
    aws: { arn: 'PendingConfirmation', mails: ['later'] },
    async observe(emulator) {
      const sns = emulator.client(SNSClient);
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
      const Endpoint = `${unique('pending')}@example.com`;
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
      await emulator.control.subscriber(Endpoint, false);
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      await sns.send(new PublishCommand({ TopicArn, Message: 'lost' }));
      await emulator.control.subscriber(Endpoint, true);
      await sns.send(new PublishCommand({ TopicArn, Message: 'later' }));
      const mails = (await emulator.control.mails()).filter(({ to }) => to === Endpoint);
      return { arn: Subscriptions[0]?.SubscriptionArn, mails: mails.map(({ message }) => message) };
    },
  },
];
