import { usd } from '../../../core/money';
import { costCheck, item } from '../../lambda/cost-check/harness';
import { arnOf, billed, callers, day, MONTH, sumOf, usage } from '../../helpers/spenders';
import { CliWorld } from '../world';
import { costsBy, PEOPLE, rowsOf, told } from './costs-told';

const HEADS =
  'environment,row,name,from,to,spent_usd,share_percent,calls,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,note';

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
