import { GuardError } from '../../core/errors';
import type { ResourceResponse } from '../../core/enforcement';
import { parseRequest } from '../custom-resource';
import type { SwitchDeps } from './deps';
import type { SwitchEnv } from './env';
import { holdPrincipals, letGo, type Held } from './principals';
import { tearDown } from './teardown';
import { documentsOf, writeVersions } from './versions';

/** Never changes: CloudFormation would otherwise delete the "old" resource, and lift a stop in the middle of an update. */
export const PHYSICAL_ID = 'spend-guard-switch';

/** What `Fn::GetAtt` takes must fit into an answer of 4 KB. */
const MOST_NAMED = 1_000;

/**
 * The deploy's function: it alone writes and deletes versions of the switch, and it alone takes policies off anybody. As a custom
 * resource it readies the switch on each deploy, whatever state that is in, and undoes all on the stack's deletion; at the meter's order
 * it repairs the versions, or takes off what AWS Budgets has left behind. Repeating any of it hurts nobody.
 * @throws GuardError EVENT_INVALID on what is neither an order nor a request that can be answered; ServiceError where an order fails
 */
export function makeHandler(deps: SwitchDeps, env: SwitchEnv): (event: unknown) => Promise<void> {
  return async (event) => {
    const order = orderOf(event);
    if (order === 'repair') return writeVersions(deps, documentsOf(env, deps.digest));
    if (order === 'liftBill') return liftBill(deps, env);
    const request = parseRequest(event);
    const outcome = request.requestType === 'Delete' ? await undo(deps, env) : await ready(deps, env);
    await deps.cloudFormation.respond(request, { physicalResourceId: PHYSICAL_ID, ...outcome });
  };
}

type Outcome = Omit<ResourceResponse, 'physicalResourceId'>;

/** A switch without its versions stops nobody: the deployment fails. Somebody who cannot be given it is named, and it goes on. */
async function ready(deps: SwitchDeps, env: SwitchEnv): Promise<Outcome> {
  try {
    await writeVersions(deps, documentsOf(env, deps.digest));
  } catch (error) {
    return { status: 'FAILED', reason: `the versions of the switch could not be written: ${String(error)}` };
  }
  const { without, still } = await holdPrincipals(deps, env).catch((error: unknown): Held => {
    const unknown = [`nobody could be looked up: ${String(error)}`];
    return { without: unknown, still: unknown };
  });
  return { status: 'SUCCESS', data: { Without: named(without), Still: named(still) } };
}

function named(people: readonly string[]): string {
  return people.length === 0 ? 'none' : people.join(', ').slice(0, MOST_NAMED);
}

async function undo(deps: SwitchDeps, env: SwitchEnv): Promise<Outcome> {
  const left = await tearDown(deps, env);
  if (left !== undefined) return { status: 'FAILED', reason: left };
  // CloudFormation keeps it with the event of this resource, and the function's log has it too.
  return {
    status: 'SUCCESS',
    ...(env.KEEPS_STATE === 'true' && { reason: `kept: the state table ${env.STATE_TABLE_NAME}` }),
  };
}

async function liftBill(deps: SwitchDeps, { DENY_BILL_ARN }: SwitchEnv): Promise<void> {
  const left = await letGo(deps, [DENY_BILL_ARN]);
  if (left.length > 0) throw new GuardError('TICK_INCOMPLETE', `deny-bill is still attached: ${left.join(', ')}`);
}

function orderOf(event: unknown): 'repair' | 'liftBill' | undefined {
  const { command } = (event ?? {}) as { command?: unknown };
  return command === 'repair' || command === 'liftBill' ? command : undefined;
}
