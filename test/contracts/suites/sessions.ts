import type { SessionsPort } from '../../../core/concurrency/ports';
import { contract } from './contract';

export interface SessionsSubject {
  readonly port: SessionsPort;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

const NOON = Date.parse('2026-11-12T12:00:00Z');

export const sessionsContract = contract<SessionsSubject>('sessions', [
  {
    name: 'a session is opened, prolonged and closed',
    async run({ port }) {
      expect(await port.list()).toEqual([]);
      await port.put({ id: 'a', untilMs: NOON, by: 'ann' });
      await port.put({ id: 'b', untilMs: NOON + 1, by: 'bob' });
      await port.put({ id: 'a', untilMs: NOON + 2, by: 'ann' });
      expect(new Set(await port.list())).toEqual(
        new Set([
          { id: 'a', untilMs: NOON + 2, by: 'ann' },
          { id: 'b', untilMs: NOON + 1, by: 'bob' },
        ]),
      );
      await port.remove('a');
      expect(await port.list()).toEqual([{ id: 'b', untilMs: NOON + 1, by: 'bob' }]);
    },
  },
  {
    name: 'one that is not there is closed already',
    async run({ port }) {
      await expect(port.remove('never')).resolves.toBeUndefined();
      expect(await port.list()).toEqual([]);
    },
  },
  {
    name: 'an ended one stays until the table deletes it',
    async run({ port }) {
      await port.put({ id: 'ended', untilMs: 1, by: 'ann' });
      expect(await port.list()).toEqual([{ id: 'ended', untilMs: 1, by: 'ann' }]);
    },
  },
  {
    name: 'a refusal of the table is a ServiceError everywhere',
    async run({ port, throttle }) {
      await throttle();
      const session = { id: 'a', untilMs: NOON, by: 'ann' };
      for (const ask of [() => port.put(session), () => port.remove('a'), () => port.list()]) {
        await expect(ask()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      }
    },
  },
]);
