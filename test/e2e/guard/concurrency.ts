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
}
