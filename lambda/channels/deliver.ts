import {
  begin,
  type Channel,
  type ChannelState,
  CHECKED_MS,
  type Delivery,
  freshState,
  isOpen,
  isPaused,
  type Outcome,
  placeOf,
  type Seen,
  settle,
  stateAt,
} from '../../core/channels';
import { errorNameOf, GuardError } from '../../core/errors';
import type { Notice } from '../../core/notice';
import type { ChannelsDeps } from './deps';
import type { ChannelsEnv } from './env';
import type { KeptSecrets, Usable } from './secrets';
import { sendOne } from './send';

/** After that nothing more is begun in a run: what waits is told by the next one. */
const BEGUN_WITHIN_MS = 30_000;
/** Others may be faster; what they wrote is read, and tried again. */
export const MOST_TRIES = 5;

export interface Told {
  readonly delivered: number;
  readonly troubles: readonly string[];
  readonly seen: Seen;
}

export interface ToTell {
  readonly channel: Channel;
  /** Of this channel, oldest first. */
  readonly deliveries: readonly Delivery[];
  readonly state: ChannelState | undefined;
  /** `deliveries` are all of which something is left. */
  readonly isAll: boolean;
}

/** Tells a channel what it is still to be told, one message after the other, until it does not take one. Never throws. */
export async function tellChannel(
  deps: ChannelsDeps,
  env: ChannelsEnv,
  secrets: KeptSecrets,
  { channel, deliveries, state: read = freshState(channel.name), isAll }: ToTell,
): Promise<Told> {
  const place = placeOf(channel);
  const state = stateAt(read, place);
  const began = deps.now();
  const troubles: string[] = [];
  let delivered = 0;
  let failure: Exclude<Outcome, { kind: 'delivered' }> | undefined;
  let isRefusing = false;
  let isWaiting = false;
  const hasSecret = 'secret' in channel;
  const isChecked = hasSecret && began - state.checkedAt >= CHECKED_MS;
  const open = deliveries.filter(isOpen);
  let secret: Extract<Usable, { kind: 'usable' }> | undefined;
  if (hasSecret && (open.length > 0 || isChecked)) {
    const used = await secrets.of(channel, state.refusedVersion !== undefined);
    if (used.kind === 'unusable')
      return { delivered, troubles, seen: { delivered, place, failure: used.outcome, isSecretRight: false } };
    secret = used;
  }
  // What is left alone for a while shows nothing.
  if (isPaused(state, secret?.version, began))
    return { delivered, troubles, seen: { delivered, place, isSecretRight: false } };
  const seen = (): Seen => ({
    ...{ delivered, place },
    ...(failure && { failure }),
    ...(secret !== undefined && { secretVersion: secret.version }),
    isSecretRight: secret !== undefined,
    ...(isAll && { isRefusing, isWaiting }),
  });
  for (const first of open) {
    let delivery: Delivery | undefined = first;
    while (delivery !== undefined) {
      if (deps.now() - began >= BEGUN_WITHIN_MS) {
        isWaiting = true;
        isRefusing ||= delivery.current?.isRefused === true;
        break;
      }
      const one: Attempted = await attempted(deps, channel, delivery, async (sent) => {
        const outcome = await sendOne(deps, env, { channel, secret: secret?.value, ...sent });
        if (!hasSecret || !isOfSecret(outcome)) return outcome;
        // It may have been replaced since it was read.
        const again = await secrets.of(channel, true);
        if (again.kind === 'unusable') return again.outcome;
        if (again.version === secret?.version) return outcome;
        secret = again;
        return sendOne(deps, env, { channel, secret: again.value, ...sent });
      });
      troubles.push(...one.troubles.map((trouble) => `${channel.name}: ${trouble}`));
      const { outcome } = one;
      if (outcome?.kind === 'delivered') delivered += 1;
      else if (outcome !== undefined) failure = outcome;
      if (one.after?.current?.isRefused === true) isRefusing = true;
      if (one.after !== undefined && isOpen(one.after)) isWaiting = true;
      if (outcome !== undefined && isOfChannel(outcome)) return { delivered, troubles, seen: seen() };
      delivery = outcome?.kind === 'delivered' && one.after !== undefined && isOpen(one.after) ? one.after : undefined;
    }
  }
  return { delivered, troubles, seen: seen() };
}

function isOfSecret(outcome: Outcome): boolean {
  return outcome.kind === 'refused' && outcome.of === 'channel';
}

/** The next message would fare no better. */
function isOfChannel(outcome: Outcome): boolean {
  return outcome.kind === 'later' || outcome.kind === 'doubtful' || isOfSecret(outcome);
}

interface Attempted {
  /** Undefined: nothing was sent. */
  readonly outcome?: Outcome;
  readonly after?: Delivery;
  readonly troubles: readonly string[];
}

/** Begins, sends and settles the next message of a fact. What another run has in hand is left to it. */
async function attempted(
  deps: ChannelsDeps,
  channel: Channel,
  delivery: Delivery,
  send: (sent: { readonly delivery: Delivery; readonly attempt: NonNullable<Delivery['current']> }) => Promise<Outcome>,
): Promise<Attempted> {
  const begun = begin(delivery, channel, deps.now());
  if (begun.kind === 'nothing') return { after: delivery, troubles: [] };
  const troubles = begun.givenUp.map(gaveUp);
  try {
    await deps.deliveries.saveDelivery(begun.delivery, delivery.revision);
  } catch (error) {
    return { after: delivery, troubles: isConflict(error) ? [] : [`not begun: ${errorNameOf(error)}`] };
  }
  if (begun.kind === 'changed') return { after: begun.delivery, troubles };
  const { attempt } = begun;
  const outcome = await send({ delivery: begun.delivery, attempt }).catch((error: unknown): Outcome => {
    // A fault of this code may strike before or after it was sent.
    troubles.push(`'${attempt.notice.title}': ${errorNameOf(error)}`);
    return { kind: 'doubtful', why: `the function failed with ${errorNameOf(error)}` };
  });
  try {
    const after = await settled(deps, begun.delivery, attempt.id, outcome);
    return { outcome, troubles, ...(after !== undefined && { after }) };
  } catch (error) {
    // Whoever comes next finds a claim that has run out, and asks the channel, or says so in the message.
    return { outcome, troubles: [...troubles, `not written down: ${errorNameOf(error)}`] };
  }
}

/** Notices may have come in meanwhile. @returns undefined where another run has taken it over */
async function settled(
  { deliveries, now }: ChannelsDeps,
  begun: Delivery,
  id: string,
  outcome: Outcome,
): Promise<Delivery | undefined> {
  let delivery: Delivery | undefined = begun;
  for (let tries = 1; ; tries++) {
    const after: Delivery | undefined = delivery && settle(delivery, id, outcome, now());
    if (delivery === undefined || after === undefined) return undefined;
    try {
      await deliveries.saveDelivery(after, delivery.revision);
      return after;
    } catch (error) {
      if (tries >= MOST_TRIES) throw error;
      if (isConflict(error)) delivery = await deliveries.delivery(begun.channel, begun.fact);
    }
  }
}

function gaveUp({ title, at }: Notice): string {
  return `gave up '${title}' of ${new Date(at).toISOString()}, which it did not take for two weeks`;
}

export function isConflict(error: unknown): boolean {
  return error instanceof GuardError && error.code === 'STATE_CONFLICT';
}
