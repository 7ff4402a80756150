import type { Notice } from '../notice';
import { oneLine } from '../notice';
import type { Incoming } from './incoming-message';

/**
 * The parts of what CloudWatch publishes that are read here:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions.html (read 2026-11-29).
 */
interface AlarmMessage {
  readonly AlarmName: string;
  readonly AlarmDescription?: unknown;
  readonly NewStateValue: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  readonly NewStateReason?: unknown;
  readonly StateChangeTime?: unknown;
  readonly OKActions?: unknown;
}

/** By the `<what>` of the name: alarms whose end says nothing, and which send none. */
export const ALARMS_WITHOUT_END: readonly string[] = ['findings'];

/** @returns undefined for what no alarm has written */
export function alarmNotice({ text, at }: Incoming, environment: string): Notice | undefined {
  const alarm = alarmOf(text);
  if (alarm === undefined) return undefined;
  const { AlarmName, NewStateValue: state } = alarm;
  const changedAt = timeOf(alarm.StateChangeTime) ?? at;
  const name = oneLine(AlarmName, 255);
  const prefix = `spend-guard-${environment}-`;
  const heading = name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
  const [title, said] = SAID[state];
  const isEndless = hasNoEnd(alarm, heading) && said === 'firing';
  const status = isEndless ? 'once' : said;
  return {
    ...{ schemaVersion: 1, environment, source: 'alarm', status, at: changedAt },
    key: `alarm|${name}|${state}|${changedAt}`,
    // Each time is news where no end parts it from the time before.
    fact: isEndless ? `alarm|${name}|${changedAt}` : `alarm|${name}`,
    // Without the meter nothing is stopped before the bill says so.
    urgency: heading?.startsWith('spend-meter') === true ? 'critical' : 'warning',
    title: `Alarm ${heading ?? name} ${title}`,
    happened: [alarm.AlarmDescription, alarm.NewStateReason]
      .filter((line) => typeof line === 'string')
      .map((line) => oneLine(line))
      .filter((line) => line !== ''),
    todo: status === 'resolved' || heading === undefined ? [] : [`Do what the runbook says under ${heading}.`],
    ...(heading !== undefined && { runbook: heading }),
  };
}

/** What has no data is not over: nobody knows. */
const SAID: Readonly<Record<AlarmMessage['NewStateValue'], readonly [string, 'firing' | 'resolved']>> = {
  ALARM: ['is on', 'firing'],
  OK: ['is over', 'resolved'],
  INSUFFICIENT_DATA: ['has no data: whether it is over is not known', 'firing'],
};

function hasNoEnd({ OKActions }: AlarmMessage, heading: string | undefined): boolean {
  if (heading !== undefined && ALARMS_WITHOUT_END.includes(heading)) return true;
  return Array.isArray(OKActions) && OKActions.length === 0;
}

function alarmOf(text: string): AlarmMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { AlarmName, NewStateValue } = value as Readonly<Record<string, unknown>>;
  const isAlarm = typeof AlarmName === 'string' && AlarmName !== '';
  return isAlarm && typeof NewStateValue === 'string' && Object.hasOwn(SAID, NewStateValue)
    ? (value as AlarmMessage)
    : undefined;
}

/** Such as `2026-11-29T10:00:00.000+0000`, which is not quite ISO's form. */
function timeOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const at = Date.parse(text.replace(/\+0000$/, 'Z'));
  return Number.isSafeInteger(at) && at >= 0 ? at : undefined;
}
