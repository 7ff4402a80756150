import { assessAccessKeys, attempt, type Pace, type Finding } from '../../core/health';
import type { EnvironmentConfig } from '../../config';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import { isOfEverything, refusalOf } from '../explain';
import { findingLines, needsAttention } from '../findings';
import type { CommandResult } from '../result';
import type { Services } from '../services';
import type { World } from '../world';

export interface KeysOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
}

const ASK_MS = 10_000;

/** The age of each active access key of the guarded users, asked with the caller's own permissions. */
export async function keys(options: KeysOptions, world: World): Promise<CommandResult> {
  const environments = selected(configuration(options.config, world.now()).environments, options.env);
  const parts = await each(environments, async (environment) => {
    const services = await world.services(environment);
    world.progress(`Reading access keys of ${environment.name}`);
    return keyFindings(environment, services, world.now());
  });
  return {
    exitCode: partsExitCode(parts, (findings) => isDue(findings) || needsAttention(findings)),
    data: { environments: partData(parts, (findings) => ({ findings })) },
    lines: partLines(parts, (findings) =>
      findings.length > 0
        ? findingLines(findings)
        : ['  no IAM users are guarded (principals.users): roles have no keys that could grow old'],
    ),
  };
}

async function keyFindings(
  { principals: { users } }: EnvironmentConfig,
  { accessKeys, pace }: Services,
  nowMs: number,
): Promise<readonly Finding[]> {
  // Each question has its own limit; a person who waits decides about the whole.
  const paced: Pace = { ...pace, deadlineMs: Number.POSITIVE_INFINITY };
  const findings: Finding[] = [];
  for (const { name } of users) {
    const answer = await attempt(paced, ASK_MS, async (signal) => {
      const found = await accessKeys.keysOf(name, signal);
      return Promise.all(
        found.map(async (key) => ({
          key,
          use: await attempt(paced, ASK_MS, (inner) => accessKeys.lastUse(key.id, inner)),
        })),
      );
    });
    if (answer.kind === 'unavailable') {
      const refused = refusalOf(answer.problem);
      if (isOfEverything(refused)) throw refused;
    }
    findings.push(...assessAccessKeys(name, answer, nowMs));
  }
  return findings;
}

/** A key that is due is what this command is asked for. */
function isDue(findings: readonly Finding[]): boolean {
  return findings.some(({ status }) => status === 'warning');
}
