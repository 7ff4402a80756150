import { utcTime } from '../calendar';
import type { Notice } from '../notice';
import { isLouder } from './call';

interface Moment {
  readonly at: number;
  readonly status: Notice['status'];
}

/** What began and ended at once has ended. */
function rank({ status }: Moment): number {
  return status === 'resolved' ? 1 : 0;
}

export function inOrder(one: Moment, other: Moment): number {
  return one.at - other.at || rank(one) - rank(other);
}

export function isEarlier(one: Moment, other: Moment): boolean {
  return inOrder(one, other) < 0;
}

/**
 * States of a fact that nobody was told of, as one message: the last one, and what came before it.
 * @param run in order, not empty
 */
export function overNow(run: readonly Notice[]): Notice {
  const last = run.at(-1) as Notice;
  const began = run.find(({ status }) => status === 'firing');
  if (began === undefined || began === last) return last;
  const before = `From ${utcTime(began.at)} on: ${began.title}`;
  return {
    ...last,
    // Who is told of urgent things alone is told that one of them was.
    urgency: worse(began.urgency, last.urgency),
    happened: [before, ...last.happened.filter((line) => line !== before)],
  };
}

/** Two of a kind, states or not, as one, where too many wait: the later one, with what the earlier one was about. */
export function folded(earlier: Notice, later: Notice): Notice {
  if (earlier.status === 'firing' && later.status === 'resolved') return overNow([earlier, later]);
  return { ...later, urgency: worse(earlier.urgency, later.urgency), happened: withEarlier(earlier, later) };
}

/** Lines that say what was folded in; of many the first and the last ones. */
function withEarlier({ title, happened: before }: Notice, { happened }: Notice): readonly string[] {
  const told = before.filter((line) => line.startsWith(EARLIER));
  return [...[...told, `${EARLIER}${title}`].slice(-10), ...happened];
}

const EARLIER = 'Earlier: ';

function worse(one: Notice['urgency'], other: Notice['urgency']): Notice['urgency'] {
  return isLouder(one, other) ? one : other;
}
