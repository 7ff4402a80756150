import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { JSON_LIMITS } from '../../../cli/usage/json';
import { ModelNames } from '../../../cli/usage/model-names';
import { readUsage } from '../../../cli/usage/read';
import { Times } from '../../../cli/usage/times';
import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';

const PRO = 'amazon.nova-pro-v1:0';
const START = Date.parse('2026-01-01T00:00:00Z');
const scratch = mkdtempSync(path.join(tmpdir(), 'usage-json-long-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let files = 0;
const newFile = () => path.join(scratch, `usage-${(files += 1)}`);
const minute = (at: number) => new Date(START + at * MINUTE_MS).toISOString();

async function read(file: string, limits = JSON_LIMITS, periodMs = HOUR_MS) {
  const { reading } = await readUsage(file, {
    said: { times: new Times(undefined), model: PRO, periodMs },
    names: new ModelNames(),
    progress: () => undefined,
    limits,
  });
  return reading;
}

function saved(content: string | Buffer): string {
  const file = newFile();
  writeFileSync(file, content);
  return file;
}

/** A list between two texts, written as it is made. */
async function written(open: string, one: (at: number) => string, count: number, close: string, gzip = false) {
  const file = newFile();
  function* parts() {
    yield open;
    for (let from = 0; from < count; from += 500) {
      const some = Array.from({ length: Math.min(500, count - from) }, (__, at) => one(from + at));
      yield `${from === 0 ? '' : ','}${some.join(',')}`;
    }
    yield close;
  }
  await (gzip
    ? pipeline(parts, createGzip({ level: 1 }), createWriteStream(file))
    : pipeline(parts, createWriteStream(file)));
  return file;
}

const log = (at: number, body = 100) =>
  `{"schemaType":"ModelInvocationLog","timestamp":"${minute(at % 500_000)}","modelId":"${PRO}","input":` +
  `{"inputTokenCount":1,"inputBodyJson":"${'ö'.repeat(body / 2)}"},"output":{"outputTokenCount":1}}`;
const span = (at: number) =>
  `{"traceId":"t","spanId":"${at}","startTimeUnixNano":"${START + at * MINUTE_MS}000000","attributes":[` +
  [
    `{"key":"gen_ai.provider.name","value":{"stringValue":"aws.bedrock"}}`,
    `{"key":"gen_ai.request.model","value":{"stringValue":"${PRO}"}}`,
    `{"key":"gen_ai.usage.input_tokens","value":{"intValue":"7"}}`,
  ].join(',') +
  ']}';
const entry = (at: number) =>
  `{"firstActivity":"${minute(at)}","lastActivity":"${minute(at + 5)}","modelsUsed":["${PRO}"],"inputTokens":7,"padding":"${'x'.repeat(100)}"}`;
const result = (at: number) =>
  `{"Id":"m${at}","Label":"${PRO} InputTokenCount","Timestamps":["${minute(0)}","${minute(60)}"],"Values":[1,2],"Messages":"${'x'.repeat(100)}"}`;
const point = (at: number) => `{"Timestamp":"${minute(at * 60)}","Sum":1,"Unit":"Count","padding":"${'x'.repeat(50)}"}`;
const row = (at: number) =>
  `{"time":"${minute(at)}","model":"${PRO}","inputTokens":1,"outputTokens":1,"note":"${'x'.repeat(100)}"}`;

/** As in use, with less to wait for. */
const SMALLER = { ...JSON_LIMITS, whole: 400_000 };
/** A machine that does other things too may take long for them. */
const LONG_MS = 60_000;

describe('longer than is held', () => {
  const KINDS: readonly (readonly [string, string, (at: number) => string, number, string, number])[] = [
    ['invocation logs', '[', log, 3_000, ']', 3_000],
    ['rows of a table', '[\n', row, 3_000, '\n]\n', 3_000],
    ['a ccusage report', '{"sessions":[', entry, 3_000, '],"totals":{}}\n', 3_000],
    ['spans', '{"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":[', span, 3_000, ']}]}]}', 3_000],
    ['metric data', '{\n"MetricDataResults":[', result, 3_000, '\n],"Messages":[]}', 6_000],
    ['statistics', '{"Label":"InputTokenCount","Datapoints":[', point, 5_000, ']}', 5_000],
  ];

  test.each(KINDS)(
    '%s are read to their end, plain and in gzip',
    async (_, open, one, count, close, rows) => {
      const plain = await written(open, one, count, close);
      expect(statSync(plain).size).toBeGreaterThan(SMALLER.whole);
      const reading = await read(plain, SMALLER);
      expect(reading.rows).toBe(rows);
      const packed = await read(await written(open, one, count, close, true), SMALLER);
      expect(packed).toEqual({ ...reading, packed: 'gzip' });
    },
    LONG_MS,
  );

  test(
    'an array of more than one record may have, and more than was read before',
    async () => {
      const file = await written('[', (at) => log(at, 20_000), 3_500, ']');
      expect(statSync(file).size).toBeGreaterThan(JSON_LIMITS.record);
      expect((await read(file)).rows).toBe(3_500);
    },
    LONG_MS,
  );

  test.each([
    ['one line', '', 'jsonLines', 3_000],
    ['one line among others', '\n{"daily":[],"totals":{}}\n', 'jsonLines', 3_000],
  ])('a report in %s', async (_, after, kind, rows) => {
    const reading = await read(await written('{"sessions":[', entry, 3_000, `],"totals":{}}${after}`), SMALLER);
    expect(reading).toMatchObject({ kind, rows });
  });

  test.each([100, 100_000, JSON_LIMITS.whole - 100, JSON_LIMITS.whole + 100])(
    'a document whose first line has some %i characters',
    async (length) => {
      const text = `{"totals":{"note":"${'x'.repeat(length)}"},\n"sessions":[${entry(0)}]\n}`;
      expect(await read(saved(text))).toMatchObject({ kind: 'json', rows: 1 });
    },
    LONG_MS,
  );
});

const IN_PARTS = { whole: 50, record: 2_000 };

test.each<[string, string, RegExp]>([
  [
    'an array that is cut',
    `[${row(0)},${row(1)},{"time":`,
    /no JSON: it ends too early after \[1\]: was it copied whole/,
  ],
  ['a line that is cut', `{"sessions":[${entry(0)},`, /line 1: no JSON: it ends too early after sessions\[0\]/],
  ['a later line that is cut', `${row(0)}\n${row(1).slice(0, -1)}`, /line 2: no JSON: it ends too early at 'note'/],
  ['a document that is cut', `{"sessions":\n[${entry(0)},`, /f?: no JSON: it ends too early after sessions\[0\]/],
  ['a number that is cut', `[${row(0)},1`, /no JSON: it ends too early after \[0\]/],
  ['a comma too many', `[${row(0)},]`, /no JSON after \[0\]: Unexpected/],
  ['a text for a key', `{"sessions":\n[${entry(0)}], oops}`, /no JSON after sessions\[0\]: Unexpected/],
  ['a second document', `[${row(0)}]\n[${row(1)}]`, /something follows after its end: one document is read/],
  ['a bracket too many', `[${row(0)}]]`, /something follows after its end/],
  ['a word after its end', `[${row(0)}] oops`, /something follows after its end/],
  ['two objects in a line', `{"sessions":[${entry(0)}],"totals":{}}{}`, /line 1: no JSON: something follows after/],
  [
    'a list that is there twice',
    `{"sessions":[${entry(0)}],"totals":{},"sessions":[${entry(0)}]}`,
    /line 1: sessions is there twice: leave one of them out/,
  ],
  [
    'a list of spans that is there twice',
    `{"resourceSpans":[{"scopeSpans":[{"spans":[${span(0)}],"spans":[]}]}]}`,
    /line 1: resourceSpans\[0\]\.scopeSpans\[0\]\.spans is there twice/,
  ],
  [
    'brackets within brackets',
    `[${row(0)},${'['.repeat(100_000)}`,
    /^.*brackets within brackets, more than 1000 deep after \[0\]: leave that value out, no usage is in it$/,
  ],
  [
    'objects within objects',
    '{"a":'.repeat(100_000),
    /^.*line 1: brackets within brackets, more than 1000 deep at 'a'/,
  ],
  [
    'a record that is too long',
    `[${row(0)},"${'x'.repeat(200_000)}"]`,
    /more than 0.002 MB in one record after \[0\]: leave out of it what is no usage/,
  ],
  [
    'a list of records at an unknown place',
    `{"Records":\n[${Array.from({ length: 2_000 }, (_, at) => log(at)).join(',')}]}`,
    /more than 0.002 MB in one record at 'Records': no known format .* there: make JSON lines .*: jq -c '\.\["Records"\]\[\]'$/,
  ],
  [
    'a count beyond what a number holds',
    `[${row(0)},${row(1).replace('"inputTokens":1', '"inputTokens":9007199254740992')}]`,
    / {2}\[1\]: inputTokens must be a whole number of tokens, 0 or more, up to 9,007,199,254,740,991/,
  ],
  [
    'a count beyond all numbers',
    `[${row(0)},${row(1).replace('"inputTokens":1', '"inputTokens":1e999')}]`,
    / {2}\[1\]: inputTokens must be a whole number/,
  ],
])('%s: one clear line, with its place', async (_, text, expected) => {
  const file = saved(text);
  const error: unknown = await read(file, IN_PARTS).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof Error)) throw new Error('it was read');
  expect(error.name).toBe('UsageError');
  expect(error.message.replace(file, 'f')).toMatch(expected);
});

test.each([
  ['just below', -1, true],
  ['at', 0, true],
  ['just above', 1, false],
])('a record %s the limit', async (_, more, isRead) => {
  const one = row(0);
  const long = one.replace(
    '"note":"',
    `"note":"${'ö'.repeat(10)}${'x'.repeat(IN_PARTS.record - one.length - 20 + more)}`,
  );
  expect(Buffer.byteLength(long)).toBe(IN_PARTS.record + more);
  const reading = read(saved(`[${long}]`), IN_PARTS).then(
    ({ rows }) => rows,
    () => 'refused',
  );
  expect(await reading).toBe(isRead ? 1 : 'refused');
});

test('a mark of UTF-8 first, and keys of a record that come twice, are as JSON has them', async () => {
  const text = `\uFEFF[${row(0).replace('"inputTokens":1', '"inputTokens":"x","inputTokens":1')}]`;
  for (const limits of [IN_PARTS, JSON_LIMITS]) expect((await read(saved(text), limits)).rows).toBe(1);
});

test('brackets within brackets that are held are one clear line too', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  await expect(read(saved(deep))).rejects.toThrow(/\[0\]: must be an object/);
  const model = row(0).replace(`"${PRO}"`, deep);
  const count = row(0).replace('"inputTokens":1', `"inputTokens":${deep}`);
  await expect(read(saved(`[${count}]`))).rejects.toThrow(/\[0\]: inputTokens must be a whole number/);
  expect((await read(saved(`[${model}]`))).rows).toBe(1);
  await expect(read(saved(`[${row(0).replace(`"${minute(0)}"`, deep)}]`))).rejects.toThrow(/\[0\]: .*too many others/);
});
