import { attempting } from '../../core/enforcement';
import { errorNameOf, ServiceError } from '../../core/errors';
import { HUB } from '../../core/hub';
import { asFindings } from '../../core/metrics';
import {
  type BrakeOrder,
  type BrakeRecord,
  brakeStatus,
  type BrakeStatus,
  termsOf,
  withUnheard,
} from '../../core/organization';
import { overrideEnd } from '../../core/stop-lines';
import { converge, type Converged, isConflict, MOST_TRIES } from './converge';
import type { OrganizationBrakeDeps } from './deps';
import type { OrganizationBrakeEnv } from './env';
import { parseEvent } from './event';

export type BrakeResult =
  | { readonly kind: 'converged'; readonly accounts: number; readonly troubles: readonly string[] }
  | {
      readonly kind: 'ordered';
      readonly account: string;
      readonly brake: BrakeStatus;
      readonly reason?: string;
      /** ISO: when the account's override ends. */
      readonly until?: string;
      /** What went wrong on the way; the order stands, and the next run tries again. */
      readonly troubles: readonly string[];
    }
  | { readonly kind: 'refused'; readonly account: string; readonly why: string };

/**
 * Makes where the policy is attached match what is wanted, for every account or for one, and takes orders.
 * @throws GuardError EVENT_INVALID, STATE_CONFLICT; ServiceError where the table or AWS Organizations does not answer
 */
export function makeHandler(
  deps: OrganizationBrakeDeps,
  env: OrganizationBrakeEnv,
): (event: unknown) => Promise<BrakeResult> {
  return async (input) => {
    const event = parseEvent(input);
    const result = await resultOf(deps, env, event);
    const troubles = 'troubles' in result ? result.troubles : [];
    deps.metrics.record(HUB, asFindings(troubles.length), {
      event: `brake.${result.kind}`,
      ...result,
      kind: undefined,
    });
    return result;
  };
}

function resultOf(
  deps: OrganizationBrakeDeps,
  env: OrganizationBrakeEnv,
  event: ReturnType<typeof parseEvent>,
): Promise<BrakeResult> {
  switch (event.kind) {
    case 'all':
      return everyAccount(deps, env);
    case 'converge':
      return oneAccount(deps, env, event.account);
    case 'order':
      return ordered(deps, env, event.account, event.order);
  }
}

async function everyAccount(deps: OrganizationBrakeDeps, env: OrganizationBrakeEnv): Promise<BrakeResult> {
  const targets = await targetsOrSay(deps);
  const all = withUnheard(env.ORGANIZATION, await deps.state.all());
  const troubles: string[] = [];
  const attempt = attempting(troubles);
  // What fails, or cannot be read, is no sign that somebody else has attached it.
  const known = new Set(all.map(({ account }) => account));
  const strange = [...targets].filter((target) => !known.has(target)).toSorted();
  const foreign = [...strange];
  for (const items of all) {
    const { account } = items;
    await attempt(account, async () => {
      const done = await converge(deps, env, items, { targets });
      if (done.kind === 'done' && done.isForeign) foreign.push(account);
      troubles.push(...troublesOf(account, done));
    });
  }
  await deps.state.saveLooked({ at: deps.now(), foreign: foreign.toSorted() });
  return {
    kind: 'converged',
    accounts: all.length,
    troubles: [...troubles, ...strange.map((target) => `${target}: ${FOREIGN}`)],
  };
}

async function oneAccount(
  deps: OrganizationBrakeDeps,
  env: OrganizationBrakeEnv,
  account: string,
): Promise<BrakeResult> {
  const [targets, items] = await Promise.all([targetsOf(deps), deps.state.account(account)]);
  const done = await converge(deps, env, items, { targets });
  return { kind: 'converged', accounts: 1, troubles: troublesOf(account, done) };
}

async function ordered(
  deps: OrganizationBrakeDeps,
  env: OrganizationBrakeEnv,
  account: string,
  order: BrakeOrder,
): Promise<BrakeResult> {
  const unseen: string[] = [];
  for (let tries = 1; ; tries++) {
    const targets = await targetsOf(deps).catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
      unseen.push(`where the policy is attached is unknown: ${errorNameOf(error)}`);
      return undefined;
    });
    try {
      const done = await converge(deps, env, await deps.state.account(account), { targets, order });
      if (done.kind === 'refused') return { kind: 'refused', account, why: done.why };
      if (done.kind !== 'done') return { kind: 'refused', account, why: troublesOf(account, done).join() };
      return {
        kind: 'ordered',
        account,
        ...standsAt(env, done.record),
        troubles: [...new Set([...unseen, ...troublesOf(account, done)])],
      };
    } catch (error) {
      if (!isConflict(error) || tries >= MOST_TRIES) throw error;
    }
  }
}

function standsAt({ ORGANIZATION }: OrganizationBrakeEnv, record: BrakeRecord) {
  const { hold, override } = record;
  return {
    brake: brakeStatus(record, termsOf(ORGANIZATION, record.account)),
    ...(hold && { reason: hold.reason }),
    ...(override && { until: new Date(overrideEnd(override)).toISOString() }),
  };
}

async function targetsOf({ policy }: OrganizationBrakeDeps): Promise<ReadonlySet<string>> {
  return new Set(await policy.targets());
}

/** Whoever reads the table learns that nobody knows. */
async function targetsOrSay(deps: OrganizationBrakeDeps): Promise<ReadonlySet<string>> {
  try {
    return await targetsOf(deps);
  } catch (error) {
    await deps.state.saveLooked({ at: deps.now(), foreign: [], trouble: errorNameOf(error) });
    throw error;
  }
}

const FOREIGN = 'somebody else has attached the policy, and the hub does not detach it';

function troublesOf(account: string, done: Converged): readonly string[] {
  switch (done.kind) {
    case 'done':
      return [...done.troubles, ...(done.isForeign ? [FOREIGN] : [])].map((trouble) => `${account}: ${trouble}`);
    case 'unreadable':
    case 'refused':
      return [`${account}: ${done.why}`];
    case 'busy':
      return [];
  }
}
