import type { AnswersPort } from '../../../core/ledger/ports';
import { contract } from './contract';

export interface AnswersSubject {
  readonly port: AnswersPort;
  readonly throttle: () => Promise<void>;
}

const NOON = Date.parse('2026-11-12T12:00:00Z');
const KEY = 'a'.repeat(64);

export const answersContract = contract<AnswersSubject>('answers', [
  {
    name: 'an answer comes back byte by byte, and never later than it may',
    async run({ port }) {
      const answer = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      await port.put(KEY, answer, NOON + 1999);
      const found = await port.get(KEY);
      expect(Buffer.from(found!.answer).equals(answer)).toBe(true);
      expect(found!.expiresAt).toBeGreaterThan(NOON);
      expect(found!.expiresAt).toBeLessThanOrEqual(NOON + 1999);
    },
  },
  {
    name: 'the last answer to the same question, and none to another',
    async run({ port }) {
      for (const byte of [1, 2]) await port.put(KEY, Uint8Array.of(byte), NOON);
      expect((await port.get(KEY))?.answer).toEqual(Uint8Array.of(2));
      expect(await port.get('b'.repeat(64))).toBeUndefined();
    },
  },
  {
    name: 'one that has expired is gone, or says so',
    async run({ port }) {
      await port.put(KEY, Uint8Array.of(1), 1000);
      expect((await port.get(KEY))?.expiresAt ?? 0).toBeLessThanOrEqual(1000);
    },
  },
  {
    name: 'an answer of 390,000 bytes fits; a larger one is left out without an error',
    async run({ port }) {
      await port.put(KEY, new Uint8Array(390_000).fill(7), NOON);
      expect((await port.get(KEY))?.answer).toHaveLength(390_000);
      await port.put('c'.repeat(64), new Uint8Array(500_000), NOON);
      expect(await port.get('c'.repeat(64))).toBeUndefined();
    },
  },
  {
    name: 'a table that refuses is an error, for the caller to go on without',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.get(KEY)).rejects.toThrow();
      await expect(port.put(KEY, Uint8Array.of(1), NOON)).rejects.toThrow();
    },
  },
]);
