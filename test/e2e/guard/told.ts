import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { MINUTE_MS } from '../../../core/calendar';
import { ACTIVITY_ALARM } from '../../../core/meter/told';
import { eventually } from '../support/eventually';
import type { LocalGuard } from '../support/local-guard';
import { tickOf, VirtualMonth } from '../support/month';

export function told(guard: LocalGuard): void {
  const cloudwatch = () => guard.aws.client(CloudWatchClient);
  const AlarmName = 'spend-guard-dev-activity';
  // The emulator's own evaluation knows neither dimensions nor missing data: its state is set by hand, which is a change like any.
  const turn = (StateValue: 'OK' | 'ALARM') =>
    cloudwatch().send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'calls' }));

  test('the alarm that is deployed is the one that the meter looks for', async () => {
    const { MetricAlarms = [] } = await cloudwatch().send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
    expect(MetricAlarms).toMatchObject([
      {
        Namespace: ACTIVITY_ALARM.namespace,
        MetricName: ACTIVITY_ALARM.metric,
        Statistic: ACTIVITY_ALARM.statistic,
        Period: ACTIVITY_ALARM.periodSeconds,
        Threshold: ACTIVITY_ALARM.threshold,
        EvaluationPeriods: ACTIVITY_ALARM.evaluationPeriods,
        DatapointsToAlarm: ACTIVITY_ALARM.datapointsToAlarm,
        TreatMissingData: ACTIVITY_ALARM.missingData,
      },
    ]);
  });

  test('once calls are over and the alarm is at rest, the meter asks the gate no more until the next look', async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    await turn('OK');
    await guard.aws.control.points([
      { namespace: 'AWS/Bedrock', metric: 'Invocations', value: 1, dimensions: {}, at: Math.floor(month.now / 1000) },
    ]);
    const gateAfter = async (minutes: number) => {
      month.now += minutes * MINUTE_MS;
      return tickOf(await month.environment.functions.tick(month.now)) as { gate?: string } | undefined;
    };
    expect(await gateAfter(1)).toMatchObject({ gate: 'noGate' });
    expect(await gateAfter(1)).toMatchObject({ gate: 'active' });
    expect(await gateAfter(13)).toMatchObject({ gate: 'look' });
    // The call is read a quarter of an hour after it, and with a read goes a look.
    expect(await gateAfter(1)).toMatchObject({ gate: 'look' });
    expect(await gateAfter(1)).toMatchObject({ gate: 'told' });
    expect(await gateAfter(14)).toMatchObject({ gate: 'look' });
  });

  test('its change to ALARM runs the meter by the rule that is deployed, and leaves its mark; its change to OK does not', async () => {
    const table = DynamoDBDocumentClient.from(guard.aws.client(DynamoDBClient));
    const { stateTable } = guard.of('dev');
    const mark = async () => {
      const { Item } = await table.send(
        new GetCommand({ TableName: stateTable, Key: { pk: 'meter', sk: 'told' }, ConsistentRead: true }),
      );
      return Number(Item?.['at'] ?? 0);
    };
    await turn('OK');
    const before = Date.now();
    expect(await mark()).toBeLessThan(before);
    await turn('ALARM');
    await eventually(async () => (await mark()) >= before, true);
    const first = await mark();
    await turn('OK');
    await turn('ALARM');
    await eventually(async () => (await mark()) > first, true);
    expect(await guard.aws.control.undelivered()).toEqual([]);
  });
}
