import { errorNameOf, GuardError, ServiceError } from '../../core/errors';
import { isStandingDue, type Standing, type StandingEventsPort } from '../../core/organization';
import type { Acted } from './act';
import type { SpendMeterEnv } from './env';
import type { Evaluation } from './evaluate';
import type { TickReading } from './read';

/** What the organisation's hub was told last, kept by the process alone: one that has just started tells it again, and it takes doubles. */
export interface HubMemory {
  told?: Standing;
}

export interface HubDeps {
  readonly standings: StandingEventsPort;
  readonly hubMemory: HubMemory;
}

/** Reasons are cut: the hub takes no more. */
const LONGEST_REASON = 500;

/** @returns what became of it, for the tick's record; undefined: there was nothing to tell. A tick never fails for it. */
export async function tellHub(
  { standings, hubMemory }: HubDeps,
  env: SpendMeterEnv,
  tick: { readonly evaluation: Evaluation; readonly reading: TickReading; readonly acted: Acted },
  now: number,
): Promise<string | undefined> {
  if (env.HUB !== 'true') return undefined;
  const standing = standingOf(env, tick, now);
  if (!isStandingDue(hubMemory.told, standing)) return undefined;
  try {
    await standings.tell(standing);
  } catch (error) {
    if (!(error instanceof ServiceError || error instanceof GuardError)) throw error;
    return `not told: ${errorNameOf(error)}`;
  }
  hubMemory.told = standing;
  return 'told';
}

function standingOf(
  env: SpendMeterEnv,
  { evaluation, reading, acted }: Parameters<typeof tellHub>[2],
  now: number,
): Standing {
  const { decision, enforced, state } = evaluation;
  const { assessment } = reading;
  const { lastKnown } = decision.next;
  const spent = lastKnown?.month === state.month ? lastKnown : undefined;
  const read = reading.reading.known;
  const asOf = read?.month === state.month ? read.asOf : spent?.at;
  const isSeen = reading.switchVersions.kind === 'known' && acted.applied.inEffect;
  return {
    schemaVersion: 1,
    environment: env.ENVIRONMENT,
    month: state.month,
    at: new Date(now).toISOString(),
    asOf: spent === undefined || asOf === undefined ? null : new Date(asOf).toISOString(),
    desired: decision.desired,
    enforced: isSeen ? enforced : 'unknown',
    spentNano: spent?.monthToDate ?? null,
    atLeast: assessment.kind === 'unknown' || assessment.lowerBound,
    limitNano: decision.override?.limit ?? env.LINES.limit,
    blind: decision.blind,
    enforce: decision.enforce,
    reason: decision.reason.text.slice(0, LONGEST_REASON),
    guardVersion: env.GUARD_VERSION,
  };
}
