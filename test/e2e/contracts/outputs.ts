import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateEmailIdentityCommand,
  PutAccountDetailsCommand,
  PutSuppressedDestinationCommand,
  SESv2Client,
} from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { ACCOUNT, REGION } from '../../../local/emulator';
import { DECISION_DETAIL_TYPE, STANDING_DETAIL_TYPE } from '../../../core/events';
import { decisionEvents } from '../../../lambda/adapters/eventbridge/decision-events';
import { standingEvents } from '../../../lambda/adapters/eventbridge/standing-events';
import { brakeCall } from '../../../lambda/adapters/lambda/brake-call';
import { guardFunctions } from '../../../lambda/adapters/lambda/guard-functions';
import { sesHtmlMail } from '../../../lambda/adapters/sesv2/html-mail';
import { SnsMail } from '../../../lambda/adapters/sns/mail';
import { switchDeploy } from '../../../lambda/adapters/lambda/switch-deploy';
import type { BrakeCallSubject } from '../../contracts/suites/brake-call';
import type { DecisionEventsSubject } from '../../contracts/suites/decision-events';
import type { GuardFunctionsSubject } from '../../contracts/suites/guard-functions';
import type { HtmlMailSubject } from '../../contracts/suites/html-mail';
import type { MailSubject } from '../../contracts/suites/mail';
import type { StandingEventsSubject } from '../../contracts/suites/standing-events';
import type { SwitchDeploySubject } from '../../contracts/suites/switch-deploy';
import { functionWith, raw, roleWith, session, unique } from '../emulator/support';

import type { Account } from './account';
import { until } from './until';

/** In which what was wrongly sent would have come. */
const QUIET_MS = 200;

export async function mail(account: Account): Promise<MailSubject> {
  const sns = account.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: `${unique('reader')}@example.com` }));
  const mails = async () => (await account.aws.control.mails()).filter(({ topic }) => topic === TopicArn);
  return {
    port: new SnsMail(TopicArn!, sns),
    received: async () => (await mails()).map(({ subject, message }) => ({ subject, body: message })),
    attributes: async () => (await mails()).map(({ attributes = {} }) => attributes),
    throttle: () => account.refuse('throttle', 'sns:Publish'),
  };
}

export async function htmlMail(account: Account): Promise<HtmlMailSubject> {
  const ses = account.client(SESv2Client);
  const domain = `${unique('mail')}.example.com`;
  const identities = [domain, ...['spend', 'ann', 'bob'].map((name) => `${name}@${domain}`)];
  // No more than cost-check may do.
  const credentials = await session(
    account.aws,
    {
      Action: 'ses:SendEmail',
      Resource: identities.map((identity) => `arn:aws:ses:${REGION}:${ACCOUNT}:identity/${identity}`),
      Condition: { StringEquals: { 'ses:FromAddress': [`spend@${domain}`, `spend@mail.${domain}`] } },
    },
    { Action: 'ses:GetSuppressedDestination' },
  );
  const mailing = account.client(SESv2Client, REGION, credentials);
  const production = (ProductionAccessEnabled: boolean) =>
    ses.send(
      new PutAccountDetailsCommand({
        ...{ ProductionAccessEnabled, MailType: 'TRANSACTIONAL', WebsiteURL: 'https://example.com' },
      }),
    );
  return {
    port: sesHtmlMail(mailing, mailing),
    domain,
    verify: async (EmailIdentity) => void (await ses.send(new CreateEmailIdentityCommand({ EmailIdentity }))),
    suppress: async (EmailAddress, Reason) =>
      void (await ses.send(new PutSuppressedDestinationCommand({ EmailAddress, Reason }))),
    async inSandbox(run) {
      await production(false);
      try {
        await run();
      } finally {
        await production(true);
      }
    },
    async received() {
      const mails = await account.aws.control.mails();
      return mails
        .filter(({ topic, to }) => topic === 'Amazon SES' && to.endsWith(`@${domain}`))
        .map(({ to, from = '', subject, message, html = '' }) => ({ to, from, subject, text: message, html }));
    },
    throttle: () => account.refuse('throttle', 'ses:SendEmail', 'ses:GetSuppressedDestination'),
  };
}

/** Services without a client among the dependencies, by AWS's JSON protocol. */
async function json<T>(account: Account, service: string, target: string, body: object, version: string): Promise<T> {
  const { status, text } = await raw(account.aws, service, {
    method: 'POST',
    path: '/',
    headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target },
    body: JSON.stringify(body),
  });
  if (status !== 200) throw new Error(`${target}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

export async function events(account: Account): Promise<DecisionEventsSubject> {
  const client = account.client(EventBridgeClient);
  return { port: decisionEvents(client), ...(await listening(account, client, DECISION_DETAIL_TYPE)) };
}

export async function standings(account: Account): Promise<StandingEventsSubject> {
  const client = account.client(EventBridgeClient);
  return { port: standingEvents(client), ...(await listening(account, client, STANDING_DETAIL_TYPE)) };
}

/** A rule with a queue for its target, as somebody who wants to know would make it. */
async function listening(account: Account, client: EventBridgeClient, type: string) {
  const QueueName = unique('decisions');
  const sqs = <T>(operation: string, body: object) => json<T>(account, 'sqs', `AmazonSQS.${operation}`, body, '1.0');
  const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName });
  const Name = unique('rule');
  const EventPattern = JSON.stringify({ source: ['spend-guard'], 'detail-type': [type] });
  await client.send(new PutRuleCommand({ Name, EventPattern }));
  const Arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}`;
  await client.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'queue', Arn }] }));
  const found: unknown[] = [];
  const receive = async () => {
    const { Messages = [] } = await sqs<{ Messages?: readonly { readonly Body: string }[] }>('ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
    });
    found.push(...Messages.map(({ Body }) => (JSON.parse(Body) as { detail: unknown }).detail));
    return found;
  };
  return {
    async matched(count: number) {
      if (count === 0) await sleep(QUIET_MS);
      return until(receive, (all) => all.length >= count);
    },
    throttle: () => account.refuse('throttle', 'events:PutEvents'),
  };
}

/** A function in the place of one of the guard's, which logs what it is asked. */
async function loggingFunction(account: Account, name: string, pattern = /"command":"(\w+)"/) {
  const lambda = account.client(LambdaClient);
  const FunctionName = unique(name);
  const logGroupName = `/aws/lambda/${FunctionName}`;
  await functionWith(account.aws, await roleWith(account.aws, [{ Action: 'logs:*' }]), FunctionName);
  const commands = async () => {
    const target = 'Logs_20140328.FilterLogEvents';
    const logged = await json<{ events?: readonly { readonly message: string }[] }>(
      account,
      'logs',
      target,
      { logGroupName },
      '1.1',
    ).catch(() => ({ events: [] }));
    return (logged.events ?? []).flatMap(({ message }) => pattern.exec(message)?.[1] ?? []);
  };
  return {
    lambda,
    FunctionName,
    commands: async (atLeast: number) => {
      if (atLeast === 0) await sleep(QUIET_MS);
      return until(commands, (all) => all.length >= atLeast);
    },
    remove: async () => void (await lambda.send(new DeleteFunctionCommand({ FunctionName }))),
    throttle: () => account.refuse('throttle', 'lambda:InvokeFunction'),
  };
}

export async function functions(account: Account): Promise<GuardFunctionsSubject> {
  const { lambda, FunctionName, commands, ...rest } = await loggingFunction(account, 'auto-stop');
  return {
    port: guardFunctions(FunctionName, lambda),
    runs: async (atLeast) => (await commands(atLeast)).filter((command) => command === 'converge').length,
    ...rest,
  };
}

export async function brakeCalls(account: Account): Promise<BrakeCallSubject> {
  const asked = /"command":"converge","account":"(\d{12})"/;
  const { lambda, FunctionName, commands, ...rest } = await loggingFunction(account, 'brake', asked);
  return { port: brakeCall(FunctionName, lambda), asked: commands, ...rest };
}

export async function switchOrders(account: Account): Promise<SwitchDeploySubject> {
  const { lambda, FunctionName, commands, ...rest } = await loggingFunction(account, 'switch');
  return { port: switchDeploy(FunctionName, lambda), orders: commands, ...rest };
}
