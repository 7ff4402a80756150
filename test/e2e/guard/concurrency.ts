import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { MINUTE_MS } from '../../../core/calendar';
import { spendGuard } from '../support/cli';
import { eventually } from '../support/eventually';
import type { LocalGuard } from '../support/local-guard';
import { provisioned, PROVISIONED } from '../support/managed-function';
import { VirtualMonth } from '../support/month';
import { CONFIG } from '../support/tiers';

/** By the machine's own clock, for the meter tells auto-stop without a time. */
export function concurrency(guard: LocalGuard): void {
  const order = (command: string) =>
    spendGuard(guard.aws, CONFIG, command, '--env', 'staging', '--reason', 'a freeze of the month');
  const converge = (environment: string, now?: number) =>
    guard.of(environment).functions.invoke('auto-stop', {
      source: 'schedule',
      scheduledAt: new Date().toISOString(),
      ...(now === undefined ? {} : { now: new Date(now).toISOString() }),
    });
  const at = (environment: string) => provisioned(guard.aws, `models-${environment}`);
  // The meter does not wait for auto-stop, nor auto-stop for Lambda.
  const stagingComesTo = (wanted: object) => eventually(() => at('staging'), wanted);

  test('a stop brings it to zero and a resume back, READY with what it was', async () => {
    expect(await order('stop')).toMatchObject({ exitCode: 0 });
    await stagingComesTo({ requested: 0 });
    // The sweep every 15 minutes leaves it there.
    const stopped = await converge('staging');
    expect(stopped).toMatchObject({ result: { desired: { value: 'stopped' }, sleeping: 1, failed: 0 } });
    expect(await at('staging')).toEqual({ requested: 0 });

    expect(await order('resume')).toMatchObject({ exitCode: 0 });
    await stagingComesTo({ requested: PROVISIONED, status: 'READY' });
    const open = await converge('staging');
    expect(open).toMatchObject({ result: { sleeping: 0, failed: 0, outcomes: [{ outcome: 'restored' }] } });
  });

  test('the sweep lowers what nobody has called for half an hour, and wakes it at the next call', async () => {
    const { now } = await VirtualMonth.begin(guard, 'dev');
    expect(await converge('dev', now)).toMatchObject({ result: { sleeping: 1, failed: 0 } });
    expect(await at('dev')).toEqual({ requested: 0 });

    const call = { namespace: 'AWS/Lambda', metric: 'Invocations', value: 1, at: now / 1000 + 60 };
    await guard.aws.control.points([{ ...call, dimensions: { FunctionName: 'models-dev' } }]);
    expect(await converge('dev', now + 5 * MINUTE_MS)).toMatchObject({ result: { sleeping: 0, failed: 0 } });
    expect(await at('dev')).toMatchObject({ requested: PROVISIONED });
  });

  test('what fails for an hour is mailed by name, once, and so is its end', async () => {
    const documents = DynamoDBDocumentClient.from(guard.aws.client(DynamoDBClient));
    const { stateTable: TableName } = guard.of('staging');
    const Key = { pk: 'concurrency', sk: 'models-staging:odd' };
    const mails = await guard.mailsFrom('staging');
    const subjects = async () => new Set((await mails()).map(({ subject }) => subject));
    const begin = Date.now();
    await documents.send(new PutCommand({ TableName, Item: { ...Key, schemaVersion: 2 } }));
    for (const minutes of [0, 59]) {
      expect(await converge('staging', begin + minutes * MINUTE_MS)).toMatchObject({ result: { failed: 1 } });
    }
    expect([...(await subjects())]).toEqual([]);

    const { lines } = await converge('staging', begin + 60 * MINUTE_MS);
    // What the alarm spend-guard-staging-findings watches, and which finding it is.
    expect(lines.at(-1)).toMatchObject({ Findings: 1, ConcurrencyFailures: 1 });
    await converge('staging', begin + 75 * MINUTE_MS);
    const fails = '[auto-stop] staging: provisioned concurrency of models-staging:odd fails';
    expect([...(await subjects())]).toEqual([fails]);

    await documents.send(new DeleteCommand({ TableName, Key }));
    await converge('staging', begin + 90 * MINUTE_MS);
    const worksAgain = '[auto-stop] staging: provisioned concurrency of models-staging:odd works again';
    expect([...(await subjects())]).toEqual([fails, worksAgain]);
  });
}
