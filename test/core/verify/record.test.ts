import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ZERO } from '../../../core/money';
import { canonical, isSealed, masked, sealed, withoutSession, type VerifiedRecord } from '../../../core/verify/record';
import { ROWS, type RowFinding } from '../../../core/verify/rows';
import { updateUnproven } from '../../../core/verify/unproven';
import { verifiedPage } from '../../../core/verify/page';
import { sha256 } from '../../../lambda/digest';
import { trusted } from '../../../scripts/verified';

const PAGE = readFileSync('docs/unproven.md', 'utf8');
const record = (findings: readonly RowFinding[], more: Partial<VerifiedRecord> = {}) =>
  sealed(
    {
      schemaVersion: 1,
      guardVersion: '0.1.0',
      runId: '20261201T000000-ab12',
      at: '2026-12-01T00:00:00.000Z',
      environment: 'dev',
      region: 'us-east-1',
      account: '9012',
      endpoint: 'aws',
      caller: 'arn:aws:sts::********9012:assumed-role/admin',
      signedBy: 'Ana',
      steps: [
        {
          step: 'listing-delay',
          question: 'How long?',
          outcome: 'done',
          findings,
          readings: {},
          numbers: { listedAfterMs: 184_000 },
          worstCost: ZERO,
          reckonedCost: ZERO,
        },
      ],
      ...more,
    },
    sha256,
  );
const LISTED: RowFinding = { row: 'listing-delay', verdict: 'shown', text: 'listed after 184 s' };
const rowOf = (page: string, row: keyof typeof ROWS) => page.split('\n').find((line) => line.includes(ROWS[row]))!;

test('each row that a step is about is on the page, once', () => {
  for (const what of Object.values(ROWS)) {
    const rows = PAGE.split('\n').filter((line) => line.split('|')[1]?.trim() === what);
    expect([what, rows.length]).toEqual([what, 1]);
  }
});

describe('a record', () => {
  test('is sealed over all that it says, in whatever order its keys are', () => {
    const one = record([LISTED]);
    expect(isSealed(one, sha256)).toBe(true);
    const turned = Object.fromEntries(Object.entries(one).toReversed()) as unknown as VerifiedRecord;
    expect(isSealed(turned, sha256)).toBe(true);
    for (const edit of [{ account: '1' }, { signedBy: 'Bo' }, { steps: [] }, { at: '2026-12-02T00:00:00.000Z' }])
      expect(isSealed({ ...one, ...edit }, sha256)).toBe(false);
  });

  test('is one text, without what is not there', () => {
    expect(canonical({ b: [1, { d: undefined, c: 'x' }], a: null })).toBe('{"a":null,"b":[1,{"c":"x"}]}');
  });

  test('hides the account wherever it stands, and the session', () => {
    expect(masked({ a: ['arn:aws:iam::123456789012:role/x'], n: 1 }, '123456789012')).toEqual({
      a: ['arn:aws:iam::********9012:role/x'],
      n: 1,
    });
    expect(withoutSession('arn:aws:sts::1:assumed-role/Admin/ana@example.com')).toBe(
      'arn:aws:sts::1:assumed-role/Admin',
    );
    expect(withoutSession('arn:aws:iam::1:user/ana')).toBe('arn:aws:iam::1:user/ana');
  });

  test('is a page', () => {
    const page = verifiedPage(record([LISTED, { row: 'stream', verdict: 'unsettled', text: 'a | b' }]));
    expect(page).toContain(`| ${ROWS['listing-delay']} | **shown in an account on 2026-12-01**: listed after 184 s |`);
    expect(page).toContain(`| ${ROWS.stream} | not settled: a / b |`);
    expect(page).not.toContain('which is not AWS');
    const local = verifiedPage(record([LISTED], { endpoint: 'http://localhost:4599' }));
    expect(local).toContain('which is not AWS');
    expect(local).not.toContain('shown in an account');
  });
});

describe('docs/unproven.md', () => {
  test('takes what is shown into the row, which keeps its words', () => {
    const { text, rows } = updateUnproven(PAGE, record([LISTED]));
    expect(rows).toEqual(['listing-delay']);
    const [before, after] = [rowOf(PAGE, 'listing-delay'), rowOf(text, 'listing-delay')];
    const cells = (line: string) => line.split('|').map((cell) => cell.trim());
    const expected = cells(before);
    expected[2] += '; **shown in an account on 2026-12-01**: listed after 184 s';
    expect(cells(after)).toEqual(expected);
    expect(text.split('\n').filter((line, at) => line !== PAGE.split('\n')[at])).toEqual([after]);
  });

  test('otherwise is said so, and unsettled changes nothing', () => {
    const otherwise = updateUnproven(PAGE, record([{ ...LISTED, verdict: 'otherwise', text: 'not | listed' }])).text;
    expect(rowOf(otherwise, 'listing-delay')).toContain('; **shown otherwise on 2026-12-01**: not / listed |');
    const nothing = updateUnproven(PAGE, record([{ ...LISTED, verdict: 'unsettled' }]));
    expect([nothing.text === PAGE, nothing.rows]).toEqual([true, []]);
  });

  test('a later run replaces what an earlier one showed, and never the other way', () => {
    const first = updateUnproven(PAGE, record([LISTED])).text;
    const later = record([{ ...LISTED, text: 'listed after 90 s' }], { at: '2027-01-05T00:00:00.000Z' });
    const second = updateUnproven(first, later).text;
    expect(rowOf(second, 'listing-delay')).toContain('on 2027-01-05**: listed after 90 s |');
    expect(second).not.toContain('2026-12-01**');
    const back = updateUnproven(second, record([LISTED]));
    expect([back.text === second, back.newer]).toEqual([true, ['listing-delay']]);
  });

  test('a page without the row is refused', () => {
    expect(() => updateUnproven('# nothing', record([LISTED]))).toThrow(/no row 'trap 46/);
  });
});

test('npm run verified writes a page that is still in order', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-verified-'));
  try {
    const [file, page] = [path.join(folder, 'record.json'), path.join(folder, 'unproven.md')];
    writeFileSync(file, JSON.stringify(record([LISTED])));
    writeFileSync(page, PAGE);
    const said = execFileSync(process.execPath, ['-r', 'tsx/cjs', 'scripts/verified.ts', file, page], {
      encoding: 'utf8',
    });
    expect(said).toBe(`docs/unproven.md: ${ROWS['listing-delay']}\n`);
    const text = readFileSync(page, 'utf8');
    const cells = (line: string) => line.split('|').map((cell) => cell.trim());
    expect(cells(rowOf(text, 'listing-delay'))[2]).toMatch(
      /; \*\*shown in an account on 2026-12-01\*\*: listed after 184 s$/,
    );
    // Prettier has aligned the table anew.
    const table = text.split('\n').filter((line) => line.startsWith('|') && line.includes('| '));
    expect(table.length).toBe(PAGE.split('\n').filter((line) => line.startsWith('|') && line.includes('| ')).length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('npm run verified takes', () => {
  const told = (one: unknown) => () => trusted(JSON.stringify(one), 'a.json');
  test('what was written by verify', () => {
    expect(told(record([LISTED]))()).toMatchObject({ signedBy: 'Ana' });
  });
  test.each([
    ['no JSON', () => trusted('{', 'a.json'), /a.json is no JSON/],
    ['another version', told({ schemaVersion: 2, steps: [] }), /no record of this version/],
    ['nothing', told(null), /no record of this version/],
    ['an edit', told({ ...record([LISTED]), signedBy: 'Bo' }), /was edited since it was written/],
    [
      'the local AWS',
      told(record([LISTED], { endpoint: 'http://localhost:4599' })),
      /localhost:4599, which is not AWS/,
    ],
    [
      'an unknown row',
      told(record([{ ...LISTED, row: 'x' as never }])),
      /tells of 'x', which this version does not know/,
    ],
  ])('not %s', (_what, take, why) => expect(take).toThrow(why));
});
