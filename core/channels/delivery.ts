import { HOUR_MS, MINUTE_MS, DAY_MS } from '../calendar';
import type { Notice } from '../notice';
import { type Attempt, CLAIM_MS, isClaimed, type Left, mayHaveCome, type Told, type Waiting } from './attempt';
import { folded, inOrder, isEarlier, overNow } from './order';
import type { Outcome } from './outcome';
import { atPlace, placeOf } from './place';
import type { Channel } from './types';

/** What says that something is over waits so long for what says that it began: SNS keeps no order. */
export const GRACE_MS = 10 * MINUTE_MS;
/** A refused message is tried again so often: the fault may have been mended. */
export const REFUSED_MS = HOUR_MS;
/** A message that could not be delivered for so long is given up, and named. */
export const KEPT_MS = 14 * DAY_MS;
/** Keys that are remembered of a fact. Those of SNS's doubles are minutes old. */
const KEYS = 60;
/** Notices that wait of a fact; more are told together. With texts as `trimmed` leaves them an item stays far below 400 KB. */
const WAITING = 8;

/**
 * What a channel was told of a fact, and what it is still to be told: one item a channel and fact, so that doubles and order are decided in
 * one place, by one conditional write.
 */
export interface Delivery {
  readonly schemaVersion: 1;
  readonly revision: number;
  readonly channel: string;
  readonly fact: string;
  /** Of the notices that were accepted, the newest last. */
  readonly keys: readonly string[];
  /** In order of time, without what is under way. */
  readonly waiting: readonly Waiting[];
  readonly current?: Attempt;
  readonly told?: Told;
  /** People are still to be mailed of it. */
  readonly left?: readonly Left[];
  readonly changedAt: number;
}

export type Accepted =
  | { readonly kind: 'accepted'; readonly delivery: Delivery }
  /** `known`: came before. `late`: a later state was told already. `unwanted`: the channel is told urgent things alone. */
  | { readonly kind: 'known' | 'late' | 'unwanted' };

/** Takes a notice in, before anything is sent. @param delivery undefined: the channel knows nothing of the fact */
export function accept(delivery: Delivery | undefined, channel: Channel, notice: Notice, now: number): Accepted {
  if (delivery?.keys.includes(notice.key)) return { kind: 'known' };
  // One that says that something is over is kept: what it ends may come after it.
  if (!isWanted(channel, notice) && notice.status !== 'resolved') return { kind: 'unwanted' };
  if (notice.fact === ownFact(channel.name)) return { kind: 'unwanted' };
  const before = atPlace(delivery ?? fresh(channel.name, notice.fact), channel, now);
  const last = before.current && before.current.notice.status !== 'once' ? before.current.notice : before.told;
  if (notice.status !== 'once' && last !== undefined && isEarlier(notice, last)) return { kind: 'late' };
  const waiting = [...before.waiting, { notice, acceptedAt: now }].toSorted((a, b) => inOrder(a.notice, b.notice));
  return {
    kind: 'accepted',
    delivery: {
      ...before,
      revision: before.revision + 1,
      keys: [...before.keys, notice.key].slice(-KEYS),
      waiting: atMost(waiting),
      changedAt: now,
    },
  };
}

/** The fact that a channel cannot be told: it is not told of that itself. */
export function ownFact(channel: string): string {
  return `channel|${channel}`;
}

/** Whether a channel is told what is no end of anything. A pager is for what somebody must act on, whatever it is told. */
function isWanted({ kind, tells }: Channel, { urgency, status }: Notice): boolean {
  return urgency !== 'info' || (tells === 'everything' && !(kind === 'pagerDuty' && status === 'once'));
}

export type Begun =
  | { readonly kind: 'nothing' }
  /** Nothing is to be sent, and yet something has changed. */
  | { readonly kind: 'changed'; readonly delivery: Delivery; readonly givenUp: readonly Notice[] }
  /** To be written before it is sent. */
  | {
      readonly kind: 'begun';
      readonly delivery: Delivery;
      readonly attempt: Attempt;
      readonly givenUp: readonly Notice[];
    };

/** What is to be sent next. Of states that nobody was told of only the last one is. */
export function begin(delivery: Delivery, channel: Channel, now: number): Begun {
  if (delivery.current !== undefined && isClaimed(delivery.current, now)) return { kind: 'nothing' };
  const kept = withoutOld(atPlace(delivery, channel, now), now);
  const givenUp = oldOf(delivery, now);
  const next = nextOf(kept, channel, now);
  if (next === undefined) return givenUp.length === 0 ? { kind: 'nothing' } : changed(kept, givenUp, now);
  if (next.kind === 'dropped') return changed({ ...kept, waiting: next.waiting }, givenUp, now);
  // The write that begins it succeeds for one alone, whose revision is its name.
  const attempt: Attempt = {
    ...next.attempt,
    ...{ id: String(delivery.revision + 1), claimedUntil: now + CLAIM_MS, place: placeOf(channel) },
  };
  const { current: _, ...rest } = kept;
  const begun = { ...rest, waiting: next.waiting, current: attempt };
  return { kind: 'begun', delivery: revised(begun, now), attempt, givenUp };
}

type Next =
  | { readonly kind: 'send'; readonly attempt: Attempt; readonly waiting: readonly Waiting[] }
  /** An end of what the channel was never told of, and is not told either. */
  | { readonly kind: 'dropped'; readonly waiting: readonly Waiting[] };

function nextOf(delivery: Delivery, channel: Channel, now: number): Next | undefined {
  const { current, waiting, told } = delivery;
  if (current !== undefined) {
    // What may have come through is sent as it was: the channel, or who reads there, must know it again.
    const isDoubtful = mayHaveCome(current);
    const isStill = waiting.every(({ notice }) => notice.status === 'once') || current.notice.status === 'once';
    if (isDoubtful || isStill) {
      if (current.notBefore > now) return undefined;
      return { kind: 'send', waiting, attempt: { ...current, isDoubtful, tries: current.tries + 1 } };
    }
  }
  const all = current === undefined ? waiting : [current, ...waiting];
  const run = leading(all);
  const [first] = run;
  const last = run.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (!isDue(run, channel, told, now)) {
    if (last.acceptedAt + DAY_MS > now) return undefined;
    return { kind: 'dropped', waiting: all.slice(run.length) };
  }
  const notice = told?.status === 'firing' ? last.notice : overNow(run.map((one) => one.notice));
  return {
    kind: 'send',
    waiting: all.slice(run.length).map((one) => ({ notice: one.notice, acceptedAt: one.acceptedAt })),
    attempt: {
      ...{ notice, acceptedAt: first.acceptedAt, id: '', claimedUntil: 0 },
      ...{ tries: 1, isDoubtful: false, notBefore: 0, isRefused: false },
    },
  };
}

/**
 * An end alone, of which nobody knows the beginning yet, waits for it; and is told in the end, or not at all. That of an alarm never is:
 * each alarm goes to OK once, when it is made.
 */
function isDue(run: readonly Waiting[], channel: Channel, told: Told | undefined, now: number): boolean {
  if (told?.status === 'firing' || run.some(({ notice }) => notice.status !== 'resolved')) return true;
  return run.some(
    ({ notice, acceptedAt }) => notice.source !== 'alarm' && isWanted(channel, notice) && acceptedAt + GRACE_MS <= now,
  );
}

/** What is told in one message: one that stands for itself, or all states up to the next of those. */
function leading<One extends Waiting>(all: readonly One[]): readonly One[] {
  const end = all.findIndex(({ notice }) => notice.status === 'once');
  if (end === 0) return all.slice(0, 1);
  return end === -1 ? all : all.slice(0, end);
}

/** How a try ended. @returns undefined where somebody else has it by now */
export function settle(delivery: Delivery, id: string, outcome: Outcome, now: number): Delivery | undefined {
  const { current, ...rest } = delivery;
  if (current?.id !== id) return undefined;
  if (outcome.kind === 'delivered') return revised({ ...rest, ...toldOf(delivery, current, outcome.ref) }, now);
  const isRefused = outcome.kind === 'refused' && outcome.of === 'message';
  const after: Attempt = {
    ...current,
    claimedUntil: 0,
    isDoubtful: current.isDoubtful || outcome.kind === 'doubtful',
    isRefused,
    notBefore: isRefused ? now + REFUSED_MS : 0,
  };
  return revised({ ...rest, current: after }, now);
}

function toldOf({ told }: Delivery, { notice, place }: Attempt, ref: string | undefined): { readonly told?: Told } {
  if (notice.status === 'once') return told === undefined ? {} : { told };
  // The message of an episode stays the one that is changed, until the episode is over.
  const kept = ref ?? (told?.status === 'firing' ? told.ref : undefined);
  const { status, at, title } = notice;
  return {
    told: { status, at, title, ...(kept !== undefined && { ref: kept }), ...(place !== undefined && { place }) },
  };
}

/** Whether anything is left to be told. */
export function isOpen({ waiting, current }: Delivery): boolean {
  return waiting.length > 0 || current !== undefined;
}

/** Whether something of it stands as firing, at the channel or where it was. */
export function isFiring({ told, left }: Delivery): boolean {
  return told?.status === 'firing' || (left !== undefined && left.length > 0);
}

function atMost(waiting: readonly Waiting[]): readonly Waiting[] {
  if (waiting.length <= WAITING) return waiting;
  const isState = ({ notice }: Waiting) => notice.status !== 'once';
  const states = waiting.filter(isState);
  const [first, second] = (states.length >= 2 ? states : waiting.filter((one) => !isState(one))) as [Waiting, Waiting];
  const one = { notice: folded(first.notice, second.notice), acceptedAt: first.acceptedAt };
  return waiting.flatMap((waits) => (waits === first ? [] : [waits === second ? one : waits]));
}

function oldOf({ waiting, current }: Delivery, now: number): readonly Notice[] {
  const all = current === undefined ? waiting : [current, ...waiting];
  return all.filter(({ acceptedAt }) => acceptedAt + KEPT_MS <= now).map(({ notice }) => notice);
}

function withoutOld(delivery: Delivery, now: number): Delivery {
  const { current, ...rest } = delivery;
  const isYoung = ({ acceptedAt }: Waiting) => acceptedAt + KEPT_MS > now;
  const waiting = rest.waiting.filter(isYoung);
  return { ...rest, waiting, ...(current !== undefined && isYoung(current) && { current }) };
}

function changed(delivery: Delivery, givenUp: readonly Notice[], now: number): Begun {
  return { kind: 'changed', delivery: revised(delivery, now), givenUp };
}

export function revised(delivery: Delivery, now: number): Delivery {
  return { ...delivery, revision: delivery.revision + 1, changedAt: now };
}

function fresh(channel: string, fact: string): Delivery {
  return { schemaVersion: 1, revision: 0, channel, fact, keys: [], waiting: [], changedAt: 0 };
}
