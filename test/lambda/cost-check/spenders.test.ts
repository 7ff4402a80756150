import { ServiceError } from '../../../core/errors';
import { formatUsd, parseDecimal, type NanoUsd } from '../../../core/money';
import { callerOf } from '../../../core/spenders/caller';
import type { InvocationRecord } from '../../../simulator/fakes/invocation-log';
import { PROMPT } from '../../fixtures/invocation-records';
import { costCheck } from './harness';
import { answerOf, callersOf, day, GROUP, LIST, LITE, withLog, YESTERDAY } from './logged';

/** By another path: each record for itself, in whole dollars × 10^-15, without the code under test. */
function independently(
  records: readonly InvocationRecord[],
  nameOf: (arn: string) => string,
): Readonly<Record<string, bigint>> {
  const sums: Record<string, bigint> = {};
  for (const { identity, modelId = '', input = {}, output = {} } of records) {
    const found = Object.keys(LIST).find((id) => modelId.endsWith(id)) ?? LITE;
    const counts = [
      input.inputTokenCount ?? 0,
      output.outputTokenCount ?? 0,
      input.cacheReadInputTokenCount ?? 0,
      input.cacheWriteInputTokenCount ?? 0,
    ];
    const cost = LIST[found]!.reduce((sum, price, at) => {
      const { digits, scale } = parseDecimal(price);
      return sum + BigInt(counts[at]!) * digits * 10n ** BigInt(9 - scale);
    }, 0n);
    const name = nameOf(identity?.arn ?? '');
    sums[name] = (sums[name] ?? 0n) + cost;
  }
  return sums;
}

/** Half a cent up. */
function inCents(sums: Readonly<Record<string, bigint>>): Readonly<Record<string, string>> {
  const cents = (sum: bigint) => (sum + 5n * 10n ** 12n) / 10n ** 13n;
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [
      name,
      `$${cents(sum) / 100n}.${String(cents(sum) % 100n).padStart(2, '0')}`,
    ]),
  );
}

test('figures by person to the cent, over four days of records, as each record for itself comes to', async () => {
  const records = ['2026-11-19', '2026-11-20', '2026-11-21', YESTERDAY].flatMap((of) => day(of));
  const check = costCheck(withLog(records));
  await check.scheduled();
  const { spenders } = answerOf(await check.handler({ by: 'spenders', month: '2026-11' }));
  const sums: Record<string, number> = {};
  for (const { arn, amount } of callersOf(spenders).usage) {
    const { person = arn.split('assumed-role/')[1]! } = callerOf(arn);
    sums[person] = (sums[person] ?? 0) + amount!;
  }
  const nameOf = (arn: string) =>
    arn.includes('SSO') || arn.includes(':user/') ? arn.split('/').at(-1)! : arn.split('assumed-role/')[1]!;
  const expected = inCents(independently(records, nameOf));
  expect(Object.keys(expected).sort()).toEqual(['Bob', 'alice', 'bob', 'shared/alice', 'shared/ci']);
  expect(Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, formatUsd(sum as NanoUsd)]))).toEqual(
    expected,
  );
  expect(callersOf(spenders).unknown).toEqual([]);
  expect(callersOf(spenders).usage.reduce((all, { calls }) => all + calls, 0)).toBe(2_000);
});

test('the daily report has the top of the month so far, and what a person spent is one line', async () => {
  const check = costCheck(withLog(day(YESTERDAY)));
  const { spenders } = await check.onDemand();
  if (spenders?.kind !== 'known') throw new Error(JSON.stringify(spenders));
  expect(spenders.value.top.map(({ name, isPerson }) => [name, isPerson])).toEqual(
    expect.arrayContaining([
      ['alice', true],
      ['bob', true],
      ['Bob', true],
      ['shared/alice', false],
      ['shared/ci', false],
    ]),
  );
  expect(spenders.value.source).toBe('invocationLogs');
  expect(spenders.value.unknown).toEqual([
    '2026-11-01 and 17 more to 2026-11-18: it was not read: only the last whole day is, and up to three before it',
    expect.stringMatching(/^2026-11-19 and 2 more to 2026-11-21: nothing was logged/),
  ]);
});

test('nothing of what was said is kept, reported, mailed or logged', async () => {
  const check = costCheck(withLog(day(YESTERDAY)));
  const result = await check.scheduled();
  const asked = await check.handler({ by: 'spenders', month: '2026-11' });
  const all = [result, asked, [...check.spenders.kept], check.mail, check.metrics];
  expect(JSON.stringify(all)).not.toContain(PROMPT);
  expect(JSON.stringify(all)).toContain('alice');
});

test('what was scanned is in the log and in the answer: it is paid for by the gigabyte', async () => {
  const check = costCheck(withLog(day(YESTERDAY)));
  await check.scheduled();
  const { bytesScanned } = callersOf(answerOf(await check.handler({ by: 'spenders', month: '2026-11' })).spenders);
  expect(bytesScanned).toBeGreaterThan(100_000);
  expect(check.metrics.records.at(-1)!.fields).toMatchObject({ event: 'cost.reported', bytesScanned });
  await check.onDemand();
  expect(check.metrics.records.at(-1)!.fields['bytesScanned']).toBe(0);
});

describe('a day is asked for once', () => {
  const asked = (days: readonly string[]) => days.map((of) => `${GROUP} ${of}`);
  const DAY_MS = 86_400_000;

  test('at first the last whole day and three before it; then the one that has come since', async () => {
    const records = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', YESTERDAY, '2026-11-23'].flatMap((of) =>
      day(of, { calls: 20 }),
    );
    const check = costCheck(withLog(records));
    await check.onDemand();
    expect(check.invocationLog.asked.sort()).toEqual(asked(['2026-11-19', '2026-11-20', '2026-11-21', YESTERDAY]));
    await check.onDemand();
    expect(check.invocationLog.asked).toHaveLength(4);
    check.pass(DAY_MS);
    await check.onDemand();
    expect(check.invocationLog.asked.slice(4)).toEqual(asked(['2026-11-23']));
  });

  test('one that was slow is asked for again the next day, and the others are not', async () => {
    const records = ['2026-11-19', '2026-11-20', '2026-11-21', YESTERDAY, '2026-11-23'].flatMap((of) =>
      day(of, { calls: 20 }),
    );
    const check = costCheck(withLog(records));
    check.invocationLog.failure = (of) => (of === YESTERDAY ? { kind: 'slow', seconds: 12 } : undefined);
    const { spenders } = await check.onDemand();
    expect(JSON.stringify(spenders)).toContain(`${YESTERDAY}: Logs Insights had not answered after 12 seconds`);
    delete check.invocationLog.failure;
    check.pass(DAY_MS);
    await check.onDemand();
    expect(check.invocationLog.asked.slice(4).sort()).toEqual(asked([YESTERDAY, '2026-11-23']));
  });

  test('where nobody can see what was read before, nothing is asked for: it would be paid for each day', async () => {
    const check = costCheck(withLog(day(YESTERDAY)));
    check.spenders.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
    const { spenders } = await check.onDemand();
    expect(spenders).toEqual({ kind: 'unavailable', why: 'ThrottlingException from AWS' });
    expect(check.invocationLog.asked).toEqual([]);
  });

  test('on demand for a month no query is run', async () => {
    const check = costCheck(withLog(day(YESTERDAY)));
    const { spenders } = answerOf(await check.handler({ by: 'spenders', month: '2026-11' }));
    expect(check.invocationLog.asked).toEqual([]);
    expect(callersOf(spenders).days).toEqual([]);
    expect(callersOf(spenders).missing).toHaveLength(22);
  });
});
