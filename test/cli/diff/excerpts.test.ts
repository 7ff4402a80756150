import * as fc from 'fast-check';
import { cut, excerpts } from '../../../cli/diff/excerpts';

/** Of two long texts a reviewer is shown where they differ. */

const same = 'x'.repeat(500);

test.each([
  ['in the middle', `${same}A${same}`, `${same}B${same}`],
  ['at the end', `${same}A`, `${same}B`],
  ['at the beginning', `A${same}`, `B${same}`],
  ['one is the beginning of the other', same, `${same}B`],
  ['one is short', 'short', `${same}B`],
  ['one is empty', '', same],
])('%s', (_where, before, after) => {
  const [was, is] = excerpts(before, after, 120);
  expect(was).not.toBe(is);
  expect([was, is].every((one) => one.length <= 122)).toBe(true);
});

test('context before and after, and where it was cut', () => {
  expect(excerpts(`${same}A${same}`, `${same}B${same}`, 120)).toEqual([
    `…${'x'.repeat(40)}A${'x'.repeat(79)}…`,
    `…${'x'.repeat(40)}B${'x'.repeat(79)}…`,
  ]);
});

test.each([119, 120])('%d characters are shown as they are', (length) => {
  expect(excerpts('a'.repeat(length), 'b'.repeat(length), 120)).toEqual(['a'.repeat(length), 'b'.repeat(length)]);
});
test('121 are not', () => {
  expect(excerpts('a'.repeat(121), 'b', 120)).toEqual([`${'a'.repeat(120)}…`, 'b']);
});

test('texts that differ are shown differently, and whole characters', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 400 });
  fc.assert(
    fc.property(texts, texts, texts, (start, a, b) => {
      const [was, is] = excerpts(`${start}${a}`, `${start}${b}`, 60);
      expect(was === is).toBe(a === b);
      // A lone half of a character cannot be written.
      expect(() => [was, is].map(encodeURIComponent)).not.toThrow();
    }),
  );
});

test('what is compared with nothing is cut at its end', () => {
  expect(cut(same, 5)).toBe('xxxxx…');
  expect(cut('xxxxx', 5)).toBe('xxxxx');
});
