import {
  afterMail,
  afterRun,
  type Channel,
  type ChannelState,
  claimMail,
  freshState,
  mailDue,
  type Seen,
  troubleMail,
} from '../../core/channels';
import { errorNameOf } from '../../core/errors';
import { isConflict, MOST_TRIES } from './deliver';
import type { ChannelsDeps } from './deps';
import type { ChannelsEnv } from './env';

export interface Kept {
  readonly state: ChannelState;
  readonly troubles: readonly string[];
}

/** Writes down how it stands with a channel, and mails it where that is new. Never throws. */
export async function keepState(
  deps: ChannelsDeps,
  env: ChannelsEnv,
  channel: Channel,
  read: ChannelState | undefined,
  seen: Seen,
): Promise<Kept> {
  let state = read ?? freshState(channel.name);
  try {
    state = await changed(deps, state, (before) => afterRun(before, seen, deps.now()));
    if (mailDue(state, deps.now()) === undefined) return { state, troubles: [] };
    const claimed = claimMail(state, deps.now(), state.trouble);
    await deps.deliveries.saveState(claimed, state.revision);
    state = claimed;
    await deps.mail.send(troubleMail(env.ENVIRONMENT, channel, claimed, deps.now()));
    state = await changed(deps, claimed, (before) => afterMail(before, claimed.trouble));
    return { state, troubles: [] };
  } catch (error) {
    // Another run mails it.
    if (isConflict(error)) return { state, troubles: [] };
    return { state, troubles: [`${channel.name}: its state was not kept or mailed: ${errorNameOf(error)}`] };
  }
}

/** @returns what stands then @throws GuardError STATE_CONFLICT where others were faster each time; ServiceError */
export async function changed(
  { deliveries }: Pick<ChannelsDeps, 'deliveries'>,
  read: ChannelState,
  change: (before: ChannelState) => ChannelState,
): Promise<ChannelState> {
  let before = read;
  for (let tries = 1; ; tries++) {
    const after = change(before);
    if (after === before) return before;
    try {
      await deliveries.saveState(after, before.revision);
      return after;
    } catch (error) {
      if (!isConflict(error) || tries >= MOST_TRIES) throw error;
      before = (await deliveries.state(read.channel)) ?? freshState(read.channel);
    }
  }
}
