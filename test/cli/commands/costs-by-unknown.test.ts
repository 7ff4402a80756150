import { nanoUsd, usd } from '../../../core/money';
import { arnOf, callers, day, days, usage } from '../../helpers/spenders';
import { CONFIG, costsBy, PEOPLE, rowsOf, told } from './costs-told';

describe('costs --by, of what is not known', () => {
  test('days, prices and names that are missing: the total is the least, each is named, exit 4', async () => {
    const of = callers(
      [...PEOPLE.usage, usage(5, arnOf.user('cem'), undefined, { modelId: 'new.model-v1', calls: 7 })],
      {
        days: days(3, 22),
        missing: [1, 2].map((one) => ({ day: day(one), why: 'the query did not end' })),
        rest: [{ day: day(6), callers: 9_700, calls: 10_000, amount: nanoUsd(5), unpricedCalls: 1 }],
        unknown: [{ day: day(6), why: 'beyondRows', calls: 3 }],
        apart: [{ day: day(6), owner: 'staging', calls: 8 }],
      },
    );
    const { exitCode, stdout } = await costsBy(told({ callers: of }), 'person');
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/cem +unknown +- +7 .*unknown: no price\n/);
    expect(stdout).toMatch(/\(callers whose names are not kept\) +at least <\$0\.01 .*at least: a part has no price\n/);
    expect(stdout).toMatch(/\(total\) +at least \$19\.50\n/);
    expect(stdout).toContain('  unknown: 2026-11-01 to 2026-11-02: the query did not end\n');
    expect(stdout).toContain('  unknown: no price of new.model-v1: 7 calls by 1 caller\n');
    expect(stdout).toContain('  unknown: 3 calls beyond the rows');
    expect(stdout).toContain("  apart: 8 calls of staging, which are not this environment's\n");

    const rows = rowsOf((await costsBy(told({ callers: of }), 'person', '--csv')).stdout);
    expect(rows.find(({ name }) => name === 'cem')).toMatchObject({ spent_usd: '', note: 'unknown: no price' });
    expect(rows.filter(({ row }) => row === 'unknown').map(({ note }) => note)).toContain(
      'unknown: 2026-11-01 to 2026-11-02: the query did not end',
    );
    expect(rows.at(-1)).toMatchObject({ row: 'total', note: 'at least: see the rows of kind unknown' });
  });

  test('calls without token counts are named beside their caller, in the table, CSV and JSON', async () => {
    const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    const of = callers(
      [
        usage(1, arnOf.user('ana'), usd(1), { calls: 10, uncounted: 5 }),
        usage(1, arnOf.user('ben'), undefined, { calls: 10, uncounted: 10, tokens }),
      ],
      { unknown: [{ day: day(1), why: 'noTokenCounts', calls: 15 }] },
    );
    const { exitCode, stdout } = await costsBy(told({ callers: of }), 'person');
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/ana +at least \$1\.00 .*at least: 5 of 10 calls have no token counts\n/);
    expect(stdout).toMatch(/ben +unknown +- .*unknown: no token counts\n/);
    expect(stdout).not.toContain('no price');
    const rows = rowsOf((await costsBy(told({ callers: of }), 'person', '--csv')).stdout);
    expect(rows.slice(0, 2).map(({ note }) => note)).toEqual([
      'at least: 5 of 10 calls have no token counts',
      'unknown: no token counts',
    ]);
    const { json } = await costsBy(told({ callers: of }), 'person', '--json');
    expect(json().environments[0]).toMatchObject({
      rows: [
        { name: 'ana', atLeast: true, uncounted: 5 },
        { name: 'ben', atLeast: true, uncounted: 10 },
      ],
    });
  });

  test.each([
    ['person', { callers: 'the log group is gone' }],
    ['tag', { tagged: { kind: 'unavailable', why: 'the log group is gone' } }],
    ['model', { bill: { kind: 'unavailable', why: 'the log group is gone' } }],
  ] as const)('--by %s: a source that does not answer is no $0, exit 4', async (by, of) => {
    const { exitCode, stdout } = await costsBy(told(of), by);
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/\(total\) +unknown\n/);
    expect(stdout).toContain('  unknown: the log group is gone\n');
    expect(stdout).not.toContain('$0');
    const csv = await costsBy(told(of), by, '--csv');
    expect(rowsOf(csv.stdout).at(-1)).toMatchObject({ row: 'total', spent_usd: '', note: 'unknown' });
    const { json } = await costsBy(told(of), by, '--json');
    expect(json().environments[0]).not.toHaveProperty('total');
  });

  test('a bill without a line yet', async () => {
    const { exitCode, stdout } = await costsBy(told({}), 'day');
    expect(exitCode).toBe(4);
    expect(stdout).toContain('unknown: no line of it is on the bill yet');
  });

  test('hundreds of reasons: twenty, and how many more there are', async () => {
    const of = callers(
      Array.from({ length: 30 }, (_, at) => usage(1, arnOf.user('a'), undefined, { modelId: `m${at}` })),
    );
    const { stdout } = await costsBy(told({ callers: of }), 'person');
    expect(stdout.match(/^ {2}unknown: no price of m/gm)).toHaveLength(20);
    expect(stdout).toContain('  unknown: and 10 more, which --json has\n');
  });

  test('an environment that cannot be asked has a row of its own', async () => {
    const world = told({ callers: PEOPLE });
    const args = ['costs', '--env', 'dev,staging', ...CONFIG, '--by', 'tag', '--csv'];
    const { exitCode, stdout } = await world.run(...args);
    expect(exitCode).toBe(1);
    expect(rowsOf(stdout).at(-1)).toMatchObject({ environment: 'staging', row: 'unknown', spent_usd: '' });
  });
});
