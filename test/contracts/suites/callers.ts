import type { StoredCaller } from '../../../core/callers/caller';
import { callerItem } from '../../../core/callers/item';
import type { CallersPort } from '../../../core/callers/ports';
import { contract } from './contract';

export interface CallersSubject {
  readonly port: CallersPort;
  /** Leaves an item as the CLI, or an accident, has left it. */
  readonly leave: (item: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const NOON = Date.parse('2026-11-12T12:00:00Z');
const CALLER: StoredCaller = {
  ...{ id: 'abcdef0123', hash: '0'.repeat(64), budget: 'search/nightly', person: 'alex@example.com', name: 'ci' },
  ...{ createdAt: NOON, createdBy: 'ana', expiresAt: NOON + 1000 },
};

export const callersContract = contract<CallersSubject>('callers', [
  {
    name: 'there is none',
    async run({ port }) {
      expect(await port.find(CALLER.id)).toEqual({ kind: 'known', value: undefined });
    },
  },
  {
    name: 'all that is stored of one, also after it has ended or was revoked; and none of another id',
    async run({ port, leave }) {
      const revoked = { ...CALLER, id: 'abcdef0124', budget: '', revokedAt: NOON + 1, revokedBy: 'bo' };
      for (const caller of [CALLER, revoked]) await leave(callerItem(caller));
      for (const value of [CALLER, revoked]) expect(await port.find(value.id)).toEqual({ kind: 'known', value });
      expect(await port.find('abcdef012')).toEqual({ kind: 'known', value: undefined });
    },
  },
  {
    name: 'what was written last, at once',
    async run({ port, leave }) {
      await leave(callerItem(CALLER));
      await port.find(CALLER.id);
      await leave(callerItem({ ...CALLER, revokedAt: NOON, revokedBy: 'bo' }));
      expect(await port.find(CALLER.id)).toMatchObject({ value: { revokedAt: NOON } });
    },
  },
  {
    name: 'of another release, or not what the CLI writes: named, and never taken for none',
    async run({ port, leave }) {
      await leave({ ...callerItem(CALLER), schemaVersion: 2 });
      const why = expect.stringContaining('CALLER#abcdef0123');
      expect(await port.find(CALLER.id)).toEqual({ kind: 'unavailable', why });
    },
  },
  {
    name: 'a table that refuses is away',
    async run({ port, leave, throttle }) {
      await leave(callerItem(CALLER));
      await throttle();
      await expect(port.find(CALLER.id)).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    },
  },
]);
