import { errorNameOf, GuardError, ServiceError } from '../../core/errors';
import {
  afterLook,
  type AlarmDescription,
  type GateSeen,
  toldPlan,
  type ToldPlan,
  type ToldState,
} from '../../core/meter';
import type { GateState } from '../../core/decision';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';
import { type GateReading, readGate, unseenOf } from './gate';

/** What a tick knows of the gate. */
export interface GateAnswer {
  /** Undefined: not asked, as the alarm would have told. */
  readonly seen: GateReading | undefined;
  /** Of the last look at the alarm, this tick's included. */
  readonly told?: ToldState;
  /** `polled`: there is no alarm that would tell. */
  readonly why: ToldPlan['why'] | 'polled';
}

/**
 * The gate, unless its alarm was found at rest, the gate agreed, and no event has come since.
 * @param told an event says so, in this very run
 * @param reads the month is read in this tick, which settles what the gate shows just before it: it is asked, told or not
 */
export async function askGate(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  before: GateState | undefined,
  { told, reads }: { readonly told: boolean; readonly reads: boolean },
  now: number,
): Promise<GateAnswer> {
  if (env.ACTIVITY_ALARM === '') return { seen: await readGate(deps, env, before, now), why: 'polled' };
  const markedAt = told ? now : await lastMark(deps, now);
  const input = { now, before: before?.told, gate: before ?? { everShowedData: false }, markedAt };
  const plan = toldPlan(input);
  const { ask, look, why } = reads && !plan.ask ? ({ ask: true, look: true, why: 'look' } as const) : plan;
  const [seen, alarm] = await Promise.all([
    ask ? readGate(deps, env, before, now) : undefined,
    look ? readAlarm(deps, env.ACTIVITY_ALARM) : undefined,
  ]);
  const state = look && seen !== undefined ? afterLook({ ...input, seen: lastOf(seen), alarm }) : before?.told;
  // Whoever asks relies on it no more, until the next look: a run that fails here or later leaves nobody deaf.
  const held = state !== undefined && why === 'active' ? { ...state, trusted: false } : state;
  return { seen, ...(held && { told: held }), why };
}

/** What the alarm's silence stands for: the calls that were shown when the gate was last asked. */
export function withUnseen(gate: GateState, seen: GateReading | undefined, now: number): GateState {
  if (gate.told === undefined || seen === undefined) return gate;
  const { unseen: _, ...told } = gate.told;
  const unseen = told.trusted ? unseenOf(gate, seen, now) : undefined;
  return { ...gate, told: { ...told, ...(unseen && { unseen }) } };
}

function lastOf(seen: GateReading): GateSeen {
  return seen === 'failed' ? seen : seen.at(-1)?.at;
}

async function readAlarm(
  { alarms }: SpendMeterDeps,
  alarmArn: string,
): Promise<AlarmDescription | undefined | { readonly unreadable: string }> {
  try {
    return await alarms.describe(alarmArn);
  } catch (error) {
    if (error instanceof ServiceError) return { unreadable: errorNameOf(error) };
    throw error;
  }
}

/** Where nobody knows whether an event has come, one may have. */
async function lastMark({ toldMark }: SpendMeterDeps, now: number): Promise<number | undefined> {
  try {
    return await toldMark.last();
  } catch (error) {
    if (error instanceof ServiceError || error instanceof GuardError) return now;
    throw error;
  }
}
