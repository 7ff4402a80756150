import * as z from 'zod';
import type { EnvironmentConfig } from '../config';
import { utcMonth } from '../core/calendar';
import type { MeterState, MeterStatePort, OrdersPort } from '../core/decision';
import { type Order, activeOverride } from '../core/stop-lines';
import type { DeployedFunction } from '../core/enforcement';
import { deployedFunction, invoked, variable } from './deployed';
import type { Services } from './services';
import type { World } from './world';

/** The deployed meter of one environment, and what it has last decided. */
export interface DeployedMeter {
  readonly meter: DeployedFunction;
  readonly table: MeterStatePort & OrdersPort;
  /** Absent: it has not run yet. */
  readonly state: MeterState | undefined;
  readonly order: Order | undefined;
}

const tickAnswer = z.union([
  z.object({ kind: z.literal('done'), desired: z.enum(['open', 'degraded', 'stopped']), reason: z.string() }),
  z.object({ kind: z.literal('skipped'), why: z.string() }),
]);

const ATTEMPTS = 6;
const PAUSE_MS = 10_000;

/** @throws CommandError NOT_DEPLOYED; ServiceError */
export async function deployedMeter(
  environment: EnvironmentConfig,
  services: Services,
  now: number,
): Promise<DeployedMeter> {
  const meter = await deployedFunction(services.guard, environment, 'spend-meter');
  const table = services.meterState(variable(meter, 'STATE_TABLE_NAME'));
  const [state, order] = await Promise.all([table.latest(utcMonth(now)), table.order()]);
  return { meter, table, state, order };
}

/**
 * Lets the meter decide now rather than in a minute. A tick that is under way is waited for: it may have read before the order.
 * @returns what it decided; undefined where other ticks were in the way all the time
 */
export async function evaluateNow(
  { guard, sleep }: Services,
  meter: DeployedFunction,
  { progress }: World,
): Promise<{ readonly desired: string; readonly reason: string } | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const answer = await invoked(guard, meter, { command: 'evaluate' }, tickAnswer);
    if (answer.kind === 'done') return answer;
    progress('Another tick of the meter is under way');
    await sleep(PAUSE_MS);
  }
  return undefined;
}

/** An order that holds now; one that has ended is history. */
export function orderInForce(order: Order | undefined, now: number): Order | undefined {
  if (order?.kind !== 'override') return order;
  return activeOverride(order.override, now) === undefined ? undefined : order;
}
