import { MINUTE_MS, type UtcMonth } from '../../../core/calendar';
import { GuardError, ServiceError } from '../../../core/errors';
import type { SeriesId } from '../../../core/meter/types';
import { FakeMeterState } from '../../../simulator/fakes/meter-state';
import { at } from '../../helpers/meter-world';
import { costCheck, item, type World } from './harness';

const NOW = '2026-11-23T11:00:00Z';
const ITEMS = [item('2026-11-14', '20'), item('2026-11-10', '5')];
const FOREIGN = 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/foreign12345';

function inputOf(modelId: string, region = 'us-east-1'): SeriesId {
  return { namespace: 'AWS/Bedrock', region, metric: 'InputTokenCount', dimensions: { ModelId: modelId } };
}

type Check = ReturnType<typeof costCheck>;
type Port = keyof Omit<Check['deps'], 'now' | 'mail'>;

/** A check that has all to read that a port could be asked for. */
function whole(world: Partial<World> = {}): Check {
  const check = costCheck({ now: NOW, items: ITEMS, ...world });
  // Writing the factor and reading it are ports of their own, though one fake is both.
  Object.assign(check.deps, { calibration: new FakeMeterState() });
  const series = [inputOf('litelitelite'), inputOf('foreign12345')];
  check.usage.record(series[0]!, at('2026-11-14T12:00'), 17_000_000);
  check.profiles.add({ arn: FOREIGN, id: 'foreign12345', modelIds: ['amazon.nova-lite-v1:0'] }, 'staging');
  for (const month of ['2026-10', '2026-11'] as UtcMonth[])
    void check.meter.saveSeries({ month, series, profiles: {} });
  return check;
}

function breakPort(check: Check, port: Port, method: string, error: unknown): void {
  const target = check.deps[port] as unknown as Record<string, unknown>;
  if (typeof target[method] !== 'function') throw new Error(`${port} has no ${method}`);
  const fail = () => {
    throw error;
  };
  target[method] = port === 'metrics' ? fail : async () => fail();
}

/** What each port's answer is needed for, and so what the mail must say of it. */
const PORTS: readonly (readonly [Port, string, RegExp])[] = [
  ['costExplorer', 'costs', /What was spent is UNKNOWN: WHY/],
  ['tags', 'tagStatus', /budget by tag: unknown - .*WHY/],
  ['budgets', 'budget', /budget by tag: unknown - WHY/],
  ['budgets', 'action', /budgets action: unknown - WHY/],
  ['usage', 'hourly', /Not compared: .*\(the meter: us-east-1: WHY/],
  ['profiles', 'list', /Not compared: .*\(the meter: us-east-1: WHY/],
  ['profiles', 'environmentOf', /Not compared: .*\(the meter: us-east-1: WHY/],
  ['meter', 'series', /Not compared: .*\(the meter: WHY/],
  ['meter', 'latest', /What it counts is unknown: WHY/],
  ['meter', 'order', /order in force: unknown - WHY/],
  ['calibration', 'keepCalibration', /How it is calibrated is unknown: .*WHY/],
  ['callers', 'sharedBudget', /in-path plugin: unknown - WHY/],
  ['state', 'claim', /daily report: unknown - whether it was sent before: WHY/],
];

/** As a service refuses, as a page is given for ever, as an amount is no number, and as a defect of ours. */
const ERRORS: readonly (readonly [string, unknown, string])[] = [
  ['a refusal', new ServiceError('accessDenied', 'AccessDenied', 'not authorized', 403), 'AccessDenied from AWS'],
  [
    'a page token that repeats',
    new GuardError('PAGE_TOKEN_REPEATED', "the service gave the page token 'a' twice; ask again later"),
    "the service gave the page token 'a' twice",
  ],
  ['an amount that is no number', new RangeError("not a decimal amount: 'NaN'"), "not a decimal amount: 'NaN'"],
  ['a defect', new TypeError('undefined is not a function'), 'TypeError'],
  ['what is no error', 'gone', 'gone'],
];

/** As Lambda runs it: a failed run again after a minute, and after two. */
async function throughAttempts(check: Check): Promise<void> {
  for (const pause of [1, 2]) {
    try {
      await check.scheduled(NOW);
      return;
    } catch {
      check.pass(pause * MINUTE_MS);
    }
  }
  expect(await check.scheduled(NOW)).toMatchObject({ kind: 'reported', mailed: true });
}

/** The line of the mail, with the reason in it. */
function told(line: RegExp, why: string): RegExp {
  return new RegExp(line.source.replace('WHY', why.replaceAll(/[()']/g, '.')));
}

describe.each(ERRORS)(
  'one port answers with %s: the report goes out and says what is unknown, and why',
  (_what, error, why) => {
    test.each(PORTS)('%s.%s', async (port, method, line) => {
      const check = whole();
      breakPort(check, port, method, error);
      await throughAttempts(check);
      expect(check.mail.sent).toHaveLength(1);
      expect(check.mail.sent[0]!.body).toMatch(told(line, why));
      // Its own line alone: the others stand.
      if (port !== 'costExplorer') expect(check.mail.sent[0]!.body).toMatch(/Spent in 2026-11\s+\$25\.00/);
    });

    test('all of them at once', async () => {
      const check = whole();
      for (const [port, method] of PORTS) breakPort(check, port, method, error);
      breakPort(check, 'meter', 'calibration', error);
      breakPort(check, 'state', 'markSent', error);
      breakPort(check, 'metrics', 'record', error);
      await throughAttempts(check);
      expect(check.mail.sent).toHaveLength(1);
      const { subject, body } = check.mail.sent[0]!;
      expect(subject).toContain('bill unknown');
      expect(body).toContain('What was spent is UNKNOWN');
      for (const line of ['budget by tag', 'budgets action', 'meter', 'in-path plugin']) {
        expect(body).toContain(`${line}: unknown - `);
      }
      expect(body).toMatch(told(/How it is calibrated is unknown: WHY/, why));
      // A figure for what is unknown, or a line that is relied on.
      expect(body.replace('This is not $0.', '')).not.toMatch(/\$0|: armed|Spent in/);
    });
  },
);

describe('what comes after the mail costs no second one', () => {
  test.each([
    ['state', 'markSent'],
    ['metrics', 'record'],
  ] as const)('%s.%s', async (port, method) => {
    const check = whole();
    breakPort(check, port, method, new TypeError('gone'));
    expect(await check.scheduled()).toMatchObject({ kind: 'reported', mailed: true });
    expect(check.mail.sent).toHaveLength(1);
  });
});

describe('without its claims', () => {
  test('an early attempt waits for the next, as the table may be back; the last one reports', async () => {
    const check = whole();
    breakPort(check, 'state', 'claim', new ServiceError('throttled', 'ThrottlingException', 'slow down'));
    for (const pause of [1, 2]) {
      await expect(check.scheduled(NOW)).rejects.toMatchObject({ code: 'CLAIM_UNAVAILABLE' });
      check.pass(pause * MINUTE_MS);
    }
    await check.scheduled(NOW);
    expect(check.mail.sent).toHaveLength(1);
  });

  test('a table that is back by the next attempt: one report', async () => {
    const check = whole();
    breakPort(check, 'state', 'claim', new ServiceError('throttled', 'ThrottlingException', 'slow down'));
    await expect(check.scheduled(NOW)).rejects.toThrow();
    delete (check.state as { claim?: unknown }).claim;
    check.pass(MINUTE_MS);
    await check.scheduled(NOW);
    await check.scheduled(NOW);
    expect(check.mail.sent).toHaveLength(1);
    expect(check.mail.sent[0]!.body).not.toContain('sent before');
  });
});

test('a mail that cannot be sent is a failed run: Lambda tries again', async () => {
  const check = whole();
  const send = check.mail.send.bind(check.mail);
  check.deps.mail.send = async () => {
    throw new ServiceError('unavailable', 'InternalError', 'down');
  };
  await expect(check.scheduled()).rejects.toThrow('InternalError');
  check.deps.mail.send = send;
  check.pass(MINUTE_MS);
  expect(await check.scheduled(NOW)).toMatchObject({ kind: 'reported', mailed: true });
});

describe('one Region away', () => {
  test('the days that it is part of are not compared, and it is named; all else is there', async () => {
    const check = whole({ variables: { METER_REGIONS: '["us-east-1","eu-west-1"]' } });
    check.usage.failures.set('eu-west-1', 'down');
    await check.meter.saveSeries({
      month: '2026-11' as UtcMonth,
      series: [inputOf('litelitelite'), inputOf('litelitelite', 'eu-west-1')],
      profiles: {},
    });
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toMatch(/Not compared: .*\(the meter: eu-west-1: InternalServiceFault from AWS\)/);
    expect(check.mail.sent[0]!.body).toMatch(/Spent in 2026-11\s+\$25\.00/);
  });
});

test('a bill beyond what money can hold is unknown, not wrong', async () => {
  const check = whole({ items: [item('2026-11-10', '9100000')] });
  await check.scheduled();
  expect(check.mail.sent[0]!.body).toMatch(/What was spent is UNKNOWN: beyond \$9 million/);
});

test.each([
  ['no number', [{ at: at('2026-11-14T12:00'), value: Number.NaN }]],
  ['less than nothing', [{ at: at('2026-11-14T12:00'), value: -1 }]],
])('CloudWatch gives a point that is %s: its day is not compared', async (_what, points) => {
  const check = whole();
  check.usage.hourly = async (_region, series) => ({ kind: 'complete', series: series.map((id) => ({ id, points })) });
  await check.scheduled();
  expect(check.mail.sent[0]!.body).toMatch(/Not compared: 7 days from 2026-11-14 \(the meter: .*litelitelite/);
});

test('a time zone that this Node does not know yet costs the local time, not the report', async () => {
  const check = whole({ variables: { REPORT_TIME_ZONE: 'Mars/Olympus' } });
  await check.scheduled();
  expect(check.mail.sent[0]!.body).toContain('As of 2026-11-23 11:00 UTC');
  await check.scheduled();
  expect(check.mail.sent).toHaveLength(1);
});
