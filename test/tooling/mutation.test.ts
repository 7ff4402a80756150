import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EQUIVALENTS } from '../mutation/equivalents';
import { isGood, mutantsOf, oneLine, resultLines, roomResult, standsIn, type Mutant } from '../mutation/result';
import { ROOMS, roomsNamed, testFiles } from '../mutation/rooms';

const ROOT = path.resolve(__dirname, '../..');

const mutant = (over: Partial<Mutant> = {}): Mutant => ({
  file: 'core/meter/rates.ts',
  line: 7,
  on: 'if (rate > 0) return rate;',
  mutator: 'EqualityOperator',
  original: 'rate > 0',
  replacement: 'rate >= 0',
  outcome: 'survived',
  ...over,
});
const some = (count: number, outcome: Mutant['outcome']) => Array.from({ length: count }, () => mutant({ outcome }));
const entry = {
  file: 'core/meter/rates.ts',
  original: 'rate > 0',
  replacement: 'rate >= 0',
  reason: 'a rate is never 0',
};

describe('what a report says', () => {
  const report = (status: string) => ({
    files: {
      'core/a.ts': {
        source: 'const one =\n  first +\n  second;\n',
        mutants: [
          {
            mutatorName: 'ArithmeticOperator',
            replacement: 'first -\n  second',
            status,
            location: { start: { line: 2, column: 3 }, end: { line: 3, column: 9 } },
          },
        ],
      },
    },
  });

  test('is read with the code that was changed, on one line', () => {
    expect(mutantsOf(report('NoCoverage'))).toEqual([
      {
        file: 'core/a.ts',
        line: 2,
        on: 'first +',
        mutator: 'ArithmeticOperator',
        original: 'first + second',
        replacement: 'first - second',
        outcome: 'no coverage',
      },
    ]);
  });

  test('is refused where a mutant is in a state that nobody knows', () => {
    expect(() => mutantsOf(report('Pending'))).toThrow("core/a.ts: Stryker says 'Pending' of a mutant");
  });

  test('is cut where it is long', () => {
    expect(oneLine('x'.repeat(120))).toBe('x'.repeat(120));
    expect(oneLine('x'.repeat(121))).toBe(`${'x'.repeat(120)}…`);
  });
});

describe('the score', () => {
  test.each([
    [84, 16, 84, false],
    [85, 15, 85, true],
    [86, 14, 86, true],
  ])('of %i killed beside %i that survived is %i %%: good: %p', (killed, survived, percent, good) => {
    const result = roomResult('meter', [...some(killed, 'killed'), ...some(survived, 'survived')], []);
    expect(result.percent).toBe(percent);
    expect(isGood(result, 85)).toBe(good);
    expect(resultLines(result, 85)[0]?.endsWith('MISSED')).toBe(!good);
  });

  test('takes a timeout as seen, no coverage as survived, and leaves out what does not run', () => {
    const all = [
      ...some(1, 'killed'),
      ...some(1, 'timeout'),
      ...some(1, 'survived'),
      ...some(1, 'no coverage'),
      ...some(5, 'invalid'),
    ];
    expect(roomResult('meter', all, [])).toMatchObject({ mutants: 4, killed: 1, timeouts: 1, percent: 50 });
  });

  test('is not rounded up to the goal', () => {
    const result = roomResult('meter', [...some(8499, 'killed'), ...some(1501, 'survived')], []);
    expect(resultLines(result, 85)[0]).toContain('84.9 % (goal 85 %) MISSED');
  });

  test('of a room without mutants is none, and not good', () => {
    const result = roomResult('meter', [], []);
    expect(result.percent).toBeUndefined();
    expect(isGood(result, 85)).toBe(false);
    expect(resultLines(result, 85)[0]).toContain('no mutants (goal 85 %) MISSED');
  });

  test('leaves out texts that people read, and keeps values', () => {
    const string = { mutator: 'StringLiteral', replacement: '""' };
    const all = [
      mutant({ ...string, original: "'degraded'" }),
      mutant({ ...string, original: "'must not be empty'" }),
      mutant({ ...string, original: '`${a} and ${b}`', outcome: 'killed' }),
      mutant({ original: "a === 'x y'" }),
    ];
    const result = roomResult('meter', all, []);
    expect(result.survived.map(({ original }) => original)).toEqual(["'degraded'", "a === 'x y'"]);
    expect(result.texts).toEqual({ all: 2, seen: 1 });
  });

  test('is printed with each survivor', () => {
    const result = roomResult('meter', [mutant(), mutant({ line: 9, outcome: 'no coverage' })], []);
    expect(resultLines(result, 85)).toEqual([
      'meter: 2 mutants, 0 killed, 1 survived, 1 no coverage, 0 timeouts: 0.0 % (goal 85 %) MISSED',
      expect.stringContaining('not counted: 0 named as equivalent, 0 in texts'),
      '  core/meter/rates.ts:7 EqualityOperator: rate > 0 → rate >= 0',
      '  core/meter/rates.ts:9 EqualityOperator: rate > 0 → rate >= 0 (no coverage)',
    ]);
  });
});

describe('an equivalent', () => {
  test('that is named is neither counted nor printed, wherever it stands', () => {
    const result = roomResult('meter', [mutant({ line: 70 }), ...some(1, 'killed')], [entry]);
    expect(result).toMatchObject({ percent: 100, equivalent: 1, survived: [], stale: [] });
    expect(isGood(result, 85)).toBe(true);
  });

  test.each([
    ['is killed', [mutant({ outcome: 'killed' })]],
    ['is not there any more', [mutant({ original: 'rate > 1', outcome: 'killed' })]],
    ['became something else', [mutant({ replacement: 'rate <= 0', outcome: 'killed' })]],
  ])('is stale once the mutant %s, and the run fails', (_, all) => {
    const result = roomResult('meter', all, [entry]);
    expect(result.percent).toBe(100);
    expect(result.stale).toEqual([
      expect.stringContaining('rate > 0 → rate >= 0: named as equivalent, and no survivor'),
    ]);
    expect(isGood(result, 85)).toBe(false);
    expect(resultLines(result, 85).join('\n')).toContain('STALE');
  });

  test('says which one it means where there are several', () => {
    const all = [mutant(), mutant({ on: 'while (rate > 0) next();' })];
    expect(roomResult('meter', all, [entry]).stale).toEqual([expect.stringContaining('2 survivors')]);
    const result = roomResult('meter', all, [{ ...entry, on: 'while' }]);
    expect(result).toMatchObject({ stale: [], equivalent: 1 });
    expect(result.survived.map(({ on }) => on)).toEqual(['if (rate > 0) return rate;']);
  });

  test('says how many it means where their lines are the same', () => {
    const twice = [mutant(), mutant({ line: 9 })];
    expect(roomResult('meter', twice, [{ ...entry, times: 2 }])).toMatchObject({ stale: [], equivalent: 2 });
    for (const all of [[mutant()], [...twice, mutant({ line: 11 })]]) {
      expect(roomResult('meter', all, [{ ...entry, times: 2 }]).stale).toEqual([
        expect.stringContaining(`${all.length} survivors, not 2`),
      ]);
    }
  });

  test.each([
    ['as it stands', 'rate > 0', undefined, true],
    ['over several lines', '{ return rate; }', undefined, true],
    ['cut', '{ return ra…', undefined, true],
    ['changed', 'rate > 1', undefined, false],
    ['on its line', 'rate > 0', 'if (', true],
    ['on another line', 'rate > 0', 'return', false],
    ['on a line that is gone', 'rate > 0', 'while (', false],
    ['from its line on', '{ return rate; }', 'if (', true],
  ])('is found in its file %s: %s', (_, original, on, found) => {
    const source = 'if (rate > 0) {\n  return rate;\n}\n';
    expect(standsIn({ original, ...(on !== undefined && { on }) }, source)).toBe(found);
  });

  test.each(EQUIVALENTS)('names code that is there: $file: $original', (one) => {
    expect(standsIn(one, readFileSync(path.join(ROOT, one.file), 'utf8'))).toBe(true);
  });

  test('of another room is not looked for', () => {
    expect(roomResult('meter', some(1, 'killed'), [{ ...entry, file: 'core/ledger/book.ts' }]).stale).toEqual([]);
  });
});

describe('the rooms', () => {
  test('are all of them unless some are named', () => {
    expect(roomsNamed([])).toEqual(ROOMS);
    expect(roomsNamed(['meter', 'decision']).map(({ name }) => name)).toEqual(['decision', 'meter']);
  });

  test('are listed where a name is none', () => {
    expect(() => roomsNamed(['meter', 'kitchen'])).toThrow(
      "no room 'kitchen': the rooms are decision, stop-lines, meter, enforcement, ledger, in-path",
    );
  });

  test.each(ROOMS)('$name has tests, none of them long', (room) => {
    const files = testFiles(room, ROOT);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file).toMatch(/^test\/.*(?<!property)\.test\.ts$/);
  });
});
