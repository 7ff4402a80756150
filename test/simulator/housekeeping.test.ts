import { guardAt } from '../../config/files';
import { loadGuard } from '../../config/load';
import { DAY_MS, HOUR_MS, monthStart, type UtcMonth } from '../../core/calendar';
import { usd } from '../../core/money';
import { housekeeping } from '../../simulator/scenarios/housekeeping';
import { simulateMonth, type MonthResult } from '../../simulator/simulate-month';
import { readAssembly } from '../../simulator/template/assembly';
import { noticeFaults, stillFiring } from '../helpers/notice-invariants';
import { assemblyOf } from '../cli/assemblies';

const MONTH = '2026-03' as UtcMonth;
const file = housekeeping.config!;
let result: MonthResult;

beforeAll(async () => {
  const { input } = guardAt(file);
  const environments = loadGuard(input, 0, file).environments.filter(({ name }) => name === 'dev');
  result = await simulateMonth({
    environments,
    stacks: readAssembly(assemblyOf(() => ({ dev: input.environments['dev'] }))),
    scenario: housekeeping,
    month: MONTH,
    seed: 1,
  });
});

const told = () =>
  result.journal.mails
    .filter(({ feature }) => feature === 'health-check')
    .map(({ atMs, subject, body }) => ({ day: Math.floor((atMs - monthStart(MONTH)) / DAY_MS) + 1, subject, body }));

test('nothing that must never happen happens', () => {
  expect(result.violations).toEqual([]);
});

test.each([
  [11, /warning: access-key deployer-ddf-llm-models/, 'a key that is 30 days old'],
  [15, /recovered: access-key/, 'a key that was rotated'],
  [1, /warning: /, 'a subscription that nobody confirmed, and a model that ends within 30 days'],
  [5, /recovered: subscription finance@example\.com/, 'a subscription that was confirmed'],
  [13, /warning: lifecycle meta\.llama3-1-70b/, 'a model that ends in 7 days'],
  [20, /warning: lifecycle meta\.llama3-1-70b/, 'a model that has ended'],
])('on day %i people are told, once: %s (%s)', (day, subject) => {
  expect(told().filter((mail) => mail.day === day && subject.test(mail.subject))).toHaveLength(1);
});

test('and of nothing else', () => {
  expect(told()).toHaveLength(6);
});

test('each mail but the daily report has its notices, a finding is one story, and only what still holds is firing', () => {
  const { mails } = result.journal;
  const notices = mails.flatMap((mail) => mail.notices);
  expect(mails.filter((mail) => mail.feature !== 'cost-check' && mail.notices.length === 0)).toEqual([]);
  expect(noticeFaults(notices)).toEqual([]);
  expect(notices.filter(({ status }) => status === 'resolved').length).toBeGreaterThan(1);
  // The model has ended, and stays so.
  expect(stillFiring(notices)).toEqual(['dev|health|lifecycle meta.llama3-1-70b-instruct-v1:0']);
});

test('functions sleep at night and at weekends, wake in office hours, and what that saves is counted', () => {
  const { functions, times, hours, savedNano, failures } = result.journal.sleepOf('dev');
  expect({ functions, failures }).toEqual({ functions: 1, failures: 0 });
  // Each of the 22 working days ends in a sleep, and the month begins on a Sunday.
  expect(times).toBe(23);
  // Outside nine hours of each working day, less the hour without calls that it takes to tell.
  const outside = 31 * 24 - 22 * 9;
  expect(hours).toBeGreaterThan(outside - 23 * 1.5);
  expect(hours).toBeLessThanOrEqual(outside);
  // 2 GB at $0.0000041667 a second: three cents an hour.
  expect(savedNano / usd(1) / hours).toBeCloseTo(0.03, 3);
});

test('auto-stop ran every 15 minutes', () => {
  const { invoked, duplicates } = result.journal.counts('dev', 'auto-stop');
  expect(invoked - duplicates).toBe((31 * DAY_MS) / (HOUR_MS / 4));
});
