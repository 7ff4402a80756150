import { guardAt } from '../../config/files';
import { loadGuard } from '../../config/load';
import type { UtcMonth } from '../../core/calendar';
import { scenarios } from '../../simulator/scenarios';
import { housekeeping } from '../../simulator/scenarios/housekeeping';
import { simulateMonth } from '../../simulator/simulate-month';
import { readAssembly } from '../../simulator/template/assembly';
import { assemblyOf } from '../cli/assemblies';
import { noticeFaults, stillFiring } from '../helpers/notice-invariants';

const MONTH = '2026-03' as UtcMonth;
const file = housekeeping.config!;

/** A month of the real handlers in one environment. */
async function play(name: string) {
  const { input } = guardAt(file);
  const environments = loadGuard(input, 0, file).environments.filter((one) => one.name === 'dev');
  const result = await simulateMonth({
    environments,
    stacks: readAssembly(assemblyOf(() => ({ dev: input.environments['dev'] }))),
    scenario: scenarios.find((one) => one.name === name)!,
    month: MONTH,
    seed: 1,
  });
  const { mails } = result.journal;
  return { mails, outcome: result.environments[0]!, notices: mails.flatMap((mail) => mail.notices) };
}

test.each(['housekeeping', 'runaway-metered', 'cloudwatch-down', 'billing-error', 'slow-overrun'])(
  'a month of %s: each mail but the daily report has its notice, and each fact one story',
  async (name) => {
    const { mails, notices, outcome } = await play(name);
    expect(mails.filter((mail) => mail.feature !== 'cost-check' && mail.notices.length === 0)).toEqual([]);
    expect(noticeFaults(notices)).toEqual([]);
    const last = outcome.meterChanges.at(-1)?.to ?? 'open';
    const firing = stillFiring(notices);
    expect(firing.includes('dev|meter|state')).toBe(last !== 'open');
    process.stdout.write(`${name}: ${notices.length} notices; ${firing.join(', ')}\n`);
    expect(firing.filter((fact) => fact.startsWith('dev|meter|') && fact !== 'dev|meter|state')).toEqual([]);
  },
);
