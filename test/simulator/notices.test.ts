import { guardAt } from '../../config/files';
import { loadGuard } from '../../config/load';
import type { UtcMonth } from '../../core/calendar';
import { allScenarios } from '../../simulator/scenarios';
import { housekeeping } from '../../simulator/scenarios/housekeeping';
import { simulateMonth } from '../../simulator/simulate-month';
import { readAssembly } from '../../simulator/template/assembly';
import { assemblyOf } from '../cli/assemblies';
import { noticeFaults, stillFiring } from '../helpers/notice-invariants';

const file = housekeeping.config!;

/** The real handlers in one environment. A whole month of all of them is played in housekeeping.test.ts. */
async function play(name: string, days: number) {
  const { input } = guardAt(file);
  const result = await simulateMonth({
    environments: loadGuard(input, 0, file).environments.filter((one) => one.name === 'dev'),
    stacks: readAssembly(assemblyOf(() => ({ dev: input.environments['dev'] }))),
    scenario: { ...allScenarios.find((one) => one.name === name)!, days },
    month: '2026-03' as UtcMonth,
    seed: 1,
  });
  return { mails: result.journal.mails, outcome: result.environments[0]! };
}

test.each([
  ['runaway-metered', 8],
  ['cloudwatch-down', 8],
])('%s: each mail but the daily report has its notices, and each fact is one story', async (name, days) => {
  const { mails, outcome } = await play(name, days);
  const notices = mails.flatMap((mail) => mail.notices);
  expect(mails.filter((mail) => mail.feature !== 'cost-check' && mail.notices.length === 0)).toEqual([]);
  expect(notices.some(({ source }) => source === 'meter')).toBe(true);
  expect(noticeFaults(notices)).toEqual([]);
  // What is stopped in the end is said to be, and nothing else of the meter's is left.
  const isHeld = (outcome.meterChanges.at(-1)?.to ?? 'open') !== 'open';
  const left = stillFiring(notices).filter((fact) => fact.startsWith('dev|meter|'));
  expect(left).toEqual(isHeld ? ['dev|meter|state'] : []);
});
