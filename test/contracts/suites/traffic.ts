import { DAY_MS, MINUTE_MS } from '../../../core/calendar';
import type { TrafficPort } from '../../../core/concurrency/ports';
import { contract } from './contract';

export interface TrafficSubject {
  readonly port: TrafficPort;
  /** A function's name that nobody has used. */
  readonly name: () => string;
  /** An invocation, at ms since the epoch. */
  readonly call: (functionName: string, at: number) => Promise<void>;
  readonly answerWith: (status: 'PartialData' | 'InternalError') => Promise<void>;
  readonly throttle: () => Promise<void>;
}

/** Of the last days, and the start of a period of five minutes. */
const FROM = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
const TO = FROM + 30 * MINUTE_MS;

export const trafficContract = contract<TrafficSubject>('traffic', [
  {
    name: 'calls of each function in its window',
    async run({ port, name, call }) {
      const [busy, later] = [name(), name()];
      for (const minute of [-1, 0, 12, 29, 30]) await call(busy, FROM + minute * MINUTE_MS);
      for (const minute of [0, 20]) await call(later, FROM + minute * MINUTE_MS);
      const found = await port.invocations([
        { functionName: busy, fromMs: FROM, toMs: TO },
        { functionName: later, fromMs: FROM + 15 * MINUTE_MS, toMs: TO },
      ]);
      expect(Object.fromEntries(found)).toEqual({
        [busy]: { kind: 'known', value: 3 },
        [later]: { kind: 'known', value: 1 },
      });
    },
  },
  {
    name: 'an idle function, which sends no points at all, was called 0 times',
    async run({ port, name, call }) {
      const [idle, other] = [name(), name()];
      await call(other, FROM);
      const found = await port.invocations([{ functionName: idle, fromMs: FROM, toMs: TO }]);
      expect(found.get(idle)).toEqual({ kind: 'known', value: 0 });
    },
  },
  {
    name: 'nothing asked for is nothing',
    async run({ port }) {
      expect((await port.invocations([])).size).toBe(0);
    },
  },
  {
    name: 'an answer that is not complete is unavailable, and never 0',
    async run({ port, name, call, answerWith }) {
      const busy = name();
      await call(busy, FROM);
      for (const status of ['PartialData', 'InternalError'] as const) {
        await answerWith(status);
        const found = await port.invocations([{ functionName: busy, fromMs: FROM, toMs: TO }]);
        expect(found.get(busy)).toEqual({ kind: 'unavailable', why: expect.stringContaining(status) });
      }
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, name, throttle }) {
      await throttle();
      const asked = port.invocations([{ functionName: name(), fromMs: FROM, toMs: TO }]);
      await expect(asked).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
    },
  },
]);
