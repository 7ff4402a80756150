import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliWorld } from '../world';

const NOVA = 'amazon.nova-pro-v1:0';
const scratch = mkdtempSync(path.join(tmpdir(), 'usage-periods-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let files = 0;
function saved(content: unknown): string {
  const file = path.join(scratch, `usage-${(files += 1)}`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const simulate = (content: unknown, ...args: string[]) =>
  new CliWorld().run('simulate', '--usage', saved(content), '--env', 'dev', ...args);

const HOURS = Array.from({ length: 72 }, (_, hour) => new Date(Date.parse('2026-11-03T00:00:00Z') + hour * 3_600_000));
const result = (timestamps: readonly string[], values: readonly number[], over: object = {}) => ({
  Id: 'm0',
  Label: `${NOVA} InputTokenCount`,
  Timestamps: timestamps,
  Values: values,
  StatusCode: 'Complete',
  ...over,
});
const DAILY = {
  MetricDataResults: [
    result(['2026-11-03T00:00:00Z', '2026-11-04T00:00:00Z', '2026-11-05T00:00:00Z'], [9e6, 9e6, 9e6]),
  ],
};
const HOURLY = {
  MetricDataResults: [
    result(
      HOURS.map((at) => at.toISOString()),
      HOURS.map(() => 375_000),
    ),
  ],
};

describe('how long a sum of CloudWatch stands for', () => {
  test.each([
    ['a day', DAILY, '1d'],
    ['an hour', HOURLY, '1h'],
  ])('the same tokens as sums of %s: nothing fires, and the same is spent', async (_, answer, period) => {
    const { exitCode, stdout } = await simulate(answer, '--period', period);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('nothing fires');
    expect(stdout).toContain('spent $21.60, denied $0.00');
  });

  test.each([
    ['days', DAILY],
    ['hours', HOURLY],
    ['a single point', { MetricDataResults: [result(['2026-11-03T10:00:00Z'], [1])] }],
    ['one metric', { Label: 'InputTokenCount', Datapoints: [{ Timestamp: '2026-11-03T10:00:00Z', Sum: 1 }] }],
  ])('of %s is asked for, and never taken from the distance of the points', async (_, answer) => {
    const { exitCode, stderr } = await simulate(answer, '--model', NOVA);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('give the Period of the request, such as --period 1h');
  });

  test.each([
    [
      'its label',
      {
        MetricDataResults: [result(['2026-11-03T00:00:00Z'], [9e6], { Label: `${NOVA} InputTokenCount period=86400` })],
      },
    ],
    [
      'its query',
      {
        MetricDataQueries: [{ Id: 'm0', MetricStat: { Period: 86_400, Stat: 'Sum' } }],
        MetricDataResults: [result(['2026-11-03T00:00:00Z'], [9e6])],
      },
    ],
    [
      'StartTime and EndTime of one sum',
      {
        StartTime: '2026-11-03T00:00:00Z',
        EndTime: '2026-11-04T00:00:00Z',
        MetricDataResults: [result(['2026-11-03T00:00:00Z'], [9e6])],
      },
    ],
  ])('is told by %s', async (_, answer) => {
    const { exitCode, json } = await simulate(answer, '--json');
    expect(exitCode).toBe(0);
    expect(json().reading.sums).toEqual([{ minutes: 1440, rows: 1 }]);
  });

  test.each([
    [HOURLY, '1d', /sums of 1440 minutes cannot begin at 2026-11-03T00:00:00.000Z and at 2026-11-03T01:00:00.000Z/],
    [DAILY, '30s', /the period must be a minute or more/],
    [DAILY, 'weekly', /--period weekly: not a period/],
    [DAILY, '0', /--period 0: not a period/],
  ])('%#: one that cannot be is refused', async (answer, period, expected) => {
    const { exitCode, stderr } = await simulate(answer, '--period', period);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(expected);
  });

  test('a point of 0 more changes nothing', async () => {
    const [times, values] = [
      ['2026-11-03T10:59:00Z', '2026-11-03T13:10:00Z'],
      [9e6, 10],
    ];
    const sparse = await simulate({ MetricDataResults: [result(times, values)] }, '--period', '1m', '--json');
    const more = await simulate(
      { MetricDataResults: [result([...times, '2026-11-03T11:00:00Z'], [...values, 0])] },
      '--period',
      '1m',
      '--json',
    );
    expect(sparse.json().environments[0].changes).not.toEqual([]);
    expect(more.json().environments).toEqual(sparse.json().environments);
  });
});

describe('partial data', () => {
  const page = (status: string, minute: number, over: object = {}) => ({
    MetricDataResults: [result([`2026-11-03T10:0${minute}:00Z`], [1_000], { StatusCode: status })],
    ...over,
  });

  test('followed by Complete for the id is whole, in one answer and over pages', async () => {
    const [first] = page('PartialData', 0).MetricDataResults;
    const [second] = page('Complete', 1).MetricDataResults;
    for (const content of [
      { MetricDataResults: [first, second] },
      [page('PartialData', 0, { NextToken: 'x' }), page('Complete', 1)],
      `${JSON.stringify(page('PartialData', 0, { NextToken: 'x' }))}\n${JSON.stringify(page('Complete', 1))}\n`,
    ]) {
      const { exitCode, json } = await simulate(content, '--period', '1m', '--json');
      expect(exitCode).toBe(0);
      expect(json().rows).toBe(2);
    }
  });

  test('that no later part completes is refused, and so is one before which the whole came', async () => {
    for (const pages of [
      [page('PartialData', 0), page('PartialData', 1)],
      [page('Complete', 0), page('PartialData', 1)],
    ]) {
      const { exitCode, stderr } = await simulate(pages, '--period', '1m');
      expect(exitCode).toBe(2);
      expect(stderr).toContain('StatusCode is PartialData, not Complete');
    }
  });
});

describe('rows of a table', () => {
  const HEADER = 'time,model,inputTokens,outputTokens';
  const at = (time: string) => `${HEADER}\n${`${time},${NOVA},5000000,0\n`.repeat(3)}`;

  test.each(['2026-10-05T10:00:00Z', '2026-10-05T10:00:01Z', '2026-10-05T15:30:00+05:30'])(
    'without a span are calls at their time, wherever it falls: %s',
    async (time) => {
      const { json } = await simulate(at(time), '--json');
      expect(json().reading).toMatchObject({ calls: 3, sums: [] });
      const there = await simulate(at('2026-10-05T10:00:00Z'), '--json');
      expect(json().environments).toEqual(there.json().environments);
    },
  );

  test.each([
    [`${HEADER},period\n2026-10-05T10:00:00Z,${NOVA},1,1,1h\n2026-10-05T10:00:00Z,${NOVA},1,1,call\n`, 60],
    [`${HEADER},end\n2026-10-05T10:00:00Z,${NOVA},1,1,2026-10-06T10:00:00Z\n2026-10-05T10:00:00Z,${NOVA},1,1,\n`, 1440],
  ])('say by a column what they stand for', async (content, minutes) => {
    const { json } = await simulate(content, '--json');
    expect(json().reading).toMatchObject({ calls: 1, sums: [{ minutes, rows: 1 }] });
  });

  test('a flag says it of all of them, except where a row says it itself', async () => {
    const content = `${HEADER},period\n2026-10-05T10:00:00Z,${NOVA},1,1,\n2026-10-05T10:00:00Z,${NOVA},1,1,0\n`;
    const { json } = await simulate(content, '--period', '5m', '--json');
    expect(json().reading).toMatchObject({ calls: 1, sums: [{ minutes: 5, rows: 1 }] });
  });

  test.each([
    ['5', '2026-10-05T10:00:00Z', /period must be seconds, or such as 5m/, 'weekly'],
    ['end', '2026-10-05T10:00:00Z', /end is before the time/, '2026-10-05T09:00:00Z'],
  ])('%# is refused', async (name, time, expected, value) => {
    const column = name === 'end' ? 'end' : 'period';
    const { exitCode, stderr } = await simulate(`${HEADER},${column}\n${time},${NOVA},1,1,${value}\n`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(expected);
  });

  test('how they were read is said, and what looks like exports that overlap', async () => {
    const row = (day: string) => `${day},${NOVA},1000,0`;
    const { stdout } = await simulate([HEADER, row('2026-11-02'), row('2026-11-03'), row('2026-11-02')].join('\n'));
    expect(stdout).toMatch(/^Read as rows of a table: 3 rows, 3 sums of a day$/m);
    expect(stdout).toMatch(/^ {2}from 2026-11-02T00:00:00.000Z to 2026-11-04T00:00:00.000Z$/m);
    expect(stdout).toMatch(/^ {2}1 row repeats another one exactly: right for calls of the same second, .* overlap$/m);
    expect(stdout).toContain('it does not tell: cache tokens');
  });
});
