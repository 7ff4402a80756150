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
async function play(name: string) {
  const { input } = guardAt(file);
  const result = await simulateMonth({
    environments: loadGuard(input, 0, file).environments.filter((one) => one.name === 'dev'),
    stacks: readAssembly(assemblyOf(() => ({ dev: input.environments['dev'] }))),
    scenario: allScenarios.find((one) => one.name === name)!,
    month: '2026-03' as UtcMonth,
    seed: 1,
  });
  return { mails: result.journal.mails, outcome: result.environments[0]! };
}

test('a runaway while CloudWatch is down: each mail but the daily report has its notices, each fact is one story', async () => {
  const { mails, outcome } = await play('cloudwatch-down');
  const notices = mails.flatMap((mail) => mail.notices);
  expect(mails.filter((mail) => mail.feature !== 'cost-check' && mail.notices.length === 0)).toEqual([]);
  expect(noticeFaults(notices)).toEqual([]);
  const statuses = (fact: string) =>
    notices.filter((one) => one.fact === `dev|meter|${fact}`).map(({ status }) => status);
  expect(statuses('blind')).toEqual(['firing', 'resolved']);
  // It is stopped in the end, and nothing else of the meter's is left.
  expect(outcome.meterChanges.at(-1)?.to).toBe('stopped');
  expect(stillFiring(notices).filter((fact) => fact.startsWith('dev|meter|'))).toEqual(['dev|meter|state']);
});
