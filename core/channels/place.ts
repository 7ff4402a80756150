import { isClaimed, type Left, mayHaveCome, type Told } from './attempt';
import type { Delivery } from './delivery';
import type { Channel } from './types';

/** Where a channel's messages are: a name may be given to another kind, or to another place of its kind. No secret. Two spellings of one place are one. */
export function placeOf(channel: Channel): string {
  return [channel.kind, ...partsOf(channel)].join(' ');
}

function partsOf(channel: Channel): readonly string[] {
  switch (channel.kind) {
    case 'slack':
      return [channel.workspaceId, channel.channelId];
    case 'teams':
      return [channel.tenantId, channel.teamId, decoded(channel.channelId)].map((one) => one.toLowerCase());
    // Messages are the channel's, whichever secret holds the token.
    case 'slackBot':
      return [channel.channelId];
    case 'webhook':
      return [new URL(channel.url).href];
    case 'slackWebhook':
    case 'teamsWebhook':
    case 'pagerDuty':
      return [channel.secret.service, channel.secret.name];
  }
}

/** As links have it, and as people write it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether something was told, or begun, where the channel is no more. */
export function isElsewhere(of: { readonly place?: string } | undefined, channel: Channel): boolean {
  return of?.place !== undefined && of.place !== placeOf(channel);
}

/**
 * What is remembered of a fact, as it counts where the channel is now. What was told elsewhere is neither changed nor ended here, and what
 * was begun there is sent here as new. While somebody sends it there it is theirs.
 */
export function atPlace(delivery: Delivery, channel: Channel, now: number): Delivery {
  const { current, told, waiting, ...rest } = delivery;
  const [hasToldElsewhere, hasBegunElsewhere] = [isElsewhere(told, channel), isElsewhere(current, channel)];
  if (!hasToldElsewhere && !hasBegunElsewhere) return delivery;
  if (current !== undefined && isClaimed(current, now)) return delivery;
  const left = [...(rest.left ?? []), ...standing(delivery, hasToldElsewhere, hasBegunElsewhere)];
  const begun = current === undefined || hasBegunElsewhere ? {} : { current };
  const again =
    current !== undefined && hasBegunElsewhere ? [{ notice: current.notice, acceptedAt: current.acceptedAt }] : [];
  const known = told === undefined ? {} : { told: hasToldElsewhere ? over(told) : told };
  return { ...rest, ...begun, ...known, waiting: [...again, ...waiting], ...(left.length > 0 && { left }) };
}

/** For the order alone: what is earlier is late, and what comes is new. */
export function over({ at }: Pick<Told, 'at'>): Told {
  return { status: 'resolved', at };
}

/** What may stand as firing, of what was told and of what was begun. */
export function standing({ fact, told, current }: Delivery, ofTold = true, ofBegun = true): readonly Left[] {
  if (ofTold && told?.status === 'firing') return [{ title: told.title ?? fact, at: told.at, isDoubtful: false }];
  if (!ofBegun || current === undefined || current.notice.status !== 'firing' || !mayHaveCome(current)) return [];
  return [{ title: current.notice.title, at: current.notice.at, isDoubtful: true }];
}
