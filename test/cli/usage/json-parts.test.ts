import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { JSON_LIMITS } from '../../../cli/usage/json';
import { JsonStream } from '../../../cli/usage/json-stream';
import { ModelNames } from '../../../cli/usage/model-names';
import { readUsage } from '../../../cli/usage/read';
import { contentOf } from '../../../cli/usage/records';
import { Times } from '../../../cli/usage/times';
import { HOUR_MS } from '../../../core/calendar';

const PRO = 'amazon.nova-pro-v1:0';
const fixtures = path.resolve(__dirname, '../../fixtures/usage');
const scratch = mkdtempSync(path.join(tmpdir(), 'usage-json-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Nothing is short enough to be held. */
const IN_PARTS = { ...JSON_LIMITS, whole: 0 };
const LISTS = [
  ['daily', '[]'],
  ['projects', '{}', '[]'],
  ['resourceSpans', '[]', 'scopeSpans', '[]', 'spans', '[]'],
];

let files = 0;
async function read(content: string | Buffer, limits = JSON_LIMITS, period: { ms?: number } = { ms: HOUR_MS }) {
  const file = path.join(scratch, `usage-${(files += 1)}`);
  writeFileSync(file, content);
  const { table, reading } = await readUsage(file, {
    said: { times: new Times(undefined), model: PRO, periodMs: period.ms },
    names: new ModelNames(),
    progress: () => undefined,
    limits,
  });
  return { rows: [...table], reading };
}

describe('read in parts, a file is the same as read whole', () => {
  const point = (hour: number, Sum: number) => ({ Timestamp: `2026-11-02T${hour}:00:00Z`, Sum });
  const statistics = { Label: 'InputTokenCount', Datapoints: [point(11, 1), point(10, 2), point(12, 3)] };
  const single = { StartTime: '2026-11-02T10:00:00Z', EndTime: '2026-11-02T12:00:00Z' };
  const metric = (Timestamps: readonly string[]) => ({
    Id: 'm0',
    Label: `${PRO} InputTokenCount`,
    Timestamps,
    Values: Timestamps.map(() => 7),
  });
  const entry = (date: string) => ({ date, modelsUsed: [PRO], inputTokens: 7 });
  const fixture = (name: string): unknown => JSON.parse(readFileSync(path.join(fixtures, name), 'utf8'));
  const lines = (name: string) => readFileSync(path.join(fixtures, name), 'utf8').trim().split('\n');

  test.each<readonly [string, unknown, ...'no period'[]]>([
    ['get-metric-data.json', fixture('get-metric-data.json')],
    ['get-metric-statistics.json', fixture('get-metric-statistics.json')],
    ['ccusage-daily.json', fixture('ccusage-daily.json')],
    ['litellm.json', fixture('litellm.json')],
    ['spans of one document', JSON.parse(lines('otel-spans.jsonl')[0] ?? '')],
    ['logs as an array', lines('invocation-logs.jsonl').map((line) => JSON.parse(line))],
    ['statistics that say their period', { Period: 3600, ...statistics }, 'no period'],
    ['a single point that says its length last', { ...statistics, Datapoints: [point(10, 5)], ...single }, 'no period'],
    [
      'a result that says its length',
      { ...single, MetricDataResults: [metric(['2026-11-02T10:00:00Z'])] },
      'no period',
    ],
    ['its totals first', { totals: {}, daily: [entry('2026-11-02'), entry('2026-11-03')] }],
    ['projects', { projects: { a: [entry('2026-11-02')], 'b c': [entry('2026-11-02')] }, totals: {} }],
    [
      'an answer in two pages',
      [{ MetricDataResults: [metric(['2026-11-02T10:00:00Z'])], NextToken: 'x' }, { MetricDataResults: [] }],
    ],
  ])('%s', async (...[, document, said]) => {
    const period = said === 'no period' ? {} : { ms: HOUR_MS };
    for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
      expect(await read(text, IN_PARTS, period)).toEqual(await read(text, JSON_LIMITS, period));
    }
  });

  test.each<[string, unknown, RegExp, RegExp]>([
    [
      'a result without a metric',
      { MetricDataResults: [metric([]), { Id: 'x', Label: 'Latency' }] },
      /the document: MetricDataResults\[1\]: label "Latency" names no token metric/,
      / {2}MetricDataResults\[1\]: label "Latency" names no token metric/,
    ],
    [
      'a time that cannot be',
      { MetricDataResults: [metric(['2026-11-02T10:00:00Z', '2026-02-30T10:00:00Z'])] },
      /the document: MetricDataResults\[0\]: Timestamps\[1\] there is no 2026-02-30/,
      / {2}MetricDataResults\[0\]: Timestamps\[1\] there is no 2026-02-30/,
    ],
    [
      'a sum beyond what a number holds',
      { Label: 'InputTokenCount', Datapoints: [point(10, 1), point(11, 2 ** 53)] },
      /the document: Datapoints\[1\] must be a whole number, 0 or more, got 9007199254740992/,
      / {2}Datapoints\[1\]: must be a whole number, 0 or more, got 9007199254740992/,
    ],
    [
      'sums of another period',
      { Label: 'InputTokenCount', Datapoints: [point(10, 1), { ...point(11, 1), Timestamp: '2026-11-02T11:30:00Z' }] },
      /sums of 60 minutes cannot begin at 2026-11-02T10:00:00.000Z and at 2026-11-02T11:30:00.000Z/,
      /Datapoints\[1\]: InputTokenCount: sums of 60 minutes cannot begin at 2026-11-02T10:00:00.000Z and at 2026-11-02T11:30/,
    ],
    [
      'further pages',
      { MetricDataResults: [metric(['2026-11-02T10:00:00Z'])], NextToken: 'x' },
      /the file: NextToken: the answer has further pages/,
      /the file: NextToken: the answer has further pages/,
    ],
    [
      'an entry that is not told apart',
      { daily: [entry('2026-11-02'), { date: '2026-11-03' }], totals: {} },
      /the document: "2026-11-03": the tokens are not told apart by model/,
      / {2}daily\[1\]: "2026-11-03": the tokens are not told apart by model/,
    ],
    [
      'an entry of a project',
      { projects: { app: [{ date: '2026-11-03' }] }, totals: {} },
      /the document: "2026-11-03": the tokens/,
      / {2}projects\.app\[0\]: "2026-11-03": the tokens/,
    ],
    [
      'spans of nothing',
      { resourceSpans: [{ scopeSpans: [{ spans: [{}, {}] }, {}] }] },
      /no row: 1 left out: spans that are no calls of Bedrock/,
      /no row: 1 left out: spans that are no calls of Bedrock/,
    ],
    [
      'a report of another tool',
      { daily: [entry('2026-11-02')] },
      /no known format has the names daily/,
      /names daily/,
    ],
    ['a list of other things', { Records: [{ a: 1 }] }, /has the names Records/, /has the names Records/],
    [
      'no objects',
      [{ modelId: PRO, timestamp: 1, operation: 'x' }, 7],
      /\[1\]: must be an object/,
      /\[1\]: must be an/,
    ],
  ])('%s: the mistake is named, with its place', async (_, document, whole, inParts) => {
    const text = JSON.stringify(document, null, 1);
    await expect(read(text)).rejects.toThrow(whole);
    await expect(read(text, IN_PARTS)).rejects.toThrow(inParts);
  });

  test('what names an answer must come before its points where they are not held', async () => {
    const text = JSON.stringify({ Datapoints: statistics.Datapoints, Label: statistics.Label });
    expect((await read(text)).reading.rows).toBe(3);
    await expect(read(text, IN_PARTS)).rejects.toThrow(/: 1 wrong\n.*in an answer this long Label must come before/);
  });

  test('what is wrong with all of an answer is said once', async () => {
    const answer = { Label: 'InputTokenCount', Datapoints: Array.from({ length: 2_000 }, () => point(10, 1)) };
    const asked =
      /: 1 wrong\n {2}line 1: Datapoints\[1\]: InputTokenCount: how long each sum stands for is not in the answer/;
    await expect(read(JSON.stringify(answer), IN_PARTS, {})).rejects.toThrow(asked);
  });
});

async function* pieces(text: string, cuts: readonly number[]): AsyncGenerator<string> {
  const bytes = Buffer.from(text);
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const decoder = new TextDecoder();
  for (let index = 1; index < at.length; index++) {
    yield decoder.decode(bytes.subarray(at[index - 1], at[index]), { stream: true });
  }
}

async function recordsOf(text: string, cuts: readonly number[], limits: typeof JSON_LIMITS) {
  const content = await contentOf('f', pieces(text, cuts), { limits, lists: () => [] });
  if (content.kind !== 'json') throw new Error('no JSON');
  const records: unknown[] = [];
  for await (const batch of content.records) for (const { record, place } of batch) records.push([place, record]);
  return { records, isLines: content.isLines() };
}

describe('property: wherever the bytes are cut, characters of several bytes too', () => {
  const json = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }),
    fc.constantFrom('é€😀"\\\u2028', 1e300, -0.5, Number.MAX_SAFE_INTEGER, 2 ** 60, '\ud800', { __proto__x: 1 }),
  );
  const cuts = fc.array(fc.nat(), { maxLength: 12 });
  const object = fc.dictionary(fc.string(), json, { minKeys: 1 });

  test('an array, plain or drawn, has the elements that JSON.parse finds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json), cuts, fc.nat(3), async (all, cut, indent) => {
        const text = JSON.stringify(all, null, indent);
        const { records } = await recordsOf(text, cut, IN_PARTS);
        const expected = (JSON.parse(text) as unknown[]).map((one, at) => [`[${at}]`, one]);
        expect(records).toEqual(expected);
      }),
    );
  });

  test('JSON lines, the lines longer than is held too, are their objects', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(object, { minLength: 1 }), cuts, fc.nat(60), async (all, cut, whole) => {
        const text = all.map((one) => JSON.stringify(one)).join('\r\n');
        const { records, isLines } = await recordsOf(text, cut, { ...JSON_LIMITS, whole });
        expect(isLines).toBe(true);
        expect(records).toEqual(text.split('\n').map((line, at) => [`line ${at + 1}`, JSON.parse(line)]));
      }),
    );
  });

  test('an object over several lines is one document', async () => {
    await fc.assert(
      fc.asyncProperty(object, cuts, fc.nat(60), async (one, cut, whole) => {
        const text = JSON.stringify(one, null, 1);
        const { records, isLines } = await recordsOf(text, cut, { ...JSON_LIMITS, whole });
        expect([records, isLines]).toEqual([[['the document', JSON.parse(text)]], false]);
      }),
    );
  });

  test('the parts of an object, put together, are the object', () => {
    const list = fc.array(json, { maxLength: 5 });
    const spans = fc.array(
      fc.record({ scopeSpans: fc.array(fc.record({ spans: list, scope: json })), resource: json }),
    );
    const document = fc.record({
      a: json,
      daily: list,
      projects: fc.dictionary(fc.string(), list),
      resourceSpans: spans,
    });
    fc.assert(
      fc.property(document, fc.nat(40), (whole, size) => {
        const expected = JSON.parse(JSON.stringify(whole)) as typeof whole;
        const stream = new JsonStream(LISTS, 1e6);
        const found: unknown[] = [];
        const text = JSON.stringify(whole);
        for (let at = 0; at < text.length; at += size + 1) found.push(...stream.write(text.slice(at, at + size + 1)));
        stream.end();
        const values = found
          .map((one) => one as { value: typeof whole; path: string })
          .filter(({ path: at }) => at !== '');
        const parts = (at: string) => values.filter(({ path: one }) => one.startsWith(at)).map(({ value }) => value);
        expect(parts('daily').flatMap(({ daily }) => daily)).toEqual(expected.daily);
        expect(parts('projects').flatMap(({ projects }) => Object.values(projects).flat())).toEqual(
          Object.values(expected.projects).flat(),
        );
        const inSpans = (all: typeof whole.resourceSpans) =>
          all.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans.map((span) => span)));
        expect(parts('resourceSpans').flatMap((one) => inSpans(one.resourceSpans))).toEqual(
          inSpans(expected.resourceSpans),
        );
        expect(new Set(values.map(({ path: at }) => at)).size).toBe(values.length);
      }),
    );
  });
});
