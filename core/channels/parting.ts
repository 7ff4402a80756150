import { utcTime } from '../calendar';
import type { Mail } from '../mail';
import { asciiSubject, runbookLine } from '../mail';
import type { Notice } from '../notice';
import { isClaimed, type Left, mayHaveCome } from './attempt';
import { type Delivery, revised } from './delivery';
import { inOrder } from './order';
import { atPlace, isElsewhere, over, standing } from './place';
import type { Remembered } from './ports';
import { type ChannelState, isIdle, isMailing, troubleEnd } from './trouble';
import type { Channel } from './types';

/** A heading of docs/runbook.md. */
const RUNBOOK = 'A channel is gone';
/** Titles that a mail names of a kind. */
const NAMED = 8;

/** What is remembered of where a channel is no more: the config has it no more, or at another place. */
export interface Leaving {
  readonly name: string;
  /** Undefined: the config has none of that name. */
  readonly channel: Channel | undefined;
  readonly deliveries: readonly Delivery[];
  readonly state: ChannelState | undefined;
}

/** Channels that have left something behind. Where somebody is still sending or mailing of one, it is looked at by the next run. */
export function leavingsOf(
  { deliveries, firing, states }: Remembered,
  channels: readonly Channel[],
  now: number,
): readonly Leaving[] {
  const all = [...deliveries, ...firing];
  const names = new Set([...all, ...states].map(({ channel }) => channel));
  return [...names].flatMap((name) => {
    const channel = channels.find((one) => one.name === name);
    const state = states.find((one) => one.channel === name);
    const left = all.filter((one) => one.channel === name && (channel === undefined || hasLeft(one, channel)));
    if (left.length === 0 && (channel !== undefined || state === undefined || isIdle(state))) return [];
    const isBusy = left.some(({ current }) => current !== undefined && isClaimed(current, now));
    if (isBusy || (state !== undefined && isMailing(state, now))) return [];
    return [{ name, channel, deliveries: left, state }];
  });
}

function hasLeft({ left = [], told, current }: Delivery, channel: Channel): boolean {
  return left.length > 0 || isElsewhere(told, channel) || isElsewhere(current, channel);
}

/** What people are to know of it; all of it empty: nothing. */
export interface Parting {
  /** Must be closed by hand. */
  readonly standing: readonly Left[];
  /** Nobody is told of it there. */
  readonly untold: readonly Left[];
  /** Its trouble, of which they were mailed, has an end. */
  readonly end?: Notice;
}

export function partingOf(environment: string, leaving: Leaving, now: number): Parting {
  const { channel, deliveries, state } = leaving;
  if (channel !== undefined) {
    const moved = deliveries.map((one) => atPlace(one, channel, now));
    return { standing: latestFirst(moved.flatMap(({ left = [] }) => left)), untold: [] };
  }
  const mailed = state?.mailed ?? state?.mailing;
  const end =
    state === undefined || mailed === undefined ? undefined : troubleEnd(environment, state.channel, mailed, now);
  return {
    standing: latestFirst(deliveries.flatMap((one) => [...(one.left ?? []), ...standing(one)])),
    untold: latestFirst(deliveries.flatMap(untoldOf)),
    ...(end !== undefined && { end }),
  };
}

/** As it would have been told: of states the last one. What may stand there is to be closed, and an end of what nobody there was told of is no news. */
function untoldOf({ told, current, waiting }: Delivery): readonly Left[] {
  const all = [
    ...(current === undefined ? [] : [{ notice: current.notice, isDoubtful: mayHaveCome(current) }]),
    ...waiting.map(({ notice }) => ({ notice, isDoubtful: false })),
  ];
  const standsAlone = ({ notice: { status } }: (typeof all)[number]) => status === 'once';
  const states = all.filter((one) => !standsAlone(one));
  const last = states.at(-1);
  const isFiring = told?.status === 'firing';
  const hasBegun = isFiring || states.some(({ notice }) => notice.status === 'firing');
  const mayStand = last?.isDoubtful === true && last.notice.status === 'firing' && !isFiring;
  return [...all.filter(standsAlone), ...(last !== undefined && hasBegun && !mayStand ? [last] : [])].map(
    ({ notice: { title, at }, isDoubtful }) => ({ title, at, isDoubtful }),
  );
}

export function isSilent({ standing: open, untold, end }: Parting): boolean {
  return open.length === 0 && untold.length === 0 && end === undefined;
}

/** When the latest of it was; 0 where it is silent. */
export function latestOf({ standing: open, untold }: Pick<Parting, 'standing' | 'untold'>): number {
  return Math.max(0, ...[...open, ...untold].map(({ at }) => at));
}

/** Whether all of the one is in the other. */
export function isWithin(one: Parting, other: Parting): boolean {
  const has = (all: readonly Left[], { title, at }: Left) => all.some((each) => each.title === title && each.at === at);
  return one.standing.every((each) => has(other.standing, each)) && one.untold.every((each) => has(other.untold, each));
}

/** For the log: names no facts. */
export function partingLine({ name, channel }: Leaving, { standing: open, untold }: Parting): string {
  const what = channel === undefined ? 'is no longer in the config' : 'has another place';
  return `${name} ${what}: ${open.length} to be closed by hand, ${untold.length} never told`;
}

/** After people were mailed: nothing is told any more that was for that place, and nothing counts as open there. */
export function parted(delivery: Delivery, channel: Channel | undefined, now: number): Delivery {
  const { left: _, ...here } = channel === undefined ? forgotten(delivery) : atPlace(delivery, channel, now);
  return revised(here, now);
}

/** Keys stay, and how far its states had come: where the channel comes back what is old is late. */
function forgotten(delivery: Delivery): Delivery {
  const { current, waiting, told, ...rest } = delivery;
  const states = [...waiting, ...(current === undefined ? [] : [current])]
    .map(({ notice }) => notice)
    .filter(({ status }) => status !== 'once');
  const last = [...states, ...(told === undefined ? [] : [told])].toSorted(inOrder).at(-1);
  return { ...rest, waiting: [], ...(last !== undefined && { told: over(last) }) };
}

/** One mail a channel. Its key is of the latest that it says, which is settled last: one that is repeated is told to other channels once. */
export function partingMail(environment: string, leaving: Leaving, parting: Parting, now: number): Mail {
  const { name, channel } = leaving;
  const { standing: open, untold, end } = parting;
  const isGone = channel === undefined;
  const title = isGone ? `Channel ${name} is no longer in the config` : `Channel ${name} has another place`;
  const happened = [
    ...named('Last told there as firing, and nobody is told its end there', open),
    ...named('Never told there', untold),
    ...(end?.happened ?? []),
  ];
  const todo = [
    ...(open.length > 0 ? [CLOSE] : []),
    ...(untold.length > 0 ? ['Read it in the mails of these days: they had all of it.'] : []),
    ...(isGone ? ['If that was not meant: put it back under its name, and it is told what comes from then on.'] : []),
  ];
  const fact = `parting|${name}`;
  const notice: Notice = {
    ...{ schemaVersion: 1, environment, source: 'health', status: 'once', urgency: 'warning', at: now },
    ...{
      fact,
      key: `${fact}|${isGone ? 'gone' : 'moved'}|${latestOf(parting)}`,
      title,
      happened,
      todo,
      runbook: RUNBOOK,
    },
  };
  const body = [`${title}.`, '', ...happened, ...todo.map((step) => `To do: ${step}`), '', runbookLine(RUNBOOK)];
  return {
    subject: asciiSubject(`[${environment}] ${title}`),
    body: body.join('\n'),
    notices: [...(open.length + untold.length > 0 ? [notice] : []), ...(end === undefined ? [] : [end])],
  };
}

const CLOSE =
  'Close by hand what is still open there: resolve the incident where PagerDuty has it; what stands in a chat is not changed any more.';

function named(what: string, all: readonly Left[]): readonly string[] {
  if (all.length === 0) return [];
  const lines = all
    .slice(0, NAMED)
    .map(({ title, at, isDoubtful }) => `- ${title}, ${utcTime(at)}${isDoubtful ? ' (it may have come through)' : ''}`);
  const more = all.length - lines.length;
  return [`${what}, ${all.length} in all:`, ...lines, ...(more > 0 ? [`- and ${more} more`] : [])];
}

function latestFirst(all: readonly Left[]): readonly Left[] {
  return all.toSorted((one, other) => other.at - one.at);
}
