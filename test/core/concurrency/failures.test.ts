import { failureNews, type FailureRecord } from '../../../core/concurrency/failures';
import type { ConvergeResult, Outcome, OutcomeKind } from '../../../core/concurrency/result';

const START = Date.parse('2026-11-10T12:00:00Z');
const at = (minutes: number) => START + minutes * 60_000;

const outcome = (kind: OutcomeKind, functionName = 'models', qualifier: string | undefined = 'live'): Outcome => ({
  functionName,
  ...(qualifier === '' ? {} : { qualifier }),
  outcome: kind,
  reason: 'AccessDenied',
});

const result = (...outcomes: readonly Outcome[]): ConvergeResult => ({
  schemaVersion: 1,
  environment: 'dev',
  at: '',
  desired: { kind: 'known', value: 'open' },
  sleeping: 0,
  failed: outcomes.filter((one) => one.outcome === 'failed').length,
  savedPerHour: { kind: 'unavailable', why: '' },
  outcomes,
});

const FAILED = result(outcome('failed'));

/** Runs one after another, each on what the last one kept. */
function run(...runs: readonly (readonly [minutes: number, of: ConvergeResult])[]) {
  let kept: FailureRecord | undefined;
  const all = runs.map(([minutes, of]) => {
    const news = failureNews(kept, of, at(minutes));
    kept = news.record ?? kept;
    return news;
  });
  return { all, last: all.at(-1)!, kept };
}

test('a month in which nothing fails keeps nothing and mails nothing', () => {
  expect(failureNews(undefined, result(outcome('awake')), START)).toEqual({ standing: 0 });
});

test.each([
  [59, 0],
  [60, 1],
  [61, 1],
])('%i minutes after the first run that failed: %i stand', (minutes, standing) => {
  const { last } = run([0, FAILED], [minutes, FAILED]);
  expect(last.standing).toBe(standing);
  expect(last.mail === undefined).toBe(standing === 0);
});

test('it is told once, with what, why and the entry of the runbook; nothing is kept anew meanwhile', () => {
  const { all } = run([0, FAILED], [15, FAILED], [60, FAILED], [75, FAILED]);
  expect(all.map(({ mail }) => mail?.subject)).toEqual([
    undefined,
    undefined,
    '[auto-stop] dev: provisioned concurrency of models:live fails',
    undefined,
  ]);
  expect(all[2]?.mail?.body).toMatch(/models:live: AccessDenied.*Runbook: docs\/runbook\.md, "auto-stop-failures"/s);
  expect(all.map(({ record }) => record?.revision)).toEqual([1, undefined, 2, undefined]);
  expect(all.map(({ standing }) => standing)).toEqual([0, 0, 1, 1]);
});

test('its end is told once, and only of what was told', () => {
  const fine = result(outcome('awake'));
  const told = run([0, FAILED], [60, FAILED], [75, fine], [90, fine]);
  expect(told.all.map(({ mail }) => mail?.subject).slice(2)).toEqual([
    '[auto-stop] dev: provisioned concurrency of models:live works again',
    undefined,
  ]);
  expect(told.kept?.failures).toEqual({});
  expect(run([0, FAILED], [15, fine]).last.mail).toBeUndefined();
});

test('a failure after a good run begins anew', () => {
  const { last } = run([0, FAILED], [45, result(outcome('awake'))], [60, FAILED], [119, FAILED]);
  expect(last.standing).toBe(0);
});

test.each<[string, ConvergeResult]>([
  ['was left to the next', result(outcome('deferred'))],
  ['is another run’s', result(outcome('busy'))],
  ['is of a function that cannot be listed', result(outcome('failed', 'models', ''))],
])('what %s is neither better nor worse: it still stands, and is not told anew', (_what, between) => {
  const { all } = run([0, FAILED], [60, FAILED], [75, between], [90, FAILED]);
  expect(all.slice(2).map(({ mail }) => mail?.subject ?? '')).not.toContainEqual(
    expect.stringContaining('works again'),
  );
  expect(all[3]?.standing).toBe(1);
});

test('several at once are one mail, whose subject SNS takes', () => {
  const both = result(outcome('failed', 'é'.repeat(140)), outcome('failed', 'other'));
  const { mail } = run([0, both], [60, both]).last;
  expect(mail?.subject).toMatch(/^[\x20-\x7e]{100}$/);
  expect(mail?.body).toContain('other:live');
});
