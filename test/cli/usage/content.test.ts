import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CliWorld } from '../world';

const NOVA = 'amazon.nova-lite-v1:0';
const HEADER = 'time,model,inputTokens,outputTokens';
const ROW = `2026-11-02T10:00:00Z,${NOVA},1000000,0`;
const scratch = mkdtempSync(path.join(tmpdir(), 'usage-content-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let files = 0;
function saved(content: string | Buffer): string {
  const file = path.join(scratch, `usage-${(files += 1)}`);
  writeFileSync(file, content);
  return file;
}

const simulate = (content: string | Buffer, ...args: string[]) =>
  new CliWorld().run('simulate', '--usage', saved(content), '--env', 'dev', ...args);

test.each([
  ['a mark of UTF-8 first', Buffer.from(`\uFEFF${HEADER}\n${ROW}\n`)],
  ['UTF-16, as PowerShell redirects', Buffer.from(`\uFEFF${HEADER}\r\n${ROW}\r\n`, 'utf16le')],
  [
    'the delimiter named first, as spreadsheets do',
    `sep=;\n${HEADER.replaceAll(',', ';')}\n${ROW.replaceAll(',', ';')}\n`,
  ],
  [
    'another case and order, and a column more',
    `MODEL,Output_Tokens,"note, quoted",TIME,Input Tokens\n${NOVA},0,"a\n""b""",2026-11-02T10:00:00Z,1000000\n`,
  ],
  ['several gzip members', Buffer.concat([gzipSync(`${HEADER}\n`), gzipSync(`${ROW}\n`)])],
  [
    'JSON lines of its own',
    `{"time":"2026-11-02T10:00:00Z","model":"${NOVA}","input_tokens":1000000,"output_tokens":0}\n`,
  ],
  ['a JSON array', JSON.stringify([{ time: 1793613600, model: NOVA, inputTokens: 1e6, outputTokens: 0, note: 'x' }])],
  [
    "a database's drawing",
    `+------+\n| time | model | inputTokens | outputTokens |\n|--|--|--|--|\n| 2026-11-02T10:00:00Z | ${NOVA} | 1000000 | 0 |\n+------+\n`,
  ],
])('a table with %s is read', async (_, content) => {
  const { exitCode, json } = await simulate(content, '--json');
  expect(exitCode).toBe(0);
  expect(json().reading).toMatchObject({ rows: 1, calls: 1, first: '2026-11-02T10:00:00.000Z' });
  expect(json().environments[0].byModel).toMatchObject([{ modelId: NOVA, spent: 60_000_000 }]);
});

test('records longer than a block, and rows beyond it, keep their lines', async () => {
  const long = `2026-11-02T10:00:00Z,${NOVA},1,1,"${'x\n'.repeat(200_000)}"`;
  const rows = Array.from({ length: 20_000 }, () => `${ROW},y`);
  const content = [`${HEADER},note`, long, ...rows, `2026-11-02T10:00:00Z,${NOVA},x,1,`].join('\n');
  const { exitCode, stderr } = await simulate(content);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`line ${1 + 200_001 + 20_000 + 1}: inputTokens must be a whole number`);
});

test.each([
  ['a ZIP archive', Buffer.from('504b0304140000', 'hex'), /it is a ZIP archive/],
  ['zstd', Buffer.from('28b52ffd0400', 'hex'), /compressed with zstd: unpack it/],
  ['xz', Buffer.from('fd377a585a00', 'hex'), /compressed with xz/],
  ['bzip2', Buffer.from('BZh91AY'), /compressed with bzip2/],
  ['Parquet', Buffer.from('PAR1....'), /Parquet: export it as CSV/],
  ['nothing', '', /it is empty/],
  ['blanks', '\n \n', /nothing but blanks/],
  ['half a gzip', gzipSync(`${HEADER}\n${ROW}\n`.repeat(50)).subarray(0, 60), /its gzip ends too early/],
  [
    'a damaged gzip',
    Buffer.concat([Buffer.from('1f8b0800000000000003', 'hex'), Buffer.from('nonsense')]),
    /its gzip is damaged/,
  ],
  ['no text', Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.from([0xff, 0xfe, 0x80])]), /no text in UTF-8/],
  ['JSON lines of something else', '{"a":1}\n{"a":2}\n', /no known format has the names a; known are/],
  [
    'JSON lines, then something else',
    `{"time":1793613600,"model":"${NOVA}","input":1,"output":1}\noops\n`,
    /line 2 is no JSON, as the lines before it are/,
  ],
  ['a quote that is not closed', `${HEADER},note\n${ROW},"x\n${`${ROW},y\n`.repeat(200_000)}`, /no CSV/],
  ['a table of other things', 'name,age\na,1\n', /no known format has the names name, age/],
  ['a table without its header', `${ROW}\n${ROW}\n`, /header, such as time,model,inputTokens,outputTokens/],
  ['an object of nothing', '{}', /it holds no names; known are/],
  ['a list of nothing', '[]', /no row$/m],
  ['a document that is none', '{"a":\n oops\n}\n', /no JSON: Unexpected token .* is not valid JSON$/m],
  ['a row that is too short', `${HEADER}\n${ROW}\n1793613600,x\n`, /line 3: 2 cells where the rows before it have 4/],
  [
    'a row that is too long, after empty lines',
    `${HEADER}\n\n${ROW}\n\n${ROW},7\n`,
    /line 5: 5 cells where the rows before it have 4/,
  ],
])('%s is named as such, with exit code 2', async (_, content, expected) => {
  const { exitCode, stderr, stdout } = await simulate(content, '--json');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(expected);
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 2, error: { code: 'USAGE' } });
});

test('a folder, and a file that is not there', async () => {
  mkdirSync(path.join(scratch, 'folder'));
  for (const [name, expected] of [
    ['folder', 'it is a folder'],
    ['none', 'no such file'],
    ['folder/none', 'no such file'],
  ] as const) {
    const { exitCode, stderr } = await new CliWorld().run('simulate', '--usage', path.join(scratch, name));
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(expected)]);
  }
});

describe('times and counts that cannot be', () => {
  test.each([
    ['2026-02-30', /line 2: there is no 2026-02-30/],
    ['2026-02-29T10:00:00Z', /line 2: there is no 2026-02-29/],
    ['0206-11-02', /year 0206 is not between 2000 and 2099/],
    ['2026-13-01', /there is no month 13/],
    ['2026-11-02T24:30:00Z', /there is no such time of day/],
    ['2026-11-02T10:61:00Z', /there is no such time of day/],
    ['2026-11-02T10:00:00', /time must be ISO with its zone/],
    ['2026-11-02 10:00:00 Mars/Base', /unknown time zone "Mars\/Base"/],
    ['2026-11-02T10:00:00+99:00', /unknown time zone/],
    ['2026-03-29 02:30 Europe/Berlin', /there is no such local time/],
    ['11/02/2026', /time must be ISO/],
    ['12', /time must be ISO/],
  ])('%s', async (time, expected) => {
    const { exitCode, stderr } = await simulate(`${HEADER}\n${time},${NOVA},1,1\n`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(expected);
  });

  test.each([
    ['2026-11-02T10:00:00Z', '2026-11-02T10:00:00.000Z'],
    ['2026-11-02T11:00:00.5+01:00', '2026-11-02T10:00:00.500Z'],
    ['2026-11-02 15:30:00 +0530', '2026-11-02T10:00:00.000Z'],
    ['2026-11-02 05:00 America/New_York', '2026-11-02T10:00:00.000Z'],
    ['2026-11-02T11:00:00+01:00[Europe/Berlin]', '2026-11-02T10:00:00.000Z'],
    ['2026-11-02 10:00:00 UTC', '2026-11-02T10:00:00.000Z'],
    ['1793613600', '2026-11-02T10:00:00.000Z'],
    ['1793613600123', '2026-11-02T10:00:00.123Z'],
    ['1793613600123456', '2026-11-02T10:00:00.123Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('%s can be', async (time, first) => {
    const { json } = await simulate(`${HEADER}\n${time},${NOVA},1,1\n`, '--json');
    expect(json().reading.first).toBe(first);
  });

  test('a zone for the file: local times, and days of 23, 24 and 25 hours', async () => {
    const days = ['2026-03-29', '2026-06-01', '2026-10-25'].map((day) => `${day},${NOVA},1,1`);
    const content = [HEADER, ...days, `2026-11-02 11:00,${NOVA},1,1`].join('\n');
    const { json } = await simulate(content, '--time-zone', 'Europe/Berlin', '--json');
    expect(json().reading).toMatchObject({
      calls: 1,
      first: '2026-03-28T23:00:00.000Z',
      last: '2026-11-02T10:00:00.000Z',
    });
    expect(
      json()
        .reading.sums.map(({ minutes }: { minutes: number }) => minutes)
        .sort(),
    ).toEqual([1380, 1440, 1500]);
    const { exitCode, stderr } = await simulate(content, '--time-zone', 'Berlin');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--time-zone Berlin: no time zone')]);
  });

  test.each([
    ['150000000000000', 0, /^(?!.*million)/],
    ['150119987580000', 2, /would cost more than \$9 million/],
    ['9007199254740991', 2, /would cost more than \$9 million/],
    [
      '9007199254740992',
      2,
      /line 2: inputTokens must be a whole number of tokens, 0 or more, up to 9,007,199,254,740,991/,
    ],
    ['1e300', 2, /line 2: inputTokens must be a whole number/],
    ['NaN', 2, /line 2: inputTokens must be a whole number/],
    ['Infinity', 2, /line 2: inputTokens must be a whole number/],
    ['-0.5', 2, /line 2: inputTokens must be a whole number/],
    ['1,000', 2, /line 2: inputTokens must be a whole number/],
  ] as const)('a count of %s', async (count, expected, said) => {
    const { exitCode, stderr } = await simulate(`${HEADER}\n2026-11-02,${NOVA},"${count}",1\n`);
    expect(exitCode).toBe(expected);
    expect(stderr).toMatch(said);
  });

  test('counts that add up beyond what a number holds', async () => {
    const { exitCode, stderr } = await simulate(`${HEADER}\n${`2026-11-02,${NOVA},9007199254740991,1\n`.repeat(2)}`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /line 3: the tokens of amazon.nova-lite-v1:0 add up to more input than a number holds exactly/,
    );
  });
});
