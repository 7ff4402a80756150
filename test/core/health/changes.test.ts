import * as fc from 'fast-check';
import { changeMail, changesSince } from '../../../core/health/changes';
import { healthLines } from '../../../core/health/document';
import type { Finding, FindingStatus } from '../../../core/health/finding';

const finding = (status: FindingStatus, more: Partial<Finding> = {}): Finding => ({
  check: 'model-call',
  subject: 'm',
  status,
  detail: 'd',
  ...more,
});
const words = (told: Record<string, string>, ...findings: Finding[]) => {
  const { appeared, recovered, told: after } = changesSince(told, findings);
  return { appeared: appeared.length, recovered: recovered.length, after };
};

describe('what is told', () => {
  it.each([
    ['a first failure', {}, finding('failed'), 1, 0],
    ['the same failure again', { 'model-call m': 'failed' }, finding('failed'), 0, 0],
    ['a failure that gets worse', { 'model-call m': 'warning: 90 days' }, finding('failed', { tell: '7 days' }), 1, 0],
    ['a warning with a condition', {}, finding('warning', { tell: '90 days' }), 1, 0],
    [
      'a warning whose condition moves on',
      { 'model-call m': 'warning: 90 days' },
      finding('warning', { tell: '30 days' }),
      1,
      0,
    ],
    ['a warning without a condition', {}, finding('warning'), 0, 0],
    ['an unknown', {}, finding('unknown'), 0, 0],
    ['an unknown after a failure', { 'model-call m': 'failed' }, finding('unknown'), 0, 0],
    ['expected after a failure', { 'model-call m': 'failed' }, finding('expected'), 0, 1],
    ['ok after a failure', { 'model-call m': 'failed' }, finding('ok'), 0, 1],
    ['ok from the start', {}, finding('ok'), 0, 0],
  ] as const)('%s', (_, told, one, appeared, recovered) => {
    expect(words(told, one)).toMatchObject({ appeared, recovered });
  });

  it('what an earlier release told of the tag, which the daily report tells now, has not recovered and is not told again', () => {
    const { appeared, recovered, told } = changesSince({ 'cost-allocation-tag t': 'warning: inactive' }, []);
    expect([appeared, recovered, told]).toEqual([[], [], {}]);
  });

  it('a finding that is gone has recovered, such as a deleted key', () => {
    expect(words({ 'access-key u ...1234': 'warning: old' }, finding('ok'))).toMatchObject({ recovered: 1, after: {} });
  });

  it('a finding that is gone because its check could not be made has not recovered', () => {
    const told = { 'access-key u ...1234': 'warning: old' };
    expect(words(told, finding('unknown', { check: 'access-key', subject: 'u' }))).toEqual({
      appeared: 0,
      recovered: 0,
      after: told,
    });
  });

  it('each episode is told once and ended once, whatever order of statuses comes', () => {
    const statuses = fc.array(fc.constantFrom<FindingStatus>('ok', 'expected', 'unknown', 'warning', 'failed'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(statuses, (sequence) => {
        let told: Readonly<Record<string, string>> = {};
        let open = false;
        for (const status of sequence) {
          const changes = changesSince(told, [finding(status)]);
          told = changes.told;
          if (changes.appeared.length > 0) {
            expect(open).toBe(false);
            expect(status).toBe('failed');
            open = true;
          }
          if (changes.recovered.length > 0) {
            expect(open).toBe(true);
            expect(['ok', 'expected', 'warning']).toContain(status);
            open = false;
          }
          if (status === 'failed') expect(open).toBe(true);
        }
      }),
    );
  });
});

describe('the mail', () => {
  it('names the worst in its subject and everything in its body', () => {
    const findings = [
      finding('warning', { subject: 'w', tell: 'x' }),
      finding('failed', { subject: 'f', fix: 'do this' }),
      finding('failed', { subject: 'old' }),
    ];
    const mail = changeMail(
      'dev',
      changesSince({ 'model-call old': 'failed', 'quota q': 'warning: y' }, findings),
      findings,
      1,
    )!;
    expect(mail.subject).toBe('[health] dev: failed: model-call f (+2 more)');
    expect(mail.body).toContain('New:\n  warning  model-call w: d\n  failed  model-call f: d\n    fix: do this');
    expect(mail.body).toContain('Recovered:\n  quota q: no longer there');
    expect(mail.body).toContain('Told of before, and still so:\n  failed  model-call old: d');
  });

  it('has a notice for each finding that changed, and none for what was told of before', () => {
    const findings = [
      finding('warning', { subject: 'w', tell: 'x' }),
      finding('failed', { check: 'switch', subject: 'f', fix: 'do this' }),
      finding('failed', { subject: 'old' }),
      finding('ok', { subject: 'well', detail: 'answers' }),
    ];
    const told = { 'model-call old': 'failed', 'quota q': 'warning: y', 'model-call well': 'failed' };
    const { notices = [] } = changeMail('dev', changesSince(told, findings), findings, 7)!;
    expect(notices.map(({ fact, status, urgency }) => [fact, status, urgency])).toEqual([
      ['dev|health|model-call w', 'firing', 'warning'],
      ['dev|health|switch f', 'firing', 'critical'],
      ['dev|health|model-call well', 'resolved', 'info'],
      ['dev|health|quota q', 'resolved', 'info'],
    ]);
    expect(notices[1]).toMatchObject({ todo: ['do this'], happened: ['d'], at: 7, runbook: 'health-failures' });
    expect(notices[2]).toMatchObject({ title: 'recovered: model-call well', happened: ['answers'], todo: [] });
    expect(notices[3]).toMatchObject({ happened: ['no longer there'] });
    expect(new Set(notices.map(({ key }) => key)).size).toBe(4);
  });

  it('keeps its notices small enough for the record, however many findings change at once', () => {
    const findings = Array.from({ length: 3000 }, (_, at) =>
      finding('failed', { subject: `s${at}`, detail: 'x'.repeat(400) }),
    );
    const { notices = [] } = changeMail('dev', changesSince({}, findings), findings, 1)!;
    expect(JSON.stringify(notices).length).toBeLessThanOrEqual(32 * 1024);
    expect(notices.at(-1)?.title).toBe(`${3000 - (notices.length - 1)} more changes: see the mail`);
  });

  it('is not written where nothing changed', () => {
    expect(changeMail('dev', changesSince({}, [finding('ok')]), [finding('ok')], 1)).toBeUndefined();
  });
});

it('lines are status | latency | detail', () => {
  expect(healthLines([finding('failed', { latencyMs: 7, fix: 'f' }), finding('ok')])).toEqual([
    'failed | 7 ms | model-call m: d -> f',
    'ok | - | model-call m: d',
  ]);
});
