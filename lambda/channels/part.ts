import {
  type ChannelState,
  claimMail,
  type Delivery,
  freshState,
  isClaimed,
  isSilent,
  isWithin,
  latestOf,
  type Leaving,
  parted,
  type Parting,
  partingLine,
  partingMail,
  partingOf,
} from '../../core/channels';
import { errorNameOf } from '../../core/errors';
import { isConflict, MOST_TRIES } from './deliver';
import type { ChannelsDeps } from './deps';
import type { ChannelsEnv } from './env';
import { changed } from './state';

export interface Parted {
  /** As they stand now. What another run has written meanwhile is not among them. */
  readonly deliveries: readonly Delivery[];
  readonly state: ChannelState | undefined;
  /** What people were mailed, in short. */
  readonly mailed: readonly string[];
  readonly troubles: readonly string[];
}

/**
 * Takes leave of where a channel was: mails people what it has left there, then settles it. Claimed before it is mailed, and settled after, so that a run that dies
 * costs a second mail and never the only one. Never throws.
 */
export async function part(deps: ChannelsDeps, env: ChannelsEnv, leaving: Leaving): Promise<Parted> {
  const { name, channel } = leaving;
  const now = deps.now();
  const parting = partingOf(env.ENVIRONMENT, leaving, now);
  const deliveries: Delivery[] = [];
  const mailed: string[] = [];
  let { state } = leaving;
  try {
    if (!isSilent(parting)) {
      const before = state ?? freshState(name);
      const claimed = claimMail(before, now);
      await deps.deliveries.saveState(claimed, before.revision);
      state = claimed;
      await deps.mail.send(partingMail(env.ENVIRONMENT, leaving, parting, now));
      mailed.push(partingLine(leaving, parting));
    }
    for (const delivery of latestLast(env, leaving, now)) {
      const after = await settled(deps, env, { ...leaving, deliveries: [delivery] }, parting, now);
      if (after !== undefined) deliveries.push(after);
    }
    if (state !== undefined && (channel === undefined || mailed.length > 0)) {
      state = await changed(deps, state, (before) => ({
        ...(channel === undefined ? freshState(name) : before),
        ...{ revision: before.revision + 1, claimedUntil: 0 },
      }));
    }
    return { deliveries, state, mailed, troubles: [] };
  } catch (error) {
    // Another run takes leave of it, or tells it.
    const troubles = isConflict(error) ? [] : [`${name}: what it has left was not settled: ${errorNameOf(error)}`];
    return { deliveries, state, mailed, troubles };
  }
}

/** What the mail has its key of is settled last. */
function latestLast({ ENVIRONMENT }: ChannelsEnv, leaving: Leaving, now: number): readonly Delivery[] {
  const ages = leaving.deliveries.map((one) => ({
    one,
    latest: latestOf(partingOf(ENVIRONMENT, { ...leaving, deliveries: [one], state: undefined }, now)),
  }));
  return ages.toSorted((a, b) => a.latest - b.latest).map(({ one }) => one);
}

/**
 * One fact. Where another run has changed it meanwhile, and has left no more there than people were mailed, that is settled.
 * @returns undefined where there is more, or somebody is at it: the next run looks at it
 * @throws ServiceError
 */
async function settled(
  { deliveries }: ChannelsDeps,
  { ENVIRONMENT }: ChannelsEnv,
  leaving: Leaving,
  mailed: Parting,
  now: number,
): Promise<Delivery | undefined> {
  let [before] = leaving.deliveries;
  for (let tries = 1; before !== undefined; tries++) {
    const after = parted(before, leaving.channel, now);
    try {
      await deliveries.saveDelivery(after, before.revision);
      return after;
    } catch (error) {
      if (!isConflict(error)) throw error;
      before = tries < MOST_TRIES ? await deliveries.delivery(before.channel, before.fact) : undefined;
      const isBusy = before?.current !== undefined && isClaimed(before.current, now);
      if (before === undefined || isBusy) return undefined;
      const left = partingOf(ENVIRONMENT, { ...leaving, deliveries: [before], state: undefined }, now);
      if (!isWithin(left, mailed)) return undefined;
    }
  }
  return undefined;
}
