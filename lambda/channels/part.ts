import {
  type ChannelState,
  claimMail,
  type Delivery,
  freshState,
  isSilent,
  type Leaving,
  parted,
  partingLine,
  partingMail,
  partingOf,
} from '../../core/channels';
import { errorNameOf } from '../../core/errors';
import { isConflict } from './deliver';
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
    for (const delivery of leaving.deliveries) {
      const after = await settled(deps, delivery, parted(delivery, channel, now));
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

/** @returns undefined where another run was faster: what it wrote is looked at by the next one @throws ServiceError */
async function settled({ deliveries }: ChannelsDeps, before: Delivery, after: Delivery): Promise<Delivery | undefined> {
  try {
    await deliveries.saveDelivery(after, before.revision);
    return after;
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}
