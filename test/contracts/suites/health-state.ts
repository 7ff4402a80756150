import type { UtcMonth } from '../../../core/calendar';
import type { CanaryRecord } from '../../../core/meter/canary';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import type { HealthRecord } from '../../../core/health/record';
import type { ExtendedAccess } from '../../../core/meter/untrusted-prices';
import type { HealthStatePort } from '../../../core/health/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { canaryRecord } from '../../helpers/meter-states';
import { contract, type Case } from './contract';

export interface HealthStateSubject {
  readonly port: HealthStatePort;
  /** What the meter finds, oldest first. */
  readonly canaries: () => Promise<readonly CanaryRecord[]>;
  /** What the meter reads of when list prices end. */
  readonly meterDates: () => Promise<ExtendedAccess>;
  readonly meterWants: (month: UtcMonth, desired: DesiredState) => Promise<void>;
  /** Leaves an item of another release in the place of the last result. */
  readonly leaveOtherVersion: () => Promise<void>;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

const NOVEMBER = '2026-11' as UtcMonth;
const NOON = Date.parse('2026-11-12T12:00:00Z');

function healthRecord(revision: number): HealthRecord {
  return {
    schemaVersion: 1,
    revision,
    scheduledAtMs: NOON,
    savedAtMs: NOON + revision,
    document: {
      schemaVersion: 1,
      environment: 'dev',
      at: '2026-11-12T12:00:00.000Z',
      trigger: { source: 'schedule', scheduledAt: '2026-11-12T12:00:00Z' },
      summary: { failed: 1, warning: 0, unknown: 0, expected: 0, ok: 0 },
      findings: [
        {
          check: 'model-call',
          subject: 'nova',
          status: 'failed',
          latencyMs: 12,
          detail: 'refused',
          fix: 'ask',
          tell: 't',
        },
      ],
    },
    told: { 'model nova': 'failed' },
    outbox: [{ subject: 'Health', body: 'one line' }],
  };
}

const stale: readonly [string, number, number][] = [
  ['the first write where there is one already', 1, 0],
  ['an older revision', 2, 1],
  ['a revision that is not there yet', 1, 2],
];

export const healthStateContract = contract<HealthStateSubject>('health-state', [
  {
    name: 'nothing there is undefined, never a default',
    async run({ port }) {
      expect(await port.last(NEVER)).toBeUndefined();
      expect(await port.desired(NOVEMBER, NEVER)).toBeUndefined();
      expect(await port.extendedAccess(NEVER)).toEqual({});
    },
  },
  {
    name: 'trap 50: when list prices end, replaced as a whole, and as the meter reads it',
    async run({ port, meterDates }) {
      await port.saveExtendedAccess({ 'us.anthropic.claude-a': NOON, 'meta.llama-b': NOON + 1 });
      await port.saveExtendedAccess({ 'us.anthropic.claude-a': NOON + 2 });
      expect(await port.extendedAccess(NEVER)).toEqual({ 'us.anthropic.claude-a': NOON + 2 });
      expect(await meterDates()).toEqual({ 'us.anthropic.claude-a': NOON + 2 });
    },
  },
  {
    name: 'the last result comes back whole',
    async run({ port }) {
      await port.save(healthRecord(1), 0);
      await port.save(healthRecord(2), 1);
      expect(await port.last(NEVER)).toEqual(healthRecord(2));
    },
  },
  ...stale.map(([what, stored, replaces]): Case<HealthStateSubject> => ({
    name: `${what} is a conflict, and changes nothing`,
    async run({ port }) {
      await port.save(healthRecord(stored), 0);
      await expect(port.save(healthRecord(9), replaces)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await port.last(NEVER)).toEqual(healthRecord(stored));
    },
  })),
  {
    name: 'of another release, the last result is an error and never taken for none',
    async run({ port, leaveOtherVersion }) {
      await leaveOtherVersion();
      await expect(port.last(NEVER)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    },
  },
  {
    name: 'of two canaries within a minute the later one is kept',
    async run({ port, canaries }) {
      for (const atMs of [NOON, NOON + 59_999, NOON + 60_000]) await port.saveCanary(canaryRecord(atMs), NEVER);
      expect((await canaries()).map(({ atMs }) => atMs)).toEqual([NOON + 59_999, NOON + 60_000]);
      expect((await canaries())[0]).toEqual(canaryRecord(NOON + 59_999));
    },
  },
  {
    name: 'what the meter wants, by month',
    async run({ port, meterWants }) {
      await meterWants(NOVEMBER, 'degraded');
      expect(await port.desired(NOVEMBER, NEVER)).toBe('degraded');
      expect(await port.desired('2026-10' as UtcMonth, NEVER)).toBeUndefined();
    },
  },
  {
    name: 'a refusal of the table is a ServiceError everywhere',
    async run({ port, throttle }) {
      await throttle();
      const asked = [
        () => port.last(NEVER),
        () => port.save(healthRecord(1), 0),
        () => port.saveCanary(canaryRecord(NOON), NEVER),
        () => port.desired(NOVEMBER, NEVER),
        () => port.extendedAccess(NEVER),
        () => port.saveExtendedAccess({}),
      ];
      for (const ask of asked) await expect(ask()).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
