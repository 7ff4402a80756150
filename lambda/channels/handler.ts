import {
  accept,
  type Channel,
  type Delivery,
  incomingNotices,
  isToldOf,
  type Leaving,
  leavingsOf,
} from '../../core/channels';
import { errorNameOf } from '../../core/errors';
import { asFindings } from '../../core/metrics';
import type { Notice } from '../../core/notice';
import { isConflict, MOST_TRIES, tellChannel, type ToTell } from './deliver';
import type { ChannelsDeps } from './deps';
import type { ChannelsEnv } from './env';
import { parseEvent } from './event';
import { part } from './part';
import { KeptSecrets } from './secrets';
import { keepState } from './state';

export interface ChannelsResult {
  /** Notices that came, before channels are looked at. */
  readonly notices: number;
  readonly delivered: number;
  /** Of notices and channels: taken in, known already, too late, not wanted. */
  readonly accepted: number;
  readonly known: number;
  readonly late: number;
  readonly unwanted: number;
  /** Channels that cannot be told, with why. */
  readonly silent: readonly string[];
  /** Places where channels are no more, of which people were mailed. */
  readonly parted: readonly string[];
  readonly troubles: readonly string[];
}

/**
 * Tells channels what came by the topics, or what is still to be told. All that came is written down before anything is sent.
 * @throws GuardError EVENT_INVALID, STATE_CONFLICT; ServiceError where the table does not answer: Lambda brings the messages again
 */
export function makeHandler(
  deps: ChannelsDeps,
  env: ChannelsEnv,
  secrets = new KeptSecrets(deps),
): (event: unknown) => Promise<ChannelsResult> {
  return async (input) => {
    const event = parseEvent(input, deps.now());
    const taken = new Taken();
    let toTell: readonly ToTell[];
    let unread: readonly string[] = [];
    let leavings: readonly Leaving[] = [];
    if (event.kind === 'schedule') {
      const all = await deps.deliveries.all();
      unread = all.unread;
      leavings = leavingsOf(all, env.CHANNELS, deps.now());
      toTell = env.CHANNELS.map((channel) => ({
        channel,
        deliveries: oldestFirst(all.deliveries.filter((one) => one.channel === channel.name)),
        state: all.states.find((one) => one.channel === channel.name),
        isAll: true,
      }));
    } else {
      for (const message of event.messages) {
        const { notices, refused } = incomingNotices(message, env.ENVIRONMENT, env.ALERT_TOPIC_ARN);
        taken.troubles.push(...refused.map((why) => `a message's notices were told as text: ${why}`));
        taken.notices += notices.length;
        for (const notice of notices) await taken.in(deps, env.CHANNELS, notice);
      }
      toTell = await Promise.all(
        [...taken.deliveries].map(async ([channel, deliveries]) => ({
          ...{ channel, deliveries: oldestFirst([...deliveries.values()]), isAll: false },
          state: await deps.deliveries.state(channel.name),
        })),
      );
    }
    // Each by itself: what does not answer delays nobody else.
    const [told, gone] = await Promise.all([
      Promise.all(
        toTell.map((one) =>
          tellAndKeep(
            deps,
            env,
            secrets,
            one,
            leavings.find(({ channel }) => channel === one.channel),
          ),
        ),
      ),
      Promise.all(leavings.filter(({ channel }) => channel === undefined).map((one) => part(deps, env, one))),
    ]);
    const result = report(deps, env, event.kind, {
      ...taken.counts(),
      delivered: told.reduce((sum, { delivered }) => sum + delivered, 0),
      silent: told.flatMap(({ state: { channel, trouble } }) =>
        trouble !== undefined && isToldOf(trouble, deps.now()) ? [`${channel}: ${trouble.why}`] : [],
      ),
      parted: [...told, ...gone].flatMap(({ mailed }) => mailed),
      troubles: [...taken.troubles, ...unread, ...[...told, ...gone].flatMap(({ troubles }) => troubles)],
    });
    if (taken.failure !== undefined) throw taken.failure.error;
    return result;
  };
}

async function tellAndKeep(
  deps: ChannelsDeps,
  env: ChannelsEnv,
  secrets: KeptSecrets,
  read: ToTell,
  leaving: Leaving | undefined,
) {
  // First of all: what it is told at its new place is written over what it was told at the old one.
  const left = leaving && (await part(deps, env, leaving));
  const after = (one: Delivery) => left?.deliveries.find(({ fact }) => fact === one.fact) ?? one;
  const one: ToTell =
    left === undefined ? read : { ...read, deliveries: read.deliveries.map(after), state: left.state };
  const { delivered, troubles, seen } = await tellChannel(deps, env, secrets, one);
  const kept = await keepState(deps, env, one.channel, one.state, seen);
  const all = [...(left?.troubles ?? []), ...troubles, ...kept.troubles];
  return { delivered, state: kept.state, mailed: left?.mailed ?? [], troubles: all };
}

function report(deps: ChannelsDeps, env: ChannelsEnv, kind: string, result: ChannelsResult): ChannelsResult {
  deps.metrics.record(
    env.ENVIRONMENT,
    asFindings(result.silent.length + result.parted.length + result.troubles.length),
    {
      event: `channels.${kind === 'schedule' ? 'caughtUp' : 'told'}`,
      ...result,
    },
  );
  return result;
}

/** What came in, and what became of it. */
class Taken {
  notices = 0;
  readonly troubles: string[] = [];
  /** The first one: others were taken in all the same. */
  failure: { readonly error: unknown } | undefined;
  readonly deliveries = new Map<Channel, Map<string, Delivery>>();
  private readonly kinds = { accepted: 0, known: 0, late: 0, unwanted: 0 };

  counts() {
    return { notices: this.notices, ...this.kinds };
  }

  /** One notice, for every channel. What cannot be written for one is no hindrance for another. */
  async in(deps: ChannelsDeps, channels: readonly Channel[], notice: Notice): Promise<void> {
    await Promise.all(
      channels.map(async (channel) => {
        try {
          await this.one(deps, channel, notice);
        } catch (error) {
          this.failure ??= { error };
          this.troubles.push(`${channel.name}: '${notice.title}' was not taken in: ${errorNameOf(error)}`);
        }
      }),
    );
  }

  /** @throws GuardError STATE_CONFLICT, ANSWER_INVALID; ServiceError */
  private async one({ deliveries, now }: ChannelsDeps, channel: Channel, notice: Notice): Promise<void> {
    for (let tries = 1; ; tries++) {
      const before = await deliveries.delivery(channel.name, notice.fact);
      const accepted = accept(before, channel, notice, now());
      if (accepted.kind === 'accepted') {
        try {
          await deliveries.saveDelivery(accepted.delivery, before?.revision ?? 0);
        } catch (error) {
          if (!isConflict(error) || tries >= MOST_TRIES) throw error;
          continue;
        }
      }
      this.kinds[accepted.kind] += 1;
      const touched = accepted.kind === 'accepted' ? accepted.delivery : before;
      if (touched !== undefined) this.touch(channel, touched);
      return;
    }
  }

  private touch(channel: Channel, delivery: Delivery): void {
    const known = this.deliveries.get(channel) ?? new Map<string, Delivery>();
    this.deliveries.set(channel, known.set(delivery.fact, delivery));
  }
}

function oldestFirst(deliveries: readonly Delivery[]): readonly Delivery[] {
  const age = ({ current, waiting }: Delivery) =>
    Math.min(current?.acceptedAt ?? Infinity, waiting[0]?.acceptedAt ?? Infinity);
  return deliveries.toSorted((a, b) => age(a) - age(b));
}
