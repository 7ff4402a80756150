import { parse } from 'csv-parse/sync';
import type { BilledSpend, SpendersOfMonth } from '../../../core/spenders/types';
import { ServiceError } from '../../../core/errors';
import { nanoUsd, usd } from '../../../core/money';
import type { Reading } from '../../../core/reading';
import { costCheck, item } from '../../lambda/cost-check/harness';
import { arnOf, billed, callers, day, days, MONTH, sumOf, usage, type Callers } from '../../helpers/spenders';
import { CliWorld } from '../world';

const CONFIG = ['--config', 'test/fixtures/spenders.ts'];
const DEV = ['--env', 'dev', ...CONFIG];
const HEADS =
  'environment,row,name,from,to,spent_usd,share_percent,calls,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,note';

interface Told {
  readonly callers?: Callers | string;
  readonly tagged?: SpendersOfMonth['tagged'];
  readonly bill?: Reading<readonly BilledSpend[]>;
}

/** The cost check of dev answers so; a text is why it cannot. */
function told({ callers: of, tagged, bill = { kind: 'known', value: [] } }: Told): CliWorld {
  const world = new CliWorld();
  const reading: SpendersOfMonth['callers'] =
    of === undefined
      ? undefined
      : typeof of === 'string'
        ? { kind: 'unavailable', why: of }
        : { kind: 'known', value: of };
  const spenders = { month: MONTH, ...(reading && { callers: reading }), ...(tagged && { tagged }) };
  const value = JSON.parse(JSON.stringify({ kind: 'spenders', spenders, bill, requests: 2 })) as unknown;
  world.answerOf.set('cost-check', { kind: 'returned', value });
  return world;
}

const PEOPLE = callers([
  usage(1, arnOf.user('ana'), usd('12.5')),
  usage(9, arnOf.user('ana'), usd('0.004'), { calls: 1_200 }),
  usage(3, arnOf.person('Developers', 'ben@example.com'), usd(5)),
  usage(4, arnOf.session('app', 'worker-1'), usd(2)),
]);

const costsBy = (world: CliWorld, by: string, ...more: string[]) => world.run('costs', ...DEV, '--by', by, ...more);
const rowsOf = (csv: string) => parse(csv, { columns: true }) as Record<string, string>[];

describe('costs --by person', () => {
  test('the table: who, how much, its part, from when to when, and that it is an estimate', async () => {
    const world = told({ callers: PEOPLE });
    const { exitCode, stdout } = await costsBy(world, 'person');
    expect(stdout.split('\n')).toEqual([
      'dev:',
      '  by the invocation log /bedrock/invocations, estimated at list price',
      '  person            spent  share  calls  tokens       first        last',
      '  ana              $12.50  64.1%  1,201     254  2026-11-01  2026-11-09',
      '  ben@example.com   $5.00  25.6%      1     127  2026-11-03  2026-11-03',
      '  role app          $2.00  10.2%      1     127  2026-11-04  2026-11-04  not a person: whoever may use it',
      '  (total)          $19.50',
      '  to come: 2026-11-23 and later, which the next daily reports read',
      '  Logs Insights scanned 0.00 GB for these days, at $0.005 per GB.',
      '',
    ]);
    expect(exitCode).toBe(0);
    expect(world.invoked).toEqual([{ name: 'SpendGuard-dev-Cost', event: { by: 'spenders', month: MONTH } }]);
  });

  test('CSV has every digit, everybody, and adds up', async () => {
    const { exitCode, stdout } = await costsBy(told({ callers: PEOPLE }), 'person', '--csv');
    expect(exitCode).toBe(0);
    expect(stdout.split('\r\n')).toEqual([
      HEADS,
      'dev,named,ana,2026-11-01,2026-11-09,12.504,64.1,1201,200,40,6,8,',
      'dev,named,ben@example.com,2026-11-03,2026-11-03,5.00,25.6,1,100,20,3,4,',
      'dev,shared,role app,2026-11-04,2026-11-04,2.00,10.2,1,100,20,3,4,not a person: whoever may use it',
      `dev,toCome,,,,,,,,,,,"2026-11-23 and later, which the next daily reports read"`,
      'dev,total,(total),,,19.504,,,,,,,',
      '',
    ]);
  });

  test('JSON: in nano-dollars, with whose each is', async () => {
    const { json } = await costsBy(told({ callers: PEOPLE }), 'person', '--json');
    expect(json()).toMatchObject({ command: 'costs', month: MONTH, by: 'person', exitCode: 0 });
    const [{ rows, ...of }] = json().environments as never as [{ rows: readonly object[] }];
    expect(of).toMatchObject({ environment: 'dev', source: 'invocationLogs', total: usd('19.504'), atLeast: false });
    expect(rows[2]).toMatchObject({ kind: 'shared', name: 'role app', amount: usd(2), from: day(4) });
  });

  test.each([
    [4_999_999, '<0.01'],
    [5_000_000, '0.01'],
    [12_345_678_901, '12.35'],
  ])('what was scanned for it is said: %i bytes', async (bytesScanned, shown) => {
    const { stdout } = await costsBy(told({ callers: { ...PEOPLE, bytesScanned } }), 'person');
    expect(stdout).toContain(`  Logs Insights scanned ${shown} GB for these days`);
  });

  test('another month is what is asked for', async () => {
    const world = told({ callers: PEOPLE });
    await costsBy(world, 'person', '--month', '2026-10');
    expect(world.invoked[0]?.event).toEqual({ by: 'spenders', month: '2026-10' });
  });

  test('ten thousand people: twenty and the others as one line; the CSV has all, and adds up', async () => {
    const people = Array.from({ length: 10_000 }, (_, at) =>
      usage(1 + (at % 22), arnOf.user(`person-${at}`), 1_000_000 + at * 977),
    );
    const world = told({ callers: callers(people) });
    const lines = (await costsBy(world, 'person')).stdout.split('\n');
    expect(lines.filter((line) => line.startsWith('  person-'))).toHaveLength(20);
    expect(lines[3]).toMatch(/^ {2}person-9999 /);
    expect(lines.find((line) => line.includes('others'))).toMatch(
      /^ {2}\(9,980 others\) +\$\d[\d.,]+ +99\.\d% +9,980 +1,267,460 +2026-11-01 +2026-11-22$/,
    );
    const rows = rowsOf((await costsBy(world, 'person', '--csv')).stdout);
    const named = rows.filter(({ row }) => row === 'named').map(({ spent_usd }) => usd(spent_usd ?? ''));
    expect(named).toHaveLength(10_000);
    expect(sumOf(named)).toBe(sumOf(people.map(({ amount }) => amount)));
    expect(BigInt(usd(rows.find(({ row }) => row === 'total')?.['spent_usd'] ?? ''))).toBe(sumOf(named));
  });

  test.each([
    [20, 20, 0],
    [21, 20, 1],
  ])('of %i people %i are shown, and %i as others', async (count, shown, others) => {
    const people = Array.from({ length: count }, (_, at) => usage(1, arnOf.user(`p${at}`), at + 1));
    const { stdout } = await costsBy(told({ callers: callers(people) }), 'person');
    expect(stdout.match(/^ {2}p\d/gm)).toHaveLength(shown);
    expect(stdout.includes(`(${others} others)`)).toBe(others > 0);
  });

  test('a person of less than a cent and a thousandth of all is there, and has not spent nothing', async () => {
    const of = callers([usage(1, arnOf.user('ana'), usd(100)), usage(1, arnOf.user('ben'), 1)]);
    expect((await costsBy(told({ callers: of }), 'person')).stdout).toMatch(/ben +<\$0\.01 +<0\.1%/);
  });
});

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

describe('costs --by role, session, tag, model, day', () => {
  test('a role with all its callers, and a row for who has none', async () => {
    const rows = rowsOf((await costsBy(told({ callers: PEOPLE }), 'role', '--csv')).stdout);
    expect(rows.map(({ row, name, spent_usd }) => [row, name, spent_usd])).toEqual([
      ['named', 'Developers (permission set)', '5.00'],
      ['named', 'app', '2.00'],
      ['nameless', '(no role)', '12.504'],
      ['toCome', '', ''],
      ['total', '(total)', '19.504'],
    ]);
  });

  test('a session with its role', async () => {
    const rows = rowsOf((await costsBy(told({ callers: PEOPLE }), 'session', '--csv')).stdout);
    expect(rows.map(({ name }) => name)).toContain('app/worker-1');
    expect(rows.map(({ name }) => name)).toContain('(no session)');
  });

  test('the values of the tag, and what has none', async () => {
    const spend = [
      { day: day(1), value: 'search', amount: usd(3) },
      { day: day(2), value: '', amount: usd(1) },
    ];
    const { exitCode, stdout } = await costsBy(
      told({ tagged: { kind: 'known', value: { tag: 'team', spend } } }),
      'tag',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('  by the bill, by the tag team of IAM principals\n');
    expect(stdout).toMatch(
      /\n {2}search +\$3\.00 +75\.0% +2026-11-01 +2026-11-01\n {2}\(no tag team\) +\$1\.00 +25\.0%/,
    );
    expect(stdout).toMatch(
      /\n {2}\(total\) +at least \$4\.00\n {2}to come: lines of 2026-11-21 and later, as a bill is a day late or more\n$/,
    );
  });

  test('models and days of the bill', async () => {
    const bill = {
      kind: 'known' as const,
      value: [billed(2, usd(5)), billed(1, usd(3), { model: 'Claude Haiku 4.5' })],
    };
    const world = told({ bill });
    expect((await costsBy(world, 'model')).stdout).toMatch(
      /\n {2}NovaLite +\$5\.00 .*\n {2}Claude Haiku 4\.5 +\$3\.00 /,
    );
    expect((await costsBy(world, 'day')).stdout).toMatch(
      /\n {2}day +spent +share\n {2}2026-11-01 +\$3\.00 +37\.5%\n {2}2026-11-02 +\$5\.00 +62\.5%\n/,
    );
  });

  test.each(['tag', 'model', 'day'])('the running month by %s is the least in CSV and JSON too', async (by) => {
    const tagged = {
      kind: 'known',
      value: { tag: 'team', spend: [{ day: day(1), value: 'a', amount: usd(3) }] },
    } as const;
    const of = { tagged, bill: { kind: 'known', value: [billed(1, usd(3))] } } as const;
    const toCome = 'lines of 2026-11-21 and later, as a bill is a day late or more';
    const csv = await costsBy(told(of), by, '--csv');
    expect(csv.exitCode).toBe(0);
    expect(rowsOf(csv.stdout).slice(-2)).toEqual([
      expect.objectContaining({ row: 'toCome', note: toCome }),
      expect.objectContaining({ row: 'total', spent_usd: '3.00', note: 'at least: see the rows of kind toCome' }),
    ]);
    const { json } = await costsBy(told(of), by, '--json');
    expect(json().environments[0]).toMatchObject({ total: usd(3), atLeast: true, toCome });
  });

  test('every day of a month is shown', async () => {
    const value = Array.from({ length: 22 }, (_, at) => billed(at + 1, usd(1)));
    const { stdout } = await costsBy(told({ bill: { kind: 'known', value } }), 'day');
    expect(stdout.match(/^ {2}2026-11-\d\d +\$1\.00/gm)).toHaveLength(22);
  });
});

describe('names that want more than to be read', () => {
  const hostile = (name: string) => callers([usage(1, arnOf.person('Developers', name), usd(1))]);

  test.each([
    ['\u001b[2J\u001b]0;x\u0007', '\\u001b[2J\\u001b]0;x\\u0007'],
    ['\u009b31m', '\\u009b31m'],
    ['x\r\n  (total)   $0.00', 'x\\u000d\\u000a  (total)   $0.00'],
    ['a\u202eb', 'a\\u202eb'],
  ])('a terminal shows them: %j', async (name, shown) => {
    for (const form of [[], ['--csv'], ['--focus']]) {
      const { stdout } = await costsBy(told({ callers: hostile(name) }), 'person', ...form);
      expect(stdout.replaceAll('\r\n', '\n')).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
      if (form.length === 0) expect(stdout).toContain(`  ${shown} `);
    }
  });

  test.each(['\u001b[2J', '\u009b31m', '"\u007f'])(
    'JSON has them as they are, and a terminal does not obey: %j',
    async (name) => {
      const { stdout, json } = await costsBy(told({ callers: hostile(name) }), 'person', '--json');
      expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);
      expect(json().environments[0]).toMatchObject({ rows: [{ name }] });
    },
  );

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"])(
    'a spreadsheet takes none for a formula: %j',
    async (name) => {
      const { stdout } = await costsBy(told({ callers: hostile(name) }), 'person', '--csv');
      expect(rowsOf(stdout)[0]?.['name']).toBe(`'${name}`);
    },
  );

  test.each(['a,b', 'a"b', '<b>x</b>', '"', "'; DROP", '山田太郎', 'o’Neil, "Al"'])(
    'CSV gives them back: %j',
    async (name) => {
      const { stdout } = await costsBy(told({ callers: hostile(name) }), 'person', '--csv');
      expect(rowsOf(stdout)[0]?.['name']).toBe(name);
    },
  );

  test('one of 256 characters leaves the figures in sight, and is told from its like', async () => {
    const long = (end: string) => usage(1, arnOf.user(`${'x'.repeat(250)}${end}`), usd(1));
    const { stdout } = await costsBy(told({ callers: callers([long('-1'), long('-2')]) }), 'person');
    expect(stdout).toMatch(/\n {2}x{30}…x{27}-1 +\$1\.00 /);
    expect(stdout).toMatch(/\n {2}x{30}…x{27}-2 +\$1\.00 /);
  });

  test('nor does what AWS says', async () => {
    const world = told({ callers: 'it is \u001b[31mdown' });
    expect((await costsBy(world, 'person')).stdout).toContain('unknown: it is \\u001b[31mdown');
    world.refusal = new ServiceError('other', 'Strange', 'no \u001b[31mway');
    expect((await costsBy(world, 'person')).stdout).toContain('no \\u001b[31mway');
  });
});

describe('costs --by, where the config names nowhere to look: nothing is asked, and what to add is said', () => {
  test.each([
    ['staging', 'person', '; --by tag has the bill by the tag team'],
    ['staging', 'role', '; --by tag has the bill by the tag team'],
    ['prod', 'session', 'see docs/who-spent.md\n'],
  ])('%s --by %s', async (environment, by, end) => {
    const world = told({});
    const { exitCode, stdout } = await world.run('costs', '--env', environment, ...CONFIG, '--by', by);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("add spenders: { invocationLogs: { logGroup: '…' } } to the environment and deploy it");
    expect(stdout).toContain('is yours to switch on');
    expect(stdout).toContain(end);
    expect(world.invoked).toEqual([]);
  });

  test('prod --by tag', async () => {
    const { exitCode, stdout } = await told({}).run('costs', '--env', 'prod', ...CONFIG, '--by', 'tag');
    expect(exitCode).toBe(1);
    expect(stdout).toContain("add spenders: { principalTag: 'team' } to the environment and deploy it, and activate");
  });

  test.each(['person', 'tag'])('what is deployed is older than the config: --by %s says so', async (by) => {
    const { exitCode, stdout } = await costsBy(told({}), by);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('what is deployed does not read yet what the config names under spenders');
  });

  test('or older than the question', async () => {
    const world = new CliWorld();
    world.answerOf.set('cost-check', { kind: 'returned', value: { kind: 'reported', mailed: false, report: {} } });
    const { exitCode, stdout } = await costsBy(world, 'person');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('answers in a form that this version does not know');
  });
});

test.each([
  [['--focus'], '--focus is of --by, and does nothing without it; add --by budget (or person, role'],
  [['--billing-account', '111122223333'], '--billing-account 111122223333 is of --by'],
  [['--by', 'people'], '--by people: allowed: person, role, session, tag, model, day, budget'],
  [['--by', ''], '--by : allowed: person'],
  [['--by', 'person', '--mail'], '--mail sends the report, and --by person makes none'],
  [['--by', 'person', '--csv', '--focus'], '--csv and --focus are two forms of one answer; leave all but one out'],
  [['--by', 'person', '--focus', '--json'], '--focus and --json are two forms of one answer'],
  [['--by', 'person', '--csv', '--focus', '--json'], '--csv, --focus and --json are three forms of one answer'],
  [['--by', 'person', '--billing-account', '111122223333'], '--billing-account 111122223333 is of --focus'],
  [
    ['--by', 'person', '--focus', '--billing-account', '1111'],
    '--billing-account 1111: not an account; allowed: the 12',
  ],
  [['--by', 'person', '--month', '2026-13'], '--month 2026-13: not a month; allowed: YYYY-MM'],
  [['--by', 'person', '--month', '2026-12'], '--month 2026-12: it has not begun'],
])('bad input: %p', async (args, message) => {
  const world = told({ callers: PEOPLE });
  const { exitCode, stderr } = await world.run('costs', ...DEV, ...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`costs: ${message}`);
  expect(world.invoked).toEqual([]);
});

describe('by the real cost check', () => {
  const PRO = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/proproproprop';
  // As the harness deploys it: a dollar for a million tokens in, four for a million out.
  const [INPUT, OUTPUT] = [1_000n, 4_000n];

  /** A call at noon. */
  const record = (of: number, arn: string, input: number, output: number) => ({
    ...{ schemaType: 'ModelInvocationLog', timestamp: `${day(of)}T12:00:00Z`, modelId: PRO, identity: { arn } },
    input: { inputTokenCount: input, inputBodyJson: { prompt: 'the words of a person' } },
    output: { outputTokenCount: output },
  });

  test('figures by person to the cent, from the records, with what was never read', async () => {
    const people = ['ana', 'ben', 'cem', 'dee'];
    const records = Array.from({ length: 400 }, (_, at) => {
      const arn = arnOf.person('Developers', people[at % 4] ?? '');
      return record(19 + (at % 4), arn, 1_000 + at * 37, 500 + at * 11);
    });
    const log = '/bedrock/invocations';
    const check = costCheck({
      ...{ now: '2026-11-23T08:00:00Z', logs: { [log]: records }, items: [item('2026-11-20', '1.25')] },
      variables: { SPENDERS_LOG_GROUP: log },
    });
    await check.scheduled();
    const value: unknown = JSON.parse(JSON.stringify(await check.handler({ by: 'spenders', month: MONTH })));
    const world = new CliWorld();
    world.answerOf.set('cost-check', { kind: 'returned', value });

    const { exitCode, stdout } = await costsBy(world, 'person', '--csv');
    const rows = rowsOf(stdout);
    for (const person of people) {
      const own = records.filter(({ identity }) => identity.arn.endsWith(`/${person}`));
      const expected = own.reduce(
        (sum, { input, output }) =>
          sum + BigInt(input.inputTokenCount) * INPUT + BigInt(output.outputTokenCount) * OUTPUT,
        0n,
      );
      expect(BigInt(usd(rows.find(({ name }) => name === person)?.['spent_usd'] ?? '0'))).toBe(expected);
    }
    expect(exitCode).toBe(4);
    expect(rows.filter(({ row }) => row === 'unknown').map(({ note }) => note)).toEqual([
      expect.stringMatching(/^unknown: 2026-11-01 to 2026-11-18: it was not read/),
    ]);
    expect(stdout).not.toContain('the words of a person');
    expect((await costsBy(world, 'model')).stdout).toMatch(/NovaLite +\$1\.25/);
  });
});
