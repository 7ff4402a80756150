import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DAY_MS, HOUR_MS } from '../../../core/calendar';
import type { Alert } from '../../../core/decision/alert';
import { alertMail, alertWording } from '../../../core/decision/alert-mail';
import { alertNotice } from '../../../core/decision/alert-notice';
import { decide } from '../../../core/decision/decide';
import { usd } from '../../../core/money';
import { parseNotices } from '../../../core/notice';
import { ALERTS } from '../../helpers/meter-states';
import { at, input, known, NOON, quiet } from '../../helpers/meter-world';

const OF = { environment: 'dev', enforce: true, now: 5 } as const;
const noticeOf = (alert: Alert, enforce = true) => alertNotice(alert, { ...OF, enforce });
const ALL: readonly Alert[] = Object.values(ALERTS);
const root = path.resolve(__dirname, '../../..');

describe.each(ALL)('$kind', (alert) => {
  const notice = noticeOf(alert);

  test('is a notice, of the words of the mail, and is the same whenever it is made', () => {
    expect(parseNotices(JSON.stringify([notice]))).toEqual({ notices: [notice], refused: [] });
    expect(`CRITICAL: ${notice.title}`).toContain(alertWording(alert).title);
    const { text } = alertMail(alert, OF);
    for (const line of notice.happened) expect(text).toContain(line);
    expect(alertNotice(alert, { ...OF, now: 99 })).toEqual(notice);
    expect(notice).toMatchObject({ at: alert.at, source: 'meter', environment: 'dev', spend: alert.spend });
  });

  test('names an entry of the runbook, and commands that there are', () => {
    const headings = readFileSync(path.join(root, 'docs/runbook.md'), 'utf8');
    if (notice.runbook !== undefined) expect(headings).toMatch(new RegExp(`^#+ \`?${notice.runbook}\`?$`, 'm'));
    const reference = readFileSync(path.join(root, 'docs/reference/cli.md'), 'utf8');
    for (const step of notice.todo) {
      const [, command] = /npx spend-guard (\w+)/.exec(step) ?? [];
      if (command !== undefined) expect(reference).toContain(`## \`spend-guard ${command}`);
    }
  });

  test('says who may where something is to be done, and what is critical has something', () => {
    if (notice.urgency === 'critical') expect([notice.todo.length > 0, notice.who]).toEqual([true, expect.any(String)]);
    if (notice.status === 'resolved') expect(notice).toMatchObject({ urgency: 'info', todo: [] });
  });

  test('of a dry run says so, and pages nobody', () => {
    const dry = noticeOf(alert, false);
    expect(dry.title).toMatch(/^dry run: /);
    expect(dry.happened.at(-1)).toMatch(/nobody is denied/);
    expect(dry.urgency).not.toBe('critical');
    expect(dry.fact).toBe(notice.fact);
  });
});

const stand = (alert: Alert) => {
  const { fact, status, urgency } = noticeOf(alert);
  return [fact, status, urgency];
};
const change = (to: 'open' | 'degraded' | 'stopped') =>
  ({ ...ALERTS.state, change: { from: 'open', to, reason: 'x' } }) as const;

test.each<[string, Alert, readonly string[]]>([
  ['stopped', change('stopped'), ['state', 'firing', 'critical']],
  ['degraded', change('degraded'), ['state', 'firing', 'warning']],
  ['open', change('open'), ['state', 'resolved', 'info']],
  [
    'a threshold that stops',
    { ...ALERTS.threshold, change: change('stopped').change },
    ['state', 'firing', 'critical'],
  ],
  ['a threshold as it resumes', { ...ALERTS.threshold, change: change('open').change }, ['state', 'resolved', 'info']],
  ['about to stop', ALERTS.grace, ['state', 'firing', 'critical']],
  ['not stopped after all', ALERTS.graceEnded, ['state', 'resolved', 'info']],
  ['still stopped after grace', { ...ALERTS.graceEnded, desired: 'stopped' }, ['state', 'firing', 'critical']],
  ['blind', ALERTS.blind, ['blind', 'firing', 'critical']],
  ['sighted', ALERTS.sighted, ['blind', 'resolved', 'info']],
  ['partial while stopped', ALERTS.partial, ['partial', 'firing', 'critical']],
  ['partial while open', { ...ALERTS.partial, enforced: 'open' }, ['partial', 'firing', 'warning']],
  ['complete', ALERTS.complete, ['partial', 'resolved', 'info']],
  ['a leak', ALERTS.leak, ['leak', 'firing', 'critical']],
  ['its end', ALERTS.leakEnded, ['leak', 'resolved', 'info']],
  ['some priced, and some not', ALERTS.priced, ['unattributed', 'firing', 'warning']],
  ['all priced', { ...ALERTS.priced, left: 0 }, ['unattributed', 'resolved', 'info']],
  ['what nobody lifts', { ...ALERTS.billLeftover, lift: false }, ['billLeftover', 'firing', 'critical']],
  ['not reversed', { ...ALERTS.billActionFailed, did: 'reverse' }, ['billAction', 'firing', 'critical']],
  ['not armed', ALERTS.billActionFailed, ['billAction', 'firing', 'warning']],
  ['settled', ALERTS.billActionSettled, ['billAction', 'resolved', 'info']],
  ['a contradiction', ALERTS.contradiction, ['contradiction', 'firing', 'critical']],
  ['none', ALERTS.contradictionEnded, ['contradiction', 'resolved', 'info']],
  ['an override', ALERTS.overrideStarted, ['override', 'firing', 'info']],
  ['its end', ALERTS.overrideEnded, ['override', 'resolved', 'info']],
])('%s: fact, status and urgency', (_what, alert, [fact, ...rest]) => {
  expect(stand(alert)).toEqual([`dev|meter|${fact}`, ...rest]);
});

test.each([
  [74.9, 'info'],
  [75, 'warning'],
  [95, 'warning'],
])('a threshold of %d percent that changes nothing is told once: %s', (atPercent, urgency) => {
  const { change: _, ...threshold } = ALERTS.threshold;
  const alert: Alert = { ...threshold, highest: { ...threshold.highest, atPercent } };
  expect(stand(alert)).toEqual([`dev|meter|${threshold.key}`, 'once', urgency]);
});

test('an approval that waits says who may approve, and not to before looking', () => {
  const notice = noticeOf({ ...ALERTS.contradiction, status: 'PENDING' });
  expect(notice.todo).toContain('Do not approve the action before you have looked.');
  expect(notice.who).toContain('AWS Budgets console');
});

test('what an earlier release has kept, without time and spend, has its own figures and the time that it is sent', () => {
  const { at: _at, spend: _spend, ...kept } = ALERTS.state;
  expect(noticeOf(kept)).toMatchObject({ at: 5, spend: { amount: usd(96), limit: usd(100) }, key: 'dev|meter|b' });
});

test('names that hold markup and lines of their own stay of one line', () => {
  const by = 'ann\n<!channel> *x* \u202Egnp';
  const notice = noticeOf({ ...ALERTS.overrideStarted, override: { since: 1, by, reason: 'a\nb' } });
  expect(notice.happened[0]).toBe('By ann <!channel> *x*  gnp: a b');
});

describe('what has ended is said to have', () => {
  const stopped = decide(input({ previous: quiet(), now: NOON, assessment: known(NOON, { spend: 96 }) }));

  test('what was stopped is resumed in the new month: it ends the fact that the last month has opened', () => {
    const now = at('2026-12-01T00:05');
    const resumed = decide(input({ previous: stopped.next, now, assessment: known(now, { spend: 0 }) }));
    const [opened] = stopped.alerts.map((alert) => noticeOf(alert));
    const [ended] = resumed.alerts.map((alert) => noticeOf(alert));
    expect(opened).toMatchObject({ status: 'firing', urgency: 'critical' });
    expect(ended).toMatchObject({ status: 'resolved', fact: opened!.fact });
  });

  test('a line that was lowered and raised again stops nothing, and that is said', () => {
    const lowered = decide(
      input({ previous: quiet(), now: NOON, limit: usd(50), assessment: known(NOON, { spend: 49 }) }),
    );
    expect(lowered.next.grace).toBeDefined();
    const { until } = lowered.next.grace!;
    const raised = decide(
      input({ previous: lowered.next, now: until - 1, assessment: known(until - 1, { spend: 49 }) }),
    );
    expect(raised.alerts).toEqual([]);
    const now = until;
    const over = decide(input({ previous: raised.next, now, assessment: known(now, { spend: 49 }) }));
    expect(over.alerts).toMatchObject([{ kind: 'graceEnded', desired: 'open' }]);
    const again = decide(input({ previous: over.next, now: now + 1, assessment: known(now, { spend: 49 }) }));
    expect(again.alerts).toEqual([]);
  });

  const model = { ...ALERTS.unattributed.models[0]!, monthToDate: usd(1) };
  const unpriced = { unattributed: [model], byModel: [model] };
  const run = (previous: ReturnType<typeof quiet>, now: number, more: object) =>
    decide(input({ previous, now, assessment: { ...known(now, { spend: 1 }), ...more } }));

  test('what had no price has one: told once, also in the month after; not where it is only unused', () => {
    const first = run(quiet(), NOON, unpriced);
    const unused = run(first.next, NOON + DAY_MS, { unattributed: [], byModel: [] });
    expect(unused.alerts).toEqual([]);
    const december = at('2026-12-02T00:00');
    const priced = run(unused.next, december, { unattributed: [], byModel: [model] });
    expect(priced.alerts).toMatchObject([{ kind: 'priced', models: [{ metricId: model.metricId }], left: 0 }]);
    expect(run(priced.next, december + HOUR_MS, { unattributed: [], byModel: [model] }).alerts).toEqual([]);
    // Should its price be gone, it is told again.
    expect(run(priced.next, december + HOUR_MS, unpriced).alerts).toMatchObject([{ kind: 'unattributed' }]);
  });

  test('what is no longer used is over when it is forgotten, in whichever read that is', () => {
    const first = run(quiet(), NOON, unpriced);
    const unused = { unattributed: [], byModel: [] };
    const december = run(first.next, at('2026-12-31T23:59'), unused);
    expect(december.alerts).toEqual([]);
    const now = at('2027-01-01T00:00');
    const over = run(december.next, now, unused);
    expect(over.alerts).toMatchObject([{ kind: 'priced', models: [], left: 0 }]);
    expect(over.next.alerted).toEqual([]);
    const notice = alertNotice(over.alerts[0]!, { environment: 'dev', enforce: true, now });
    expect(notice).toMatchObject({ status: 'resolved', title: 'usage that had no price is no longer used' });
    expect(run(over.next, now + HOUR_MS, unused).alerts).toEqual([]);
  });

  test('what is used in the month in which it would be forgotten is not over', () => {
    const first = run(quiet(), NOON, unpriced);
    const again = run(first.next, at('2027-01-01T00:00'), unpriced);
    expect(again.alerts).toMatchObject([{ kind: 'unattributed' }]);
    const kept = run(first.next, at('2026-12-01T01:00'), unpriced);
    expect(run(kept.next, at('2027-01-01T00:00'), { unattributed: [], byModel: [] }).alerts).toEqual([]);
  });

  test('one is forgotten and another is still without a price', () => {
    const other = { ...model, metricId: 'other' };
    const first = run(quiet(), NOON, unpriced);
    const both = run(first.next, at('2026-12-02T00:00'), { unattributed: [other], byModel: [other] });
    const forgotten = run(both.next, at('2027-01-01T00:00'), { unattributed: [], byModel: [] });
    expect(forgotten.alerts).toMatchObject([{ kind: 'priced', models: [], left: 1 }]);
  });

  test('of two without a price one has one: the other is still told of', () => {
    const other = { ...model, metricId: 'other' };
    const both = run(quiet(), NOON, { unattributed: [model, other], byModel: [model, other] });
    const one = run(both.next, NOON + HOUR_MS, { unattributed: [other], byModel: [model, other] });
    expect(one.alerts).toMatchObject([{ kind: 'priced', left: 1 }]);
  });
});
