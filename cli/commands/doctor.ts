import { diagnosisLines, WHO, type Diagnosis } from '../doctor/diagnosis';
import { examine } from '../doctor/examine';
import { nodeDiagnosis } from '../doctor/node';
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
  const node = nodeDiagnosis(world.node);
  const others = leftOut(all, environments);
  const { common, own } = inCommon(environments, (name) => looked.notTouched(name));
  return {
    exitCode: partsExitCode(parts, needsAttention),
    data: {
      node: withWho(node),
      environments: partData(
        parts,
        (diagnoses) => ({ findings: diagnoses.map(withWho) }),
        (name) => ({ notTouched: looked.notTouched(name) }),
      ),
      notTouched: others,
    },
    lines: [
      'on this machine:',
      ...diagnosisLines(node),
      ...partLines(parts, (diagnoses) => diagnoses.flatMap(diagnosisLines), own),
      ...common,
      ...notTouchedLines(others),
    ],
  };
}

function withWho(one: Diagnosis): Diagnosis & { readonly who?: string } {
  const who = WHO[one.check];
  return one.fix && who ? { ...one, who } : one;
}
