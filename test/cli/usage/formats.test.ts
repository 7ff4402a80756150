import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { CliWorld } from '../world';

const folder = path.resolve(__dirname, '../../fixtures/usage');
const scratch = mkdtempSync(path.join(tmpdir(), 'usage-formats-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const fixture = (name: string) => path.join(folder, name);

async function read(file: string, ...args: string[]) {
  const { exitCode, json } = await new CliWorld().run('simulate', '--usage', file, '--env', 'dev', '--json', ...args);
  expect(exitCode).toBe(0);
  const { reading, environments } = json();
  return { reading, dev: environments[0] };
}

/** Nano-dollars of whole ten-thousandths of a dollar. */
const dollars = (amount: number) => Math.round(amount * 10_000) * 100_000;

/** A shipped price: Nova Pro $0.80 in, $3.20 out, $0.20 from the cache; Nova Lite $0.06, $0.24, $0.015; a million tokens each. */
const CASES: readonly {
  readonly file: string;
  readonly args?: readonly string[];
  readonly format: RegExp;
  /** By hand. */
  readonly spent: Readonly<Record<string, number>>;
  readonly notGuarded?: Readonly<Record<string, number | undefined>>;
  readonly reading: object;
}[] = [
  {
    file: 'invocation-logs.jsonl',
    format: /invocation logs/,
    // 1 x 0.80 + 0.5 x 0.20 + 0.1 x 3.20; 2 x 0.06 + 0.5 x 0.24
    spent: { 'amazon.nova-pro-v1:0': 1.22, 'us.amazon.nova-lite-v1:0': 0.24 },
    // 1 x 1.10, writes of 0.4 x 1.375 for five minutes and 0.6 x 2.20 for an hour
    notGuarded: { 'us.anthropic.claude-haiku-4-5-20251001-v1:0': 2.97 },
    reading: {
      rows: 3,
      calls: 3,
      sums: [],
      leftOut: [{ why: 'calls that failed', rows: 1 }],
      first: '2026-11-02T10:04:10.000Z',
    },
  },
  {
    file: 'get-metric-data.json',
    args: ['--period', '1h', '--profiles', fixture('profiles.json')],
    format: /GetMetricData/,
    // 6 x 0.80; 1 x 0.24
    spent: { 'amazon.nova-pro-v1:0': 4.8, 'us.amazon.nova-lite-v1:0': 0.24 },
    reading: { rows: 4, calls: 0, sums: [{ minutes: 60, rows: 4 }], last: '2026-11-02T13:00:00.000Z' },
  },
  {
    file: 'get-metric-statistics.json',
    args: ['--period', '3600', '--model', 'amazon.nova-pro-v1:0'],
    format: /GetMetricStatistics/,
    // 15 x 0.20
    spent: { 'amazon.nova-pro-v1:0': 3 },
    reading: { rows: 2, sums: [{ minutes: 60, rows: 2 }] },
  },
  {
    file: 'cur.csv',
    format: /Cost and Usage Report/,
    // 1.5005 x 0.80 + 0.1 x 3.20; 2 x 0.015
    spent: { 'amazon.nova-pro-v1:0': 1.5204, 'amazon.nova-lite-v1:0': 0.03 },
    // At the price of global., which is not that of us. ($1.10)
    notGuarded: { 'global.anthropic.claude-haiku-4-5-20251001-v1:0': 1 },
    reading: {
      rows: 4,
      sums: [{ minutes: 60, rows: 4 }],
      leftOut: [
        { why: 'lines that are not tokens of a model', rows: 1 },
        { why: 'lines that are no usage (Tax)', rows: 1 },
      ],
    },
  },
  {
    file: 'focus.csv',
    format: /FOCUS/,
    // 1 x 0.80; 0.5 x 0.24
    spent: { 'amazon.nova-pro-v1:0': 0.8, 'amazon.nova-lite-v1:0+flex': 0.12 },
    reading: {
      rows: 2,
      sums: [{ minutes: 1440, rows: 2 }],
      leftOut: [{ why: 'lines that are no usage (Credit)', rows: 1 }],
    },
  },
  {
    file: 'ccusage-daily.json',
    format: /ccusage/,
    spent: {},
    // 1 x 1.00 + 0.1 x 5.00 + 1 x 0.10 + 0.2 x 2.00
    notGuarded: { 'anthropic.claude-haiku-4-5-20251001-v1:0': 2, 'some-local-model': undefined },
    reading: { rows: 2, calls: 0, sums: [{ minutes: 1440, rows: 2 }] },
  },
  {
    file: 'litellm.json',
    format: /LiteLLM/,
    // (1.5 - 0.5) x 0.80 + 0.5 x 0.20 + 0.1 x 3.20
    spent: { 'amazon.nova-pro-v1:0': 1.22 },
    reading: { rows: 1, calls: 1, leftOut: [{ why: 'calls of other providers than Bedrock', rows: 1 }] },
  },
  {
    file: 'otel-spans.jsonl',
    format: /OpenTelemetry/,
    spent: { 'amazon.nova-pro-v1:0': 1.22 },
    reading: { rows: 1, calls: 1, first: '2026-11-02T10:00:00.000Z' },
  },
  {
    file: 'aliases.csv',
    format: /table/,
    // 1 x 0.80 + 0.1 x 3.20; 2 x 0.06 + 2 x 0.015
    spent: { 'amazon.nova-pro-v1:0': 1.12, 'amazon.nova-lite-v1:0': 0.15 },
    reading: { rows: 2, calls: 2, first: '2026-11-02T10:04:10.000Z', columnsNotRead: ['Team', 'Cost (EUR)'] },
  },
  {
    file: 'epochs.tsv',
    format: /table/,
    spent: { 'amazon.nova-pro-v1:0': 1.12, 'amazon.nova-lite-v1:0': 0.12 },
    reading: { rows: 2, calls: 1, sums: [{ minutes: 60, rows: 1 }], first: '2026-11-02T10:00:00.000Z' },
  },
  {
    file: 'pipes.md',
    format: /table/,
    // 2 x 0.80 + 0.1 x 3.20
    spent: { 'amazon.nova-pro-v1:0': 1.92 },
    reading: { rows: 2, calls: 2, first: '2026-11-02T04:30:00.000Z' },
  },
];

describe.each(CASES)('$file', ({ file, args = [], format, spent, notGuarded = {}, reading: expected }) => {
  const total = (dev: { byModel: readonly { modelId: string; spent: number; denied: number }[] }) =>
    Object.fromEntries(dev.byModel.map((one) => [one.modelId, one.spent + one.denied]));

  test('comes to what was worked out by hand', async () => {
    const { reading, dev } = await read(fixture(file), ...args);
    expect(reading.format).toMatch(format);
    expect(reading).toMatchObject(expected);
    expect(Object.keys(total(dev)).sort()).toEqual(Object.keys(spent).sort());
    // Each step rounds each kind of token up to a whole nano-dollar.
    for (const [model, amount] of Object.entries(spent)) {
      expect(Math.abs((total(dev)[model] ?? 0) - dollars(amount))).toBeLessThan(1_000);
    }
    const costs = Object.fromEntries(
      dev.notGuarded.map((one: { modelId: string; cost?: number }) => [one.modelId, one.cost]),
    );
    expect(costs).toEqual(
      Object.fromEntries(
        Object.entries(notGuarded).map(([model, amount]) => [
          model,
          amount === undefined ? undefined : dollars(amount),
        ]),
      ),
    );
  });

  test('in gzip, under another name, it is the same', async () => {
    const packed = path.join(scratch, `${path.parse(file).name}.bin`);
    writeFileSync(packed, gzipSync(readFileSync(fixture(file))));
    const [plain, other] = [await read(fixture(file), ...args), await read(packed, ...args)];
    expect(other.reading).toEqual({ ...plain.reading, packed: 'gzip' });
    expect(other.dev).toEqual(plain.dev);
  });
});
