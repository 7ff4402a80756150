import { alertMail } from '../../../core/decision/alert-mail';
import { decide } from '../../../core/decision/decide';
import type { CacheBurn } from '../../../core/meter/cache-types';
import { assess } from '../../../core/meter/assess';
import { usd, type NanoUsd } from '../../../core/money';
import { CLAUDE, every, hours, priced } from '../meter/caches';
import { at, input, known, LIMIT, NOON, quiet, reading } from '../../helpers/meter-world';
import { kindsOf } from './decisions';

const BURN: CacheBurn = {
  metricId: 'abc123',
  region: 'us-east-1',
  modelId: 'anthropic.claude',
  tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 26_000_000 },
  readsPerWrite: 0,
  breakEven: 0.25 / 0.9,
  lost: usd(26),
  writesPercent: 96.3,
  likelyCause: 'the start of the prompt differs',
  from: at('2026-11-10T02:00'),
  to: at('2026-11-10T04:00'),
  lostAtLeast: usd('6.5'),
  spend: usd(54),
  before: 12,
  aboveBefore: usd('45.6'),
};
const seen = (...lately: readonly CacheBurn[]) => ({ ...known(NOON), cache: { burns: [], lately, unknown: [] } });
const told = (previous = quiet(), ...lately: readonly CacheBurn[]) =>
  decide(input({ previous, assessment: seen(...lately) }));

describe('a burn is told', () => {
  test('once a model and month, however often it is read', () => {
    const first = told(quiet(), BURN);
    expect(first.alerts).toEqual([{ kind: 'cacheBurn', key: '2026-11|cacheBurn|us-east-1|abc123', burns: [BURN] }]);
    expect(kindsOf(told(first.next, { ...BURN, lost: usd(90) }))).toEqual([]);
    const other = { ...BURN, region: 'eu-west-1' };
    const second = told(first.next, BURN, other);
    expect(second.alerts).toMatchObject([{ kind: 'cacheBurn', burns: [other] }]);
    expect(second.next.alerted).toEqual(expect.arrayContaining(['2026-11|cacheBurn|eu-west-1|abc123']));
  });

  test('where it matters to the limit: from half a percent on', () => {
    const amounts = [-1, 0, 1].map((more) => ({ ...BURN, lost: (usd(1) + more) as NanoUsd, aboveBefore: usd(0) }));
    expect(amounts.map((burn) => kindsOf(told(quiet(), burn)).length)).toEqual([0, 1, 1]);
    const dear = { limit: usd(1000), previous: quiet(NOON - 3_600_000, { limit: usd(1000) }) };
    const at5 = [-1, 0].map((more) => ({ ...BURN, lost: (usd(5) + more) as NanoUsd, aboveBefore: usd(0) }));
    expect(at5.map((burn) => kindsOf(decide(input({ ...dear, assessment: seen(burn) }))).length)).toEqual([0, 1]);
  });

  test('and stops nothing, whatever it costs; the calibration of the stop does not touch it', () => {
    const without = decide(input({ previous: quiet(), assessment: known(NOON) }));
    const dear = { ...BURN, lost: usd(5_000) };
    for (const calibration of [1, 1.5]) {
      const decision = decide(input({ previous: quiet(), assessment: seen(dear), calibration }));
      expect(decision.desired).toBe(without.desired);
      expect(decision.alerts).toMatchObject([{ burns: [{ lost: usd(5_000) }] }]);
    }
  });
});

describe('the mail', () => {
  const mail = (...burns: readonly CacheBurn[]) =>
    alertMail({ kind: 'cacheBurn', key: 'k', burns }, { environment: 'prod', enforce: true });

  test('says the ratio, what it cost, the pace, the likely cause, and that nothing is stopped', () => {
    const { subject, text } = mail(BURN);
    expect(subject).toBe('[meter] prod prompts are cached and hardly read again: up to $45.60 more in 2 hours');
    expect(text.split('\n').slice(0, 6)).toEqual([
      'anthropic.claude (abc123 in us-east-1), 2026-11-10 02:00 UTC to 2026-11-10 04:00 UTC: 0 tokens read from the cache for each one written, it pays from 0.28 on; earlier this month it had 12.',
      '  Cache writes are 96% of $54.00.',
      '  The cache cost up to $26.00 ($312.00 a day at this pace) more than the same tokens without one.',
      '  By the earlier ratio these tokens would have cost up to $45.60 ($547.20 a day at this pace) less.',
      '  Likely cause: the start of the prompt differs.',
      'Nothing is stopped or denied because of this. The limit and its lines hold as before.',
    ]);
    expect(text).toContain('docs/runbook.md, "spend-meter-cache-burn"');
  });

  test('claims no loss where there is none, and no ratio of before where there was none', () => {
    const { text } = mail({ ...BURN, lost: usd(0), breakEven: 0 });
    expect(text).not.toContain('more than the same tokens');
    expect(text).toContain('a write costs no more than plain input');
    const { before: _, aboveBefore: __, ...steady } = BURN;
    expect(mail(steady).text).not.toMatch(/earlier/);
    expect(mail(steady).subject).toContain('up to $26.00 more in 2 hours');
  });

  test('of several models has the sum of each, and the subject fits', () => {
    const { subject, text } = mail({ ...BURN, aboveBefore: usd(1_000_000) }, { ...BURN, metricId: 'x'.repeat(80) });
    expect(subject).toContain('$1,000,045.60');
    expect(subject.length).toBeLessThanOrEqual(100);
    expect(text).toContain('x'.repeat(80));
  });
});

test('to the cent what an independent sum says, from the series to the mail', () => {
  const well = every('2026-11-01T00:00', '2026-11-10T02:00', { input: 100_000, write: 100_003, read: 1_200_007 });
  const bad = every('2026-11-10T02:00', '2026-11-10T04:00', { input: 100_000, write: 1_300_009, read: 11 });
  const now = at('2026-11-10T04:20');
  const assessment = assess(reading(now, ...hours({ ...well, ...bad })), priced(CLAUDE), undefined, now);
  const { alerts } = decide(input({ now, assessment, previous: quiet(now - 3_600_000), limit: LIMIT }));
  const burn = alerts.find(({ kind }) => kind === 'cacheBurn');
  // In dollars: two hours of writes at $1 a million more than plain, and reads at $0.90 less.
  const lost = (2 * 1_300_009 * 1 - 2 * 11 * 0.9) / 1e6;
  const { text } = alertMail(burn!, { environment: 'prod', enforce: true });
  expect(text).toContain(`The cache cost up to $${lost.toFixed(2)} (`);
});
