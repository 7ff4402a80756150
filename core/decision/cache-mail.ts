import { HOUR_MS, utcTime } from '../calendar';
import { type CacheBurn, LATELY_HOURS, ratioText } from '../meter';
import { addUpTo, formatUsd, timesUpTo, ZERO, type NanoUsd } from '../money';
import type { Wording } from '../notice';

/** What is told of prompt caches that cost more than they save, or than they did. */
export function cacheWording(burns: readonly CacheBurn[]): Wording {
  const more = addUpTo(...burns.map(costsMore));
  const hours = Math.max(...burns.map(hoursOf));
  return {
    title: `prompts are cached and hardly read again: up to ${formatUsd(more)} more in ${hours} hours`,
    lines: [
      ...burns.flatMap(burnLines),
      'Nothing is stopped or denied because of this. The limit and its lines hold as before.',
    ],
    todo: [
      'Find the caller and what it has changed, and put what differs from call to call behind the cached part; or switch its caching off.',
    ],
    runbook: 'spend-meter-cache-burn',
  };
}

/** Against sending the tokens plainly, or against how the cache was read before, whichever is more. */
function costsMore({ lost, aboveBefore = ZERO }: CacheBurn): NanoUsd {
  return aboveBefore > lost ? aboveBefore : lost;
}

function hoursOf({ from, to }: CacheBurn): number {
  return from === undefined || to === undefined ? LATELY_HOURS : (to - from) / HOUR_MS;
}

function burnLines(burn: CacheBurn): readonly string[] {
  const { modelId, metricId, region, readsPerWrite, breakEven, before, lost, aboveBefore, spend, from, to } = burn;
  const when = from === undefined || to === undefined ? '' : `, ${utcTime(from)} to ${utcTime(to)}`;
  const a = (amount: NanoUsd) =>
    `${formatUsd(amount)} (${formatUsd(timesUpTo(amount, 24 / hoursOf(burn)))} a day at this pace)`;
  const ofSpend = spend === undefined ? '' : ` of ${formatUsd(spend)}`;
  const pays = breakEven === 0 ? 'a write costs no more than plain input' : `it pays from ${ratioText(breakEven)} on`;
  const earlier = before === undefined ? '' : `; earlier this month it had ${ratioText(before)}`;
  return [
    `${modelId} (${metricId} in ${region})${when}: ${ratioText(readsPerWrite)} tokens read from the cache for each one written, ${pays}${earlier}.`,
    `  Cache writes are ${burn.writesPercent.toFixed(0)}%${ofSpend}.`,
    ...(lost > 0 ? [`  The cache cost up to ${a(lost)} more than the same tokens without one.`] : []),
    ...(aboveBefore === undefined || aboveBefore === 0
      ? []
      : [`  By the earlier ratio these tokens would have cost up to ${a(aboveBefore)} less.`]),
    `  Likely cause: ${burn.likelyCause}.`,
  ];
}
