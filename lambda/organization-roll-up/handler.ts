import { GuardError } from '../../core/errors';
import { HUB } from '../../core/hub';
import { asFindings } from '../../core/metrics';
import { mergeStanding, needsBrake, type Standing, type AccountItems } from '../../core/organization';
import type { OrganizationRollUpDeps } from './deps';
import type { OrganizationRollUpEnv } from './env';
import { parseEvent } from './event';

export type RollUpResult =
  | {
      readonly kind: 'kept' | 'known';
      readonly account: string;
      readonly environment: string;
      readonly braked: boolean;
    }
  | { readonly kind: 'decision'; readonly account: string }
  | { readonly kind: 'rejected'; readonly account: string; readonly why: string };

/** Whoever administers an account can make environments up: what all read must stay of a size. */
export const MOST_ENVIRONMENTS = 50;

/** Of an environment whose events come at once, one is written and the others are compared with it. */
const MOST_TRIES = 5;

/**
 * Keeps what an account tells of itself, and asks the brake to look where it may have something to do: also after an event that
 * says nothing new, since the run that kept it may have died before it asked.
 * @throws GuardError EVENT_INVALID; STATE_CONFLICT where others were faster each time; ServiceError: Lambda tries again
 */
export function makeHandler(
  deps: OrganizationRollUpDeps,
  env: OrganizationRollUpEnv,
): (event: unknown) => Promise<RollUpResult> {
  return async (input) => {
    const now = deps.now();
    const event = parseEvent(input, now);
    const { account } = event;
    if (event.kind !== 'standing') {
      const isRejected = event.kind === 'rejected';
      record(deps, { event: `standing.${event.kind}`, ...event, kind: undefined }, isRejected ? 1 : 0);
      return event;
    }

    const kept = await keep(deps, account, event.standing, now);
    if (kept === 'tooMany') {
      const why = `it has ${MOST_ENVIRONMENTS} environments already, and ${event.standing.environment} is another`;
      record(deps, { event: 'standing.rejected', account, why }, 1);
      return { kind: 'rejected', account, why };
    }
    const { items, isNew } = kept;

    const braked = needsBrake(env.ORGANIZATION, items, now);
    if (braked) await deps.brake.converge(account);

    const { environment } = event.standing;
    const kind = isNew ? 'kept' : 'known';
    record(
      deps,
      { event: `standing.${kind}`, account, environment, at: event.standing.at, braked },
      items.unread.length,
    );
    return { kind, account, environment, braked };
  };
}

async function keep(
  { state }: OrganizationRollUpDeps,
  account: string,
  standing: Standing,
  now: number,
): Promise<{ readonly items: AccountItems; readonly isNew: boolean } | 'tooMany'> {
  for (let tries = 1; ; tries++) {
    const items = await state.account(account);
    const before = items.standings.find((one) => one.standing.environment === standing.environment);
    if (before === undefined && items.standings.length >= MOST_ENVIRONMENTS) return 'tooMany';
    const next = mergeStanding(before, { account, standing }, now);
    if (next === undefined) return { items, isNew: false };
    try {
      await state.saveStanding(next, before?.standing.at);
    } catch (error) {
      const isConflict = error instanceof GuardError && error.code === 'STATE_CONFLICT';
      if (!isConflict || tries >= MOST_TRIES) throw error;
      continue;
    }
    return { items: { ...items, standings: [...items.standings.filter((one) => one !== before), next] }, isNew: true };
  }
}

function record(
  { metrics }: OrganizationRollUpDeps,
  fields: Readonly<Record<string, unknown>>,
  findings: number,
): void {
  metrics.record(HUB, asFindings(findings), fields);
}
