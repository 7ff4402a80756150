import { MINUTE_MS } from '../../../core/calendar';
import { ACTIVITY_ALARM } from '../../../core/meter/told';
import { FakeAlarms } from '../../../simulator/fakes/alarms';
import { seededRandom } from '../../../simulator/random';
import type { AlarmEvents } from '../../../simulator/scenarios/scenario';
import { Timeline } from '../../../simulator/timeline';
import { SimulatedActivityAlarm } from '../../../simulator/world/activity-alarm';

const ARN = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:spend-guard-dev-activity';
const START = Date.parse('2026-03-01T00:00:00Z');
const DELAY = 2;

/** Calls in these minutes of an hour, shown two minutes after each has ended. */
async function played(callsIn: readonly number[], events: AlarmEvents = 'well', troubled: readonly number[] = []) {
  const timeline = new Timeline(START);
  const alarms = new FakeAlarms();
  alarms.put(ARN, ACTIVITY_ALARM);
  const told: number[] = [];
  const states: string[] = [];
  new SimulatedActivityAlarm({
    alarms,
    alarmArn: ARN,
    timeline,
    untilMs: START + 60 * MINUTE_MS,
    random: seededRandom(1, 'test'),
    shown: (fromMs) => {
      const minute = Math.floor((timeline.now - START) / MINUTE_MS);
      if (troubled.includes(minute)) return undefined;
      const newest = minute - DELAY - 1;
      const last = callsIn.filter((at) => at <= newest && START + at * MINUTE_MS >= fromMs).at(-1);
      const newestMs = START + newest * MINUTE_MS;
      return last === undefined ? { newestMs } : { newestMs, lastCallMs: START + last * MINUTE_MS };
    },
    events: () => events,
    tell: async (event) => {
      expect(event).toMatchObject({
        source: 'aws.cloudwatch',
        resources: [ARN],
        detail: { state: { value: 'ALARM' } },
      });
      told.push((timeline.now - START) / MINUTE_MS);
    },
  }).start();
  for (let minute = 1; minute <= 60; minute++) {
    await timeline.runUntil(START + minute * MINUTE_MS);
    states.push((await alarms.describe(ARN))!.state);
  }
  return { told, states };
}

test('it tells once, within the minute in which CloudWatch shows the first call, and rests ten minutes after the last', async () => {
  const { told, states } = await played([5, 6, 9]);
  expect(told).toHaveLength(1);
  expect(told[0]).toBeGreaterThan(8);
  expect(told[0]).toBeLessThan(9.1);
  expect(states.lastIndexOf('ALARM')).toBe(9 + DELAY + 10);
  expect(states.at(-1)).toBe('OK');
});

test('without calls it tells nothing, and is at rest from its first look on', async () => {
  const { told, states } = await played([]);
  expect(told).toEqual([]);
  expect(new Set(states)).toEqual(new Set(['OK']));
});

test('after a rest it tells again', async () => {
  expect((await played([5, 30])).told).toHaveLength(2);
});

test.each<[AlarmEvents, number]>([
  ['lost', 0],
  ['late', 1],
  ['doubled', 2],
])('an event that is %s comes %i times', async (events, times) => {
  const { told, states } = await played([5], events);
  expect(told).toHaveLength(times);
  expect(states).toContain('ALARM');
  if (events === 'late') expect(told[0]).toBeGreaterThan(18);
});

test('while CloudWatch is in trouble it judges nothing, and afterwards what it then shows', async () => {
  const { told } = await played([5], 'well', [8, 9]);
  expect(told).toHaveLength(1);
  expect(told[0]).toBeGreaterThan(10);
});
