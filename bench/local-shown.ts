import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { alarmName } from '../config';
import { MINUTE_MS } from '../core/calendar';
import type { MetricPoint } from '../local/control';
import type { Emulator } from '../local/emulator';
import type { GuardFunctions, Invoked } from '../local/functions';
import { type Callers, demandFree, profileId, untilDenied } from './local-callers';
import { list, percentile, type Row } from './local-rows';
import { median } from './measure';

/** Of each scenario; the phases of the minute are spread evenly over them. */
const RUNS = 20;
const MINUTE_S = 60;
/** What goes past the hour's limit of dev at once: of Nova Pro at $3.20 a million, $10.24. */
const RUNAWAY = { calls: 1000, tokens: 3_200_000 };
/** And normal use of a minute: half a cent. */
const USUAL = { calls: 1, tokens: 1500 };
const USUAL_MINUTES = 12;
/** More ticks than these have not seen it. */
const MOST_TICKS = 10;

export interface Shown {
  readonly emulator: Emulator;
  readonly meter: GuardFunctions;
  readonly callers: Callers;
  readonly stateTable: string;
  /** So many principals are among the callers. */
  readonly goal: number;
}

interface Sample {
  /** What the machine's clock has shown. */
  readonly measured: number;
  /** What nobody waited for: seconds until the alarm is evaluated, or until the tick that sees it. */
  readonly added: number;
}

/**
 * The metrics' delay is over: a point that crosses the hour's limit is shown, and everybody is denied. The calls by which that is
 * seen must not show themselves.
 */
export async function benchShown(shown: Shown, firstMonth: number, check: () => void): Promise<readonly Row[]> {
  const [idle, use]: [Sample[], Sample[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    check();
    idle.push(await fromIdle(shown, phaseOf(run)));
  }
  await forget(shown);
  for (let run = 0; run < RUNS; run++) {
    check();
    use.push(await fromUse(shown, Date.UTC(2026, firstMonth + run, 2, 10), phaseOf(run)));
  }
  return [
    rowOf(
      shown,
      idle,
      "a runaway from idle, by the alarm's event",
      'added for the alarm to be evaluated, once a minute; its event is there at once here',
    ),
    rowOf(shown, use, 'a runaway from normal use, by the tick', 'added for the ticks, a minute apart'),
  ];
}

function rowOf({ goal, callers }: Shown, samples: readonly Sample[], from: string, added: string): Row {
  const all = samples.map((one) => one.measured + one.added);
  const measured = samples.map((one) => one.measured);
  const extra = samples.map((one) => one.added);
  return {
    what: `p95 from a metric's point being shown to the last of ${callers.clients.length} principals denied: ${from}`,
    value: percentile(all, 95),
    goal,
    unit: 's',
    raw: `p50 ${median(all).toFixed(2)} s; of it ${Math.min(...extra).toFixed(1)} to ${Math.max(...extra).toFixed(1)} s, spread evenly over ${RUNS} runs, ${added}; measured p50 ${median(measured).toFixed(2)}, p95 ${percentile(measured, 95).toFixed(2)}: ${list(measured)}`,
  };
}

function phaseOf(run: number): number {
  return ((run + 0.5) / RUNS) * MINUTE_S;
}

/** By the machine's clock, as the alarm's event has no other: the canary has called, nobody else, and the alarm is at rest. */
async function fromIdle(shown: Shown, added: number): Promise<Sample> {
  const { emulator, callers } = shown;
  await forget(shown);
  await turn(emulator, 'OK');
  const canary = Math.floor(Date.now() / MINUTE_MS - 18) * MINUTE_MS;
  const canaryPoints = pointsOf(callers, { calls: 1, tokens: 0 }, canary);
  await emulator.control.points(canaryPoints);
  // Shown, active until the alarm's window is over, then looked at twice: the second is the look that goes with a read.
  let last: Readonly<Record<string, unknown>> = {};
  for (const minute of [1, 2, 15, 16, 17]) last = await tick(shown, canary + minute * MINUTE_MS);
  if (last['gate'] !== 'told') throw new Error(`the meter does not rely on the alarm: ${JSON.stringify(last)}`);
  await demandFree(callers, 'before a runaway from idle');

  const runaway = pointsOf(callers, RUNAWAY, Date.now());
  const began = performance.now();
  await emulator.control.points(runaway);
  const [denied] = await Promise.all([untilDenied(callers), turn(emulator, 'ALARM')]);

  await untilDone(shown);
  // Nothing takes a point out of CloudWatch: with its negative the sums are what they were.
  const taken = [...canaryPoints, ...runaway].map((point) => ({ ...point, value: -point.value }));
  await emulator.control.points(taken);
  return { measured: (denied - began) / 1000, added };
}

/** In a month of its own by the clock in the event, a call and a tick each minute; the point is shown between two ticks. */
async function fromUse(shown: Shown, start: number, phase: number): Promise<Sample> {
  const { emulator, callers } = shown;
  await tick(shown, start);
  let now = start;
  for (let minute = 1; minute <= USUAL_MINUTES; minute++) {
    now = start + minute * MINUTE_MS;
    await emulator.control.points(pointsOf(callers, USUAL, now - MINUTE_MS));
    await tick(shown, now);
  }
  await demandFree(callers, 'in normal use');

  await emulator.control.points(pointsOf(callers, RUNAWAY, now));
  const [denied, seen] = await Promise.all([untilDenied(callers), ticksUntilStopped(shown, now)]);
  return { measured: (denied - seen.began) / 1000, added: seen.ticks * MINUTE_S - phase };
}

async function ticksUntilStopped(shown: Shown, from: number): Promise<{ began: number; ticks: number }> {
  for (let ticks = 1; ticks <= MOST_TICKS; ticks++) {
    const began = performance.now();
    const { enforced } = await tick(shown, from + ticks * MINUTE_MS);
    if (enforced === 'stopped') return { began, ticks };
  }
  throw new Error(`${MOST_TICKS} ticks have not stopped it`);
}

/** What the tick has logged of itself. */
async function tick({ meter }: Shown, now: number): Promise<Readonly<Record<string, unknown>>> {
  const ticked: Invoked = await meter.tick(now);
  const record = ticked.lines.findLast(({ event }) => event === 'meter.ticked');
  if (ticked.error !== undefined || record === undefined) throw new Error(`a tick failed: ${JSON.stringify(ticked)}`);
  return record;
}

function pointsOf(callers: Callers, { calls, tokens }: typeof USUAL, at: number): readonly MetricPoint[] {
  const one = { namespace: 'AWS/Bedrock', at: Math.floor(at / 1000) };
  return [
    { ...one, metric: 'OutputTokenCount', value: tokens, dimensions: { ModelId: profileId(callers) } },
    { ...one, metric: 'Invocations', value: calls, dimensions: {} },
  ];
}

/** The emulator's own evaluation knows neither dimensions nor missing data: a change by hand is a change like any. */
async function turn(emulator: Emulator, StateValue: 'OK' | 'ALARM'): Promise<void> {
  const AlarmName = alarmName('dev', 'activity');
  const order = new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'calls' });
  await emulator.client(CloudWatchClient).send(order);
}

/** What the meter has of itself: without it everything is as it was deployed, and the next tick sets everybody free. */
async function forget(shown: Shown): Promise<void> {
  for (const { pk, sk } of await meterItems(shown)) {
    await documents(shown).send(new DeleteCommand({ TableName: shown.stateTable, Key: { pk, sk } }));
  }
}

/** Until no tick is at work: it saves and mails when everybody is denied already. */
async function untilDone(shown: Shown): Promise<void> {
  while ((await meterItems(shown)).some(({ claimedUntil = 0 }) => claimedUntil !== 0)) await sleep(20);
}

type MeterItem = Readonly<Record<string, unknown>>;

async function meterItems(shown: Shown): Promise<readonly MeterItem[]> {
  const { Items = [] } = await documents(shown).send(
    new QueryCommand({
      TableName: shown.stateTable,
      KeyConditionExpression: 'pk = :meter',
      ExpressionAttributeValues: { ':meter': 'meter' },
      ConsistentRead: true,
    }),
  );
  return Items;
}

function documents({ emulator }: Shown): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(emulator.client(DynamoDBClient));
}
