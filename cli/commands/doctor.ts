import { WHO, type Diagnosis } from '../doctor/diagnosis';
import { examine } from '../doctor/examine';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import { needsAttention } from '../findings';
import type { CommandResult, Line } from '../result';
import type { World } from '../world';

export interface DoctorOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
}

/** Everything that can be wrong on day one, before and after the first deploy. */
export async function doctor(options: DoctorOptions, world: World): Promise<CommandResult> {
  const environments = selected(configuration(options.config, world.now()).environments, options.env);
  const parts = await each(environments, async (environment) => {
    world.progress(`Examining ${environment.name}: reading every policy of an account may take a minute`);
    return examine(environment, await world.services(environment));
  });
  return {
    exitCode: partsExitCode(parts, needsAttention),
    data: {
      environments: partData(parts, (diagnoses) => ({
        findings: diagnoses.map((one) => ({ ...one, ...(one.fix && WHO[one.check] ? { who: WHO[one.check] } : {}) })),
      })),
    },
    lines: partLines(parts, (diagnoses) => diagnoses.flatMap(diagnosisLines)),
  };
}

/** The finding, and below it what to do and who usually may. */
function diagnosisLines({ check, subject, status, detail, fix }: Diagnosis): readonly Line[] {
  const text = `  ${status.padEnd(8)} ${check} ${subject}: ${detail}`;
  const tone = ({ ok: 'good', failed: 'bad', warning: 'warning', unknown: 'warning' } as const)[
    status as 'ok' | 'failed' | 'warning' | 'unknown'
  ];
  const who = WHO[check];
  return [tone ? { text, tone } : text, ...(fix ? [`           fix: ${fix}${who ? ` (${who})` : ''}`] : [])];
}
