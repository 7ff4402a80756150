import type { UtcMonth } from '../../../core/calendar';
import { escaped } from '../../../core/markup';
import { usd } from '../../../core/money';
import { page } from '../../../simulator/report/html/page';
import { monthReport } from '../../../simulator/report/html/sources';
import { verdictOf } from '../../../simulator/report/html/verdict';
import { outcomeEvents } from '../../../simulator/report/story';
import { monthText, notesText } from '../../../simulator/report/text';
import { day, duration, listed } from '../../../simulator/report/words';
import { scenarios } from '../../../simulator/scenarios';
import { simulateMonth } from '../../../simulator/simulate-month';
import { countingCostCheck, environment, guardStack, type Changes } from '../guard';

const production = environment({
  name: 'prod',
  class: 'production',
  limit: usd(200),
  billAction: { kind: 'needsApproval', atPercent: 95 },
});
const environments = [environment({ name: 'dev' }), production];

async function played(name: string, changes: Changes = {}) {
  const stacks = environments.map((config) => guardStack(config, changes));
  const scenario = scenarios.find((one) => one.name === name)!;
  const options = { environments, stacks, scenario, month: '2026-03' as UtcMonth, seed: 1 };
  const result = await simulateMonth({ ...options, functions: { 'cost-check': countingCostCheck().deploy } });
  return { result, text: monthText(result), notes: notesText([result], stacks, 1) };
}

test('a runaway: the table says what was spent, who was told when, what stopped when, and what was lost', async () => {
  const { text } = await played('runaway');
  for (const head of ['Environment', 'Spent', 'of $200.00', 'Alerts (UTC)', 'Stopped (UTC)', 'Lost'])
    expect(text).toContain(head);
  expect(text).toMatch(/11 Mar \d\d:\d\d 50, 95%/);
  expect(text).toMatch(/11 Mar \d\d:\d\d all denied/);
  expect(text).toMatch(/11 Mar \d\d:\d\d person asked/);
  expect(text).toMatch(/\$[\d.]+ beyond limit/);
  expect(text).toMatch(/\$[\d.]+ after stop line/);
  const story = text.replace(/\n +/g, ' ');
  expect(story).toMatch(/dev: really at its stop line of 95% on 11 Mar \d\d:\d\d\. First alert/);
  expect(story).toMatch(
    /AWS Budgets stopped it on 11 Mar \d\d:\d\d at a bill of \$[\d.]+, \d+ h \d+ min after the line was crossed/,
  );
});

test('a meter that only watches stopped nothing, whatever it notes', async () => {
  const { result } = await played('quiet-month');
  const told = (enforce: boolean) => {
    const [outcome] = result.environments;
    const { environment } = outcome!;
    const change = { atMs: Date.parse('2026-03-11T03:30Z'), environment: 'dev', from: 'open', to: 'stopped' };
    return monthText({
      ...result,
      environments: [
        {
          ...outcome!,
          environment: { ...environment, meter: { ...environment.meter, enforce } },
          meterChanges: [{ ...change, reason: 'a day', spent: usd(10) }],
        },
      ],
    });
  };
  expect(told(true)).toContain('│ 11 Mar 03:30 all denied, meter');
  expect(told(true)).toContain('Stops: 1 by the meter');
  expect(told(false)).not.toContain('all denied, meter');
  expect(told(false)).toContain('Stops: none');
});

test('a false bill is called one', async () => {
  const { text } = await played('billing-error');
  expect(text).toContain('stopped on a false bill');
  expect(text).toContain('false bill, declined');
  expect(text).toMatch(/work refused worth/);
  expect(text.replace(/\n +/g, ' ')).toContain('the person did not approve');
});

test('a quiet month says so, and fits a terminal without colour', async () => {
  const { text, notes } = await played('quiet-month');
  expect(text.match(/none +│ nothing +│ nothing/g)).toHaveLength(2);
  expect(text + notes).not.toContain('\u001b');
  expect(Math.max(...`${text}\n${notes}`.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test('the notes say what is simulated, what is not, what was checked, and the seed', async () => {
  const { notes } = await played('quiet-month');
  expect(notes).toMatch(/^Simulated:\n/);
  expect(notes).toContain('\nNot simulated:\n');
  expect(notes).toContain('All of it held.');
  expect(notes).toContain('Seed 1, month 2026-03');
  const wrong = await played('quiet-month', { CheckSchedule: undefined });
  expect(wrong.notes).not.toContain('All of it held.');
  expect(wrong.notes).toContain('- quiet-month: dev: cost-check never ran');
  expect(wrong.text.match(/│ see NOT below │/g)).toHaveLength(2);
});

test('words', () => {
  expect(day(Date.parse('2026-03-01T03:07Z'))).toBe(' 1 Mar 03:07');
  expect([59, 60, 135, 60 * 50].map((minutes) => duration(minutes * 60_000))).toEqual([
    '59 min',
    '1 h 0 min',
    '2 h 15 min',
    '2 days 2 h',
  ]);
  expect([listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])]).toEqual([
    '',
    'a',
    'a and b',
    'a, b and c',
  ]);
});

test('a forecast is called one, and no bill', async () => {
  const { result } = await played('quiet-month');
  const [outcome] = result.environments;
  const alert = {
    atMs: Date.parse('2026-03-11T08:00Z'),
    environment: 'dev',
    budget: 'b',
    scope: 'environment' as const,
  };
  const [forecast, actual] = outcomeEvents({
    ...outcome!,
    alerts: [
      { ...alert, type: 'FORECASTED', atPercent: 100, seen: usd('73.85'), recipients: [] },
      { ...alert, type: 'ACTUAL', atPercent: 50, seen: usd(26), recipients: [] },
    ],
  });
  expect(forecast?.text).toBe('AWS Budgets: 100%, forecast $73.85');
  expect(actual?.text).toBe('AWS Budgets: 50%, at a bill of $26.00');
});

test('a prompt cache that costs more than it saves is no quiet month, in the text and on the page', async () => {
  const { result } = await played('quiet-month');
  const [outcome, ...others] = result.environments;
  const mail = {
    atMs: Date.parse('2026-03-03T05:00Z'),
    environment: 'dev',
    feature: 'spend-meter',
    scheduledMs: 0,
    subject: '[meter] dev prompts are cached and hardly read again',
    body: 'A write is read 0.1 times.',
    notices: [
      {
        schemaVersion: 1 as const,
        environment: 'dev',
        source: 'meter' as const,
        key: 'k',
        fact: 'dev|meter|2026-03|cacheBurn|us-east-1|m',
        status: 'once' as const,
        urgency: 'warning' as const,
        at: 0,
        title: 'x',
        happened: [],
        todo: [],
      },
    ],
    recipients: [],
  };
  const burning = { ...result, environments: [{ ...outcome!, mails: [mail] }, ...others] };
  const text = monthText(burning).replace(/\n {2,}/g, ' ');
  expect(text).toContain('1 alert of the meter that a prompt cache costs more than it saves.');
  expect(text).toContain('3 Mar 05:00 cache, meter');
  expect(text.match(/No alert\./g)).toHaveLength(1);
  const data = monthReport(burning);
  expect(verdictOf(data)).toEqual({
    tone: 'warn',
    sentence: 'Both environments stayed within their limits; a prompt cache of dev cost more than it saved.',
  });
  const told = 'mail: prompts are cached and hardly read again (A write is read 0.1 times.)';
  expect(data.environments[0]?.attention).toEqual([`dev: ${told}`]);
  const [, happened = ''] = page([data]).split('<h2>What happened</h2>');
  expect(happened.slice(0, happened.indexOf('<section'))).toContain(told);
});

test.each([
  ['20.95', '41%'],
  ['49.999', '99%'],
  ['0.01', '<1%'],
])('$%s of $50 is %s in the text as on the page', async (spent, share) => {
  const { result } = await played('quiet-month');
  const outcome = result.environments[0]!;
  const config = { ...outcome.environment, limit: usd(50) };
  const month = { ...result, environments: [{ ...outcome, environment: config, spent: usd(spent) }] };
  const text = monthText(month);
  expect(text).toContain(`dev: spent ${share} of its limit.`);
  expect(text).toMatch(new RegExp(`│ ${share} +│`));
  expect(page([monthReport(month)])).toContain(`<span class="share">${escaped(share)}</span>`);
});
