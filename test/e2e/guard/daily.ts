import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { DeleteFunctionConcurrencyCommand, GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { MINUTE_MS } from '../../../core/calendar';
import { credentialsOf } from '../support/callers';
import { eventually } from '../support/eventually';
import type { Deployed, LocalGuard } from '../support/local-guard';
import { BUDGET_OWNER } from '../support/tiers';

/** What goes on without any spend: every schedule, and callers of every model. */
export function daily(guard: LocalGuard): void {
  const callees = ({ profiles }: Deployed) => Object.values(profiles);

  test('every schedule runs its function under the role of the schedules; nothing that any of them does is refused', async () => {
    const { functions } = guard.of('staging');
    const refused = async () =>
      (await guard.aws.control.uses())
        .filter(({ allowed, principal }) => !allowed && /SpendGuard-/.test(principal) && !/InvokerRole/.test(principal))
        .map(({ principal, action, resource }) => ({ principal, action, resource }));
    const runs = async () =>
      (await guard.aws.control.uses())
        .filter(({ principal }) => /:role\/SpendGuard-staging-SchedulesRole/.test(principal))
        .map(({ resource }) => resource.slice(resource.lastIndexOf(':') + 1))
        .sort();
    await guard.aws.control.fire();
    await eventually(
      runs,
      ['auto-stop', 'cost-check', 'health-check', 'spend-meter'].map((feature) => functions.names[feature]).sort(),
    );
    for (const feature of ['cost-check', 'health-check']) {
      expect(await functions.invoke(feature, {})).not.toHaveProperty('error');
    }
    expect(await refused()).toEqual([]);
    expect(await guard.aws.control.undelivered()).toEqual([]);
  });

  test('concurrency that somebody has taken from the meter is set aside again by the hourly check', async () => {
    const { functions } = guard.of('staging');
    const lambda = guard.aws.client(LambdaClient);
    const FunctionName = functions.names['spend-meter'];
    const reserved = async () =>
      (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
    const before = await reserved();
    expect(before).toBeGreaterThan(0);
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await functions.invoke('health-check', {})).not.toHaveProperty('error');
    await eventually(reserved, before);
  });

  test('an address that nobody is subscribed with any more is mailed by the hourly check, once', async () => {
    const { functions, topicArn } = guard.of('staging');
    const sns = guard.aws.client(SNSClient);
    const mails = await guard.mailsFrom('staging');
    const now = Date.now();
    // One that an earlier run may have mailed of is not told of again.
    const check = (minutes: number) =>
      functions.invoke('health-check', {
        source: 'schedule',
        scheduledAt: new Date(now + minutes * MINUTE_MS).toISOString(),
      });
    await check(1);
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
    const theirs = Subscriptions.find(({ Endpoint }) => Endpoint === BUDGET_OWNER);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: theirs?.SubscriptionArn }));
    const before = (await mails()).length;
    for (const minutes of [2, 3]) expect(await check(minutes)).not.toHaveProperty('error');
    const [mail, ...others] = (await mails()).slice(before);
    expect(mail?.message).toContain(`not subscribed to the alert topic`);
    expect(mail?.message).toContain(BUDGET_OWNER);
    expect(others).toEqual([]);
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: BUDGET_OWNER }));
  });

  test("staging's own role calls each of its models, streamed and not", async () => {
    const staging = guard.of('staging');
    const client = guard.aws.client(BedrockRuntimeClient, await credentialsOf(guard.aws, staging.invokerArn));
    for (const modelId of callees(staging)) {
      expect(await guard.call(modelId, staging.invokerArn)).toBe('answered');
      const { stream } = await client.send(
        new ConverseStreamCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Hello?' }] }] }),
      );
      const events: string[] = [];
      for await (const event of stream ?? []) events.push(...Object.keys(event));
      expect(events).toContain('messageStop');
    }
    client.destroy();
  });
}
