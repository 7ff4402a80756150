import { MINUTE_MS, utcTime } from '../calendar';
import type { Reading } from '../reading';
import type { LineStatus } from './lines';
import type { MeterState } from '../decision';
import type { Order } from '../stop-lines';
import { understatedWhy } from '../meter';

/** It runs each minute: after ten without a run nobody should rely on it. */
const SILENT_MS = 10 * MINUTE_MS;

/**
 * Whether the meter sees and would stop, from the item it leaves and the item's age. What it has done is said also where it can no
 * longer see.
 * @param enforce false: a dry run, which denies nobody
 */
export function meterLine(
  state: Reading<MeterState | undefined>,
  order: Order | undefined,
  enforce: boolean,
  now: number,
): LineStatus {
  const line = 'meter';
  if (state.kind === 'unavailable') return { line, state: 'unknown', why: `its state could not be read: ${state.why}` };
  const { value } = state;
  if (value === undefined) return { line, state: 'blind', why: 'it has not run yet' };
  const { decision } = value;
  const held = value.desired === 'open' ? '' : `; ${heldText(value, order)}`;
  if (now - decision.at > SILENT_MS) {
    return { line, state: 'blind', why: `it has not run since ${utcTime(decision.at)}${held}` };
  }
  if (decision.blindSince !== undefined) {
    const why = `it has not seen in full since ${utcTime(decision.blindSince)}: ${blindText(value)}${held}`;
    return { line, state: 'blind', why };
  }
  if (!enforce) {
    return {
      line,
      state: 'dryRun',
      why: `it denies nobody; its decision is ${decision.desired}: ${whyText(value, order)}`,
    };
  }
  if (value.desired !== 'open') return { line, state: 'applied', why: heldText(value, order) };
  return { line, state: 'armed', why: armedText(value) };
}

function armedText({ decision, reading }: MeterState): string {
  const { grace, desired } = decision;
  return [
    reading?.known ? `last saw everything at ${utcTime(reading.known.asOf)}` : 'it has not read the month yet',
    ...(reading?.unknown === undefined ? [] : [`the last read failed: ${reading.unknown}`]),
    ...(grace ? [`a line is reached and waits until ${utcTime(grace.until)}`] : []),
    // In the minute between a decision and its confirmation.
    ...(desired === 'open' ? [] : [`it has decided on ${desired}`]),
  ].join('; ');
}

function heldText(state: MeterState, order: Order | undefined): string {
  const what = state.desired === 'stopped' ? 'all models are denied' : 'large models are denied';
  return `${what}${sinceText(state)}: ${whyText(state, order)}${openText(state)}`;
}

/** A stop has a time once everybody is denied; a line that holds has the day on which it was reached. */
function sinceText({ desired, decision, enforcement }: MeterState): string {
  if (desired === 'stopped' && enforcement.stoppedSince !== undefined) {
    return ` since ${utcTime(enforcement.stoppedSince)}`;
  }
  const days = decision.holds.filter(({ level }) => level === desired).map(({ day }) => day);
  const [first] = days.sort();
  return first === undefined ? '' : ` since ${first}`;
}

function whyText({ decision }: MeterState, order: Order | undefined): string {
  if (order?.kind === 'stop') return `ordered by ${order.stop.by}: ${order.stop.reason}`;
  const hold = decision.holds.find(({ level }) => level === decision.desired);
  if (hold) return hold.text;
  return decision.desired === 'open' ? 'spend is under every line' : 'its state was kept';
}

function blindText({ reading }: MeterState): string {
  if (reading?.unknown !== undefined) return reading.unknown;
  if (reading?.canaryOverdueSince !== undefined) return 'the canary has not shown up';
  return understatedWhy(reading?.known?.findings ?? []);
}

function openText({ enforcement: { pagedOpen } }: MeterState): string {
  return pagedOpen.length === 0 ? '' : `; still open: ${pagedOpen.join(', ')}`;
}
