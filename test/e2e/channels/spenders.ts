import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { BillLine } from '../../../local/control';
import type { ChannelServer } from '../../helpers/channel-server';
import { LOG_GROUP } from '../support/channels-tiers';
import { spendGuardAt, type Said } from '../support/cli';
import { CALLS, PLANTED, sumsBy, type Caller } from '../support/invocation-records';
import type { LocalGuard } from '../support/local-guard';
import { billOf, MONTH, NOON } from '../support/past-days';

interface Answer {
  readonly environments: readonly [
    { readonly rows: readonly Row[]; readonly total: number; readonly unknown: readonly string[] },
  ];
}

interface Row {
  readonly name: string;
  readonly amount: number;
  readonly kind: string;
}

const MODELS = { 'USE1-NovaPro-output-tokens': 'NovaPro' } as Readonly<Record<string, string>>;

/** What the bill of the month comes to, by what `of` says of a line; in nano-dollars. */
function billed(of: (line: BillLine) => string): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const line of billOf('told'))
    if (line.day.startsWith(MONTH)) sums[of(line)] = (sums[of(line)] ?? 0) + line.usd * 1e9;
  return sums;
}

/** By the command line, from what the daily reports have read of the log before, and from the bill. */
export function whoSpentIt(guard: LocalGuard, server: ChannelServer, config: string): void {
  const answers = new Map<string, Said>();
  const ask = async (by: string, ...more: readonly string[]) =>
    void answers.set(by, await spendGuardAt(guard.aws, NOON, config, 'costs', '--by', by, '--env', 'told', ...more));
  const answerBy = (by: string) => {
    const said = answers.get(by);
    if (!said) throw new Error(`nobody has asked by ${by}`);
    return said;
  };
  const called = (of: keyof Caller) => sumsBy(CALLS, ({ by }) => by[of]);

  describe('the command line', () => {
    beforeAll(async () => {
      // Two at a time, as each is a process that takes a core to begin.
      await Promise.all([ask('person'), ask('role', '--json')]);
      await Promise.all([ask('session', '--json'), ask('tag', '--json')]);
      await Promise.all([ask('model', '--json'), ask('day', '--json')]);
    }, 120_000);

    test('costs --by person: in the table each has what an independent sum says, to the cent, and what nobody counted is named', () => {
      const { exitCode, stdout } = answerBy('person');
      const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
      const shown = lines.filter(([, amount = '']) => /\$/.test(amount)).map(([name, amount]) => [name, amount]);
      const sums = Object.entries(called('person')).toSorted(([, a], [, b]) => b - a);
      const total = sums.reduce((sum, [, nano]) => sum + nano, 0);
      expect(shown).toEqual([
        ...sums.map(([name, nano]) => [name, `${name === 'role app' ? 'at least ' : ''}$${(nano / 1e9).toFixed(2)}`]),
        ['(total)', `at least $${(total / 1e9).toFixed(2)}`],
      ]);
      expect(stdout).toMatch(/role app .*at least: 1 of 5 calls/);
      expect(stdout).toContain('  unknown: 1 call without token counts');
      expect(exitCode).toBe(4);
    });

    test.each([
      ['role', () => called('role'), 4],
      ['session', () => called('session'), 4],
      ['tag', () => billed(({ principalTag = '' }) => principalTag), 0],
      ['model', () => billed(({ usageType }) => MODELS[usageType] ?? 'NovaLite'), 0],
      ['day', () => billed(({ day }) => day), 0],
    ] as const)('costs --by %s: rows and total equal an independent sum', (by, sums, exit) => {
      const { exitCode, stdout } = answerBy(by);
      const [{ rows, total, unknown }] = (JSON.parse(stdout) as Answer).environments;
      expect(Object.fromEntries(rows.map(({ name, amount }) => [name, amount]))).toEqual(sums());
      expect(total).toBe(Object.values(sums()).reduce((sum, nano) => sum + nano, 0));
      expect(unknown).toHaveLength(exit === 4 ? 1 : 0);
      expect(exitCode).toBe(exit);
    });
  });

  test('what people asked and were answered is in the log group alone: not printed, mailed, told, logged or kept', async () => {
    const logs = guard.aws.client(CloudWatchLogsClient);
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
    const logged = await Promise.all(
      logGroups.map(async ({ logGroupName = '' }) => {
        const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }));
        return { logGroupName, text: events.map(({ message }) => message).join('\n') };
      }),
    );
    const { Items } = await guard.aws
      .client(DynamoDBClient)
      .send(new ScanCommand({ TableName: guard.of('told').stateTable }));
    const holds = (text: string) => PLANTED.some((words) => text.includes(words));
    expect(logged.filter(({ text }) => holds(text)).map(({ logGroupName }) => logGroupName)).toEqual([LOG_GROUP]);
    expect(logged.map(({ text }) => text).join()).toContain('cost.reported');
    const said = {
      printed: [...answers.values()].map(({ output }) => output).join('\n'),
      mails: JSON.stringify(await guard.aws.control.mails()),
      chats: JSON.stringify(await guard.aws.control.chats()),
      posts: JSON.stringify([server.posts, server.requests]),
      kept: JSON.stringify(Items),
    };
    expect(Object.entries(said).filter(([, text]) => holds(text))).toEqual([]);
    for (const where of ['printed', 'mails', 'kept'] as const) expect(said[where]).toContain('ana@example.com');
    // Nor does a function's log name anybody.
    expect(logged.filter(({ text }) => text.includes('ana@example.com')).map((one) => one.logGroupName)).toEqual([
      LOG_GROUP,
    ]);
  });
}
