import { restoreForDeploy, LONGEST_HOLD_MS, openSession } from '../../core/concurrency';
import { MINUTE_MS } from '../../core/calendar';
import type { EnvironmentConfig } from '../../config';
import { convergeAnswer } from '../answers';
import { deployedFunction, invoked, variable } from '../deployed';
import { durationMs } from '../durations';
import { configuration, theOne } from '../environments';
import { EXIT_CODES } from '../exit-codes';
import type { CommandResult, Line } from '../result';
import type { Services } from '../services';
import type { World } from '../world';

export interface RestoreOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly forDeploy?: true | undefined;
  readonly hold: string;
  readonly yes?: true | undefined;
}

interface Outcome {
  readonly functionName: string;
  readonly qualifier?: string | undefined;
  readonly outcome: string;
  readonly reason: string;
}

/** Lambda takes minutes to make provisioned concurrency ready. */
const WAIT_MS = 10 * MINUTE_MS;
const ASK_AGAIN_MS = 15_000;
/** Outcomes after which nothing more comes of waiting, and which are as they should be. */
const DONE = new Set(['awake', 'floor', 'restored', 'superseded', 'absent']);
/** Those that another run changes. */
const UNDER_WAY = new Set(['restoring', 'warming', 'busy', 'deferred']);

/**
 * Gives back what was lowered. Without `--for-deploy` as the function does for an environment in use, which a stop
 * outranks; with it at once, by the caller's own permissions, so that a template that declares it finds what it expects.
 */
export async function restore(options: RestoreOptions, world: World): Promise<CommandResult> {
  const holdMs = durationMs('--hold', options.hold, LONGEST_HOLD_MS);
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  if (environment.class === 'production') {
    await world.confirm(
      `Restore provisioned concurrency in ${environment.name} (production), and lower nothing for ${options.hold}?`,
      options.yes ?? false,
    );
  }
  const services = await world.services(environment);
  world.progress(`Looking for the guard of ${environment.name}`);
  const autoStop = await deployedFunction(services.guard, environment, 'auto-stop');
  const table = variable(autoStop, 'STATE_TABLE_NAME');
  const hold = { untilMs: world.now() + holdMs, by: world.user };

  let outcomes: readonly Outcome[];
  if (options.forDeploy) {
    outcomes = await repeated(services, world, () => forDeploy(environment, services, world, table, hold));
  } else {
    const session = { id: `restore-${world.user}`, ...hold };
    await openSession(services.sessions(table), session, world.now());
    outcomes = await repeated(services, world, async () => {
      const answer = await invoked(services.guard, autoStop, { command: 'converge' }, convergeAnswer);
      return answer.outcomes;
    });
  }
  const allRestored = outcomes.every(({ outcome }) => DONE.has(outcome));
  const heldUntil = new Date(hold.untilMs).toISOString();
  return {
    exitCode: allRestored ? EXIT_CODES.ok : EXIT_CODES.findings,
    data: { environment: environment.name, allRestored, heldUntil, outcomes },
    lines: [
      ...outcomes.map(outcomeLine),
      ...(outcomes.length === 0 ? ['No function is managed: provisionedConcurrency in the config is empty.'] : []),
      `Nothing is lowered${options.forDeploy ? '' : ' for being idle'} until ${heldUntil}.`,
    ],
  };
}

async function forDeploy(
  { name, region, provisionedConcurrency }: EnvironmentConfig,
  { concurrency }: Services,
  { now }: World,
  table: string,
  hold: { readonly untilMs: number; readonly by: string },
): Promise<readonly Outcome[]> {
  const settings = { environment: name, region, functions: provisionedConcurrency };
  const { result } = await restoreForDeploy({ ...concurrency(table), now }, settings, hold);
  return result.outcomes;
}

/** Asks again while something is under way. */
async function repeated(
  { sleep }: Services,
  { now, progress }: World,
  ask: () => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const endMs = now() + WAIT_MS;
  for (;;) {
    const outcomes = await ask();
    const waiting = outcomes.filter(({ outcome }) => UNDER_WAY.has(outcome));
    if (waiting.length === 0 || now() >= endMs) return outcomes;
    progress(`Waiting for ${waiting.map(({ functionName }) => functionName).join(', ')}: Lambda takes minutes`);
    await sleep(ASK_AGAIN_MS);
  }
}

function outcomeLine({ functionName, qualifier, outcome, reason }: Outcome): Line {
  const text = `${functionName}${qualifier ? `:${qualifier}` : ''}: ${outcome} - ${reason}`;
  return { text, tone: DONE.has(outcome) ? 'good' : outcome === 'failed' ? 'bad' : 'warning' };
}
