import { reportMail } from '../../core/report';
import { costAnswer } from '../answers';
import { type CostsByOptions, divisionOf, refuseWithoutBy } from '../costs/options';
import { checkCostsPage, writeCostsPage } from '../costs-page';
import { deployedFunction, invoked } from '../deployed';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import type { CommandResult } from '../result';
import type { World } from '../world';
import { costsByBudget } from './costs-by-budget';
import { costsBySpender } from './costs-by-spender';

/** The daily report of each environment, made now: a page or two of Cost Explorer, $0.01 each; `--by` divides a month instead. */
export async function costs(
  options: CostsByOptions & { readonly report?: string | undefined },
  world: World,
): Promise<CommandResult> {
  const { report: page } = options;
  checkCostsPage(page, options.by);
  if (options.by !== undefined) {
    const division = divisionOf(options);
    return division === 'budget' ? costsByBudget(options, world) : costsBySpender(division, options, world);
  }
  refuseWithoutBy(options);
  const environments = selected(configuration(options.config, world.now()).environments, options.env);
  const parts = await each(environments, async (environment) => {
    const { guard } = await world.services(environment);
    world.progress(`Asking the bill of ${environment.name}`);
    const costCheck = await deployedFunction(guard, environment, 'cost-check');
    const { report, mailed } = await invoked(guard, costCheck, options.mail ? { mail: true } : {}, costAnswer);
    return { report, mailed, timeZone: environment.report.timeZone };
  });
  const written = writeCostsPage(page, environments, parts, world);
  return {
    // An unknown bill is no bill within its limit.
    exitCode: partsExitCode(
      parts,
      ({ report: { bill } }) => bill.kind === 'unavailable' || bill.crossed.some(({ effect }) => effect === 'stop'),
    ),
    data: { environments: partData(parts, ({ report, mailed }) => ({ report, mailed })) },
    lines: [
      ...partLines(parts, ({ report, timeZone, mailed }) => {
        const { subject, body } = reportMail(report, timeZone);
        return [`  ${subject}`, ...body.split('\n').map((line) => `  ${line}`), ...(mailed ? ['  Mailed.'] : [])];
      }),
      ...written,
    ],
  };
}
