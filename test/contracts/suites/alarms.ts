import { ACTIVITY_ALARM, type AlarmSettings } from '../../../core/meter/told';
import type { AlarmDescription, AlarmsPort } from '../../../core/meter/ports';
import type { Refusal } from '../../../core/errors';
import { contract } from './contract';

export interface AlarmsSubject {
  readonly port: AlarmsPort;
  /** Of an alarm that nobody has made so far. */
  readonly alarmArn: string;
  /** As CloudFormation makes it, or somebody by hand: with an action, on or off. */
  readonly put: (settings: AlarmSettings, actionsEnabled?: boolean) => Promise<void>;
  readonly remove: () => Promise<void>;
  /** By its evaluation. */
  readonly turn: (state: AlarmDescription['state']) => Promise<void>;
  readonly refuse: (how: 'throttled' | 'unavailable' | 'accessDenied') => Promise<void>;
}

const refusals: readonly (Refusal & ('throttled' | 'unavailable' | 'accessDenied'))[] = [
  'throttled',
  'unavailable',
  'accessDenied',
];

export const alarmsContract = contract<AlarmsSubject>('alarms', [
  {
    name: 'an alarm that nobody has made is missing',
    async run({ port, alarmArn }) {
      expect(await port.describe(alarmArn)).toBeUndefined();
    },
  },
  {
    name: 'a new one has its settings, and has not been evaluated',
    async run({ port, alarmArn, put }) {
      await put(ACTIVITY_ALARM);
      expect(await port.describe(alarmArn)).toMatchObject({ ...ACTIVITY_ALARM, state: 'INSUFFICIENT_DATA' });
    },
  },
  {
    name: 'its state, and when it last changed',
    async run({ port, alarmArn, put, turn }) {
      await put(ACTIVITY_ALARM);
      const from = Date.now() - 1000;
      await turn('OK');
      const first = await port.describe(alarmArn);
      expect(first?.state).toBe('OK');
      expect(first?.changedAt).toBeGreaterThanOrEqual(from);
      expect(first?.changedAt).toBeLessThanOrEqual(Date.now());
      await turn('ALARM');
      const second = await port.describe(alarmArn);
      expect(second?.state).toBe('ALARM');
      expect(second?.changedAt).toBeGreaterThanOrEqual(first?.changedAt ?? Number.POSITIVE_INFINITY);
    },
  },
  {
    name: 'what somebody has edited shows, and its state stays',
    async run({ port, alarmArn, put, turn }) {
      await put(ACTIVITY_ALARM);
      await turn('OK');
      const edited = { ...ACTIVITY_ALARM, threshold: 1000, dimensions: { ModelId: 'x' }, missingData: 'ignore' };
      await put(edited);
      expect(await port.describe(alarmArn)).toMatchObject({ ...edited, state: 'OK' });
    },
  },
  {
    name: 'actions that are off change nothing of what is described',
    async run({ port, alarmArn, put }) {
      await put(ACTIVITY_ALARM, false);
      expect(await port.describe(alarmArn)).toMatchObject(ACTIVITY_ALARM);
    },
  },
  {
    name: 'one that was deleted is missing',
    async run({ port, alarmArn, put, remove }) {
      await put(ACTIVITY_ALARM);
      await remove();
      expect(await port.describe(alarmArn)).toBeUndefined();
    },
  },
  ...refusals.map((how) => ({
    name: `${how} is no missing alarm`,
    async run({ port, alarmArn, put, refuse }: AlarmsSubject) {
      await put(ACTIVITY_ALARM);
      await refuse(how);
      await expect(port.describe(alarmArn)).rejects.toMatchObject({ refusal: how });
    },
  })),
]);
