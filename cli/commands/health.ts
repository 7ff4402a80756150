import { checkLocalModels, type Finding } from '../../core/health';
import { LONGEST_SESSION_MS, openSession } from '../../core/concurrency';
import type { EnvironmentConfig } from '../../config';
import { convergeAnswer, healthAnswer } from '../answers';
import { deployedFunction, invoked, variable } from '../deployed';
import { durationMs } from '../durations';
import { each, partData, partLines, partsExitCode } from '../each';
import { configuration, selected } from '../environments';
import { findingLines, needsAttention } from '../findings';
import type { CommandResult } from '../result';
import type { Services } from '../services';
import type { World } from '../world';

export interface HealthOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly awsAuth?: true | undefined;
  readonly local?: true | undefined;
  readonly hold?: string | undefined;
  readonly verbose?: true | undefined;
}

interface Health {
  readonly findings: readonly Finding[];
  /** ISO time until which nothing is lowered for being idle. */
  readonly heldUntil?: string;
}

/** Findings that a person who asks wants to see even when all is well. */
const ALWAYS_SHOWN: readonly Finding['check'][] = ['model-call', 'local-endpoint'];

/**
 * The deployed health check, run now, and the local models as this machine sees them. `--aws-auth` and `--local` each ask
 * for one of the two.
 */
export async function health(options: HealthOptions, world: World): Promise<CommandResult> {
  const holdMs = options.hold === undefined ? undefined : durationMs('--hold', options.hold, LONGEST_SESSION_MS);
  const environments = selected(configuration(options.config, world.now()).environments, options.env);
  const isBoth = options.awsAuth === options.local;
  const parts = await each(environments, async (environment): Promise<Health> => {
    const services = await world.services(environment);
    const held = holdMs === undefined ? {} : await hold(environment, services, world, holdMs);
    const deployed = isBoth || options.awsAuth ? await deployedFindings(environment, services, world) : [];
    const local = isBoth || options.local ? await localFindings(environment, services, world) : [];
    // The function says that it cannot see this machine, which is of no use where this machine was asked.
    const seen = local.length > 0 ? deployed.filter(({ check }) => check !== 'local-endpoint') : deployed;
    return { findings: [...seen, ...local], ...held };
  });
  return {
    exitCode: partsExitCode(parts, ({ findings }) => needsAttention(findings)),
    data: { environments: partData(parts, (value) => ({ ...value })) },
    lines: partLines(parts, (value) => lines(value, options.verbose ?? false)),
  };
}

/** The health check with `{}`: it calls the models, keeps nothing and mails nobody. */
async function deployedFindings(
  environment: EnvironmentConfig,
  { guard }: Services,
  { progress }: World,
): Promise<readonly Finding[]> {
  progress(`Looking for the guard of ${environment.name}`);
  const check = await deployedFunction(guard, environment, 'health-check');
  progress(`Checking ${environment.name}: up to two minutes`);
  return (await invoked(guard, check, {}, healthAnswer)).document.findings;
}

/** As this machine sees them: no function in AWS can. */
function localFindings({ localModels }: EnvironmentConfig, services: Services, { progress }: World) {
  progress(`Calling the local models at ${localModels.endpoint}: the first call loads a model from disk`);
  return checkLocalModels(services.localModels, localModels, services.pace);
}

/** Says that the environment is in use, and asks auto-stop to wake what sleeps. */
async function hold(
  environment: EnvironmentConfig,
  { guard, sessions }: Services,
  { now, user, progress }: World,
  holdMs: number,
): Promise<{ readonly heldUntil: string }> {
  progress(`Keeping the functions of ${environment.name} from being lowered`);
  const autoStop = await deployedFunction(guard, environment, 'auto-stop');
  const nowMs = now();
  const untilMs = nowMs + holdMs;
  const table = variable(autoStop, 'STATE_TABLE_NAME');
  await openSession(sessions(table), { id: `health-${user}`, untilMs, by: user }, nowMs);
  await invoked(guard, autoStop, { command: 'converge' }, convergeAnswer);
  return { heldUntil: new Date(untilMs).toISOString() };
}

function lines({ findings, heldUntil }: Health, verbose: boolean) {
  const isShown = ({ check, status }: Finding) =>
    verbose || ALWAYS_SHOWN.includes(check) || (status !== 'ok' && status !== 'expected');
  const hidden = findings.filter((finding) => !isShown(finding)).length;
  return [
    ...findingLines(findings.filter(isShown)),
    ...(hidden > 0 ? [`  ${hidden} more in order (--verbose shows them)`] : []),
    ...(heldUntil ? [`  in use until ${heldUntil}: nothing is lowered for being idle`] : []),
  ];
}
