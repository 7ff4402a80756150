import type { StoredCaller } from '../../../core/callers/caller';
import { withoutHash } from '../../../core/callers/item';
import type { CallerKeysPort, CallersPort } from '../../../core/callers/ports';
import { contract } from './contract';

export interface CallerKeysSubject {
  readonly port: CallerKeysPort;
  /** The server's reader of the same table. */
  readonly reader: CallersPort;
  /** Leaves an item of the leases table as another feature, or an accident, has left it. */
  readonly leave: (item: Readonly<Record<string, unknown>>) => Promise<void>;
  /** An item of the audit, which is in the state table. */
  readonly audited: (sk: string) => Promise<Readonly<Record<string, unknown>> | undefined>;
  readonly throttle: () => Promise<void>;
}

const NOON = Date.parse('2026-11-12T12:00:00Z');
const caller = (id: string, more: Partial<StoredCaller> = {}): StoredCaller => ({
  ...{ id, hash: '0'.repeat(64), budget: 'search/nightly', person: 'alex@example.com' },
  ...{ createdAt: NOON, createdBy: 'ana', expiresAt: NOON + 1000, ...more },
});
const ONE = caller('abcdef0123', { name: 'ci' });
const OTHER = caller('abcdef0124', { budget: '' });
const known = (one: StoredCaller) => ({ id: one.id, caller: { kind: 'known', value: withoutHash(one) } });

export const callerKeysContract = contract<CallerKeysSubject>('caller-keys', [
  {
    name: 'there are none',
    async run({ port }) {
      expect(await port.list()).toEqual([]);
    },
  },
  {
    name: 'what is added is what the server reads, is audited, and is listed by its id and without its hash',
    async run({ port, reader, leave, audited }) {
      await leave({ pk: 'BUDGET#dev#2026-11', sk: 'STATE', schemaVersion: 1 });
      await leave({ pk: 'STATUS', sk: 'STATUS', schemaVersion: 1 });
      for (const one of [OTHER, ONE]) await port.add(one);
      for (const value of [ONE, OTHER]) expect(await reader.find(value.id)).toEqual({ kind: 'known', value });
      expect(await port.list()).toEqual([known(ONE), known(OTHER)]);
      const { id, budget, person, name, expiresAt: until } = ONE;
      const item = await audited('2026-11-12T12:00:00.000Z#caller-added#abcdef0123');
      expect(item).toMatchObject({ kind: 'caller-added', id, budget, person, name, until, by: 'ana', at: NOON });
      expect(JSON.stringify(item)).not.toContain(ONE.hash);
    },
  },
  {
    name: 'no id is given twice: the one that is there stays as it was',
    async run({ port, reader, audited }) {
      await port.add(ONE);
      const again = port.add({ ...ONE, hash: '1'.repeat(64), budget: '', createdAt: NOON + 1 });
      await expect(again).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
      expect(await reader.find(ONE.id)).toEqual({ kind: 'known', value: ONE });
      expect(await audited('2026-11-12T12:00:00.001Z#caller-added#abcdef0123')).toBeUndefined();
    },
  },
  {
    name: 'one is revoked, once, and no other; who did it first stands there',
    async run({ port, reader, audited }) {
      for (const one of [ONE, OTHER]) await port.add(one);
      expect(await port.revoke(ONE.id, 'bo', NOON + 5)).toBe('revoked');
      expect(await port.revoke(ONE.id, 'cy', NOON + 6)).toBe('already');
      const revoked = { ...ONE, revokedAt: NOON + 5, revokedBy: 'bo' };
      expect(await reader.find(ONE.id)).toEqual({ kind: 'known', value: revoked });
      expect(await port.list()).toEqual([known(revoked), known(OTHER)]);
      const item = await audited('2026-11-12T12:00:00.005Z#caller-revoked#abcdef0123');
      expect(item).toMatchObject({ kind: 'caller-revoked', id: ONE.id, by: 'bo', at: NOON + 5 });
      expect(await audited('2026-11-12T12:00:00.006Z#caller-revoked#abcdef0123')).toBeUndefined();
    },
  },
  {
    name: 'one that is not there is not revoked, and is not there afterwards',
    async run({ port, audited }) {
      expect(await port.revoke(ONE.id, 'bo', NOON)).toBe('none');
      expect(await port.list()).toEqual([]);
      expect(await audited('2026-11-12T12:00:00.000Z#caller-revoked#abcdef0123')).toBeUndefined();
    },
  },
  {
    name: 'one that cannot be read hides no other, and can be revoked',
    async run({ port, leave }) {
      await port.add(OTHER);
      await leave({ pk: 'CALLER#abcdef0123', sk: 'CALLER', schemaVersion: 2 });
      const why = expect.stringContaining('CALLER#abcdef0123');
      expect(await port.list()).toEqual([{ id: ONE.id, caller: { kind: 'unavailable', why } }, known(OTHER)]);
      expect(await port.revoke(ONE.id, 'bo', NOON)).toBe('revoked');
    },
  },
  {
    name: 'a refusal of the table is a ServiceError',
    async run({ port, throttle }) {
      await throttle();
      const refused = { name: 'ServiceError', refusal: 'throttled' };
      await expect(port.add(ONE)).rejects.toMatchObject(refused);
      await expect(port.list()).rejects.toMatchObject(refused);
      await expect(port.revoke(ONE.id, 'bo', NOON)).rejects.toMatchObject(refused);
    },
  },
]);
