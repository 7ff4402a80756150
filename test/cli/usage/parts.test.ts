import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { usedByMonth } from '../../../cli/usage/by-month';
import { contentOf } from '../../../cli/usage/records';
import { Repeats } from '../../../cli/usage/repeats';
import { picoUsdPerToken } from '../../../core/prices';

const price = {
  input: picoUsdPerToken(1),
  output: picoUsdPerToken(4),
  cacheRead: picoUsdPerToken('0.1'),
  cacheWrite: picoUsdPerToken('1.25'),
};
const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

async function* pieces(text: string, cuts: readonly number[]): AsyncGenerator<string> {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  for (let index = 1; index < at.length; index++) yield text.slice(at[index - 1], at[index]);
}

/** More than the head that is read whole. */
const PADDING = Array.from({ length: 12_000 }, () => ['1', '2', '3']);

test('property: a table is the same, wherever its text is cut into pieces', async () => {
  const cell = fc.constantFrom('a', 'b c', '"q, q"', '"two\nlines"', '"a ""quote"""', '');
  const row = fc.tuple(cell, cell, cell).map((cells) => cells.join(','));
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      async (rows, cuts) => {
        const text = ['x,y,z', ...rows].join('\n');
        // The head is read whole: what is cut is what comes after it.
        const long = `x,y,z\n${'1,2,3\n'.repeat(PADDING.length)}${text.slice(6)}`;
        const content = await contentOf(
          't',
          pieces(long, [70_000, ...cuts.map((cut) => 72_000 + (cut % text.length))]),
          { lists: () => [] },
        );
        if (content.kind !== 'table') throw new Error('no table');
        const read: string[][] = [];
        for await (const batch of content.rows) {
          for (const [at, cells] of batch.rows.entries()) {
            if (read.length < 3) expect(batch.lineOf(at)).toBe(read.length + 2);
            read.push([...cells]);
          }
        }
        const [, ...last] = parse(text, { skip_empty_lines: true, trim: true });
        // Twelve thousand rows of padding, thirty times: the test library's own comparison takes seconds.
        expect(isDeepStrictEqual([[...content.names], ...read], [['x', 'y', 'z'], ...PADDING, ...last])).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

describe('rows that repeat', () => {
  const row = (at: number, id?: string) => ({ at, spanMs: 0, model: 'm', tokens, ...(id === undefined ? {} : { id }) });

  test('are told by their id, and without one by all that they say', () => {
    const repeats = new Repeats();
    for (const one of [row(1, 'a'), row(2, 'b'), row(3, 'a'), row(4), row(4), row(5)]) repeats.add(one);
    expect([repeats.count, repeats.isSample]).toEqual([2, false]);
  });

  test('of a file of any length are estimated from a sample that has an end', () => {
    const repeats = new Repeats();
    const rows = 300_000;
    for (let at = 0; at < rows; at++) repeats.add(row(at * 1_000, `request-${at}`));
    expect(repeats.count).toBe(0);
    // The last tenth comes again, as where two exports overlap.
    for (let at = rows * 0.9; at < rows; at++) repeats.add(row(at * 1_000, `request-${at}`));
    expect(repeats.isSample).toBe(true);
    const twice = new Repeats();
    for (let at = 0; at < rows; at++) for (let copy = 0; copy < 2; copy++) twice.add(row(at * 1_000, `request-${at}`));
    expect(twice.count).toBeGreaterThan(rows * 0.95);
    expect(twice.count).toBeLessThan(rows * 1.05);
    expect(repeats.count).toBeGreaterThan(rows * 0.09);
    expect(repeats.count).toBeLessThan(rows * 0.11);
  });
});

describe('usage by month', () => {
  const at = (time: string) => Date.parse(time);

  test('a sum over the end of a month is shared out by time, and not a token is lost', () => {
    const rows = [
      { at: at('2026-10-31T12:00:00Z'), spanMs: 36 * 3_600_000, modelId: 'm', tokens: { ...tokens, input: 3_000_001 } },
      { at: at('2026-11-30T23:59:00Z'), spanMs: 0, modelId: 'm', tokens: { ...tokens, input: 5 } },
    ];
    expect(usedByMonth(rows, price)).toEqual([
      { month: '2026-10', modelId: 'm', cost: 1_000_000_000 },
      { month: '2026-11', modelId: 'm', cost: 2_000_006_000 },
    ]);
  });

  test('one over three months, and without a price', () => {
    const row = {
      at: at('2026-01-31T00:00:00Z'),
      spanMs: 30 * 86_400_000,
      modelId: 'm',
      tokens: { ...tokens, output: 30 },
    };
    expect(usedByMonth([row], price).map(({ cost }) => cost)).toEqual([4_000, 112_000, 4_000]);
    expect(usedByMonth([row], undefined)[0]).toEqual({ month: '2026-01', modelId: 'm' });
  });
});
