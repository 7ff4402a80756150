import { diagnosisLines, WHO } from '../doctor/diagnosis';
import { examine } from '../doctor/examine';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import { needsAttention } from '../findings';
import { looks } from '../looked/looks';
import { inCommon, leftOut, notTouchedLines } from '../looked/not-touched';
import type { CommandResult } from '../result';
import type { World } from '../world';

export interface DoctorOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
}

/** Everything that can be wrong on day one, before and after the first deploy; and what was not looked at. */
export async function doctor(options: DoctorOptions, world: World): Promise<CommandResult> {
  const all = configuration(options.config, world.now()).environments;
  const environments = selected(all, options.env);
  const looked = looks('doctor does not ask');
  const parts = await each(environments, (environment) =>
    looked.at(environment, async (look) => {
      world.progress(`Examining ${environment.name}: reading every policy of an account may take a minute`);
      return examine(environment, look.watch(await world.services(environment)), look);
    }),
  );
  const others = leftOut(all, environments);
  const { common, own } = inCommon(environments, (name) => looked.notTouched(name));
  return {
    exitCode: partsExitCode(parts, needsAttention),
    data: {
      environments: partData(
        parts,
        (diagnoses) => ({
          findings: diagnoses.map((one) => ({ ...one, ...(one.fix && WHO[one.check] ? { who: WHO[one.check] } : {}) })),
        }),
        (name) => ({ notTouched: looked.notTouched(name) }),
      ),
      notTouched: others,
    },
    lines: [
      ...partLines(parts, (diagnoses) => diagnoses.flatMap(diagnosisLines), own),
      ...common,
      ...notTouchedLines(others),
    ],
  };
}
