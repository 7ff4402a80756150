/** What `spend-guard left` makes of the server's answer, and of what Claude Code says of its session. */

const LONGEST_NAME = 32;
const LONGEST_MODEL = 24;
const FIGURES = ['limitUsd', 'remainingUsd', 'percent'];

/**
 * @param body of the server's /budget
 * @returns `{ environment, budgets, tightest }`, or `{ code, problem }`
 */
function told(body) {
  const { environment, budgets } = parsed(body);
  if (typeof environment !== 'string' || !Array.isArray(budgets)) {
    return { code: 'NOT_A_BUDGET', problem: 'the answer is no budget: another program listens there, see --url' };
  }
  // One that is not understood is not left out: it may be the tightest.
  if (budgets.length === 0 || !budgets.every(isBudget)) {
    return {
      code: 'NOT_A_BUDGET',
      problem: 'the answer tells no budget that this release understands: update spend-guard',
    };
  }
  // Each call is reserved in all of them, so that the one with the least left refuses first.
  const tightest = budgets.reduce((least, one) => (one.remainingUsd < least.remainingUsd ? one : least));
  return { environment, budgets, tightest };
}

function isBudget(one) {
  return (
    typeof one === 'object' &&
    one !== null &&
    typeof one.budget === 'string' &&
    FIGURES.every((key) => Number.isFinite(one[key]))
  );
}

/** Such as `search/nightly: $1.20 of $2.00 left, 40% gone, until 2026-12-01`. */
function toldBy({ environment, tightest }) {
  const { budget, remainingUsd, limitUsd, percent, resetsAt } = tightest;
  const name = cut(budget === '' ? environment : budget, LONGEST_NAME);
  const until =
    typeof resetsAt === 'string' && /^\d{4}-\d\d-\d\d/.test(resetsAt) ? `, until ${resetsAt.slice(0, 10)}` : '';
  const gone = `${Math.floor(percent)}% gone`;
  if (remainingUsd > 0) return `${name}: ${dollars(remainingUsd)} of ${dollars(limitUsd)} left, ${gone}${until}`;
  const over = remainingUsd < 0 ? `, ${dollars(-remainingUsd)} above it` : '';
  return `${name}: nothing left of ${dollars(limitUsd)}${over}, ${gone}${until}`;
}

/**
 * The parts of the line before the budget, by https://code.claude.com/docs/en/statusline (read 2026-11-29): each field may be absent, and what
 * a session costs is Claude Code's own estimate, at list price.
 */
function sessionOf(text) {
  const { model, cost } = parsed(text);
  const name = cut(model?.display_name, LONGEST_MODEL);
  const spent = cost?.total_cost_usd;
  return [
    ...(name === '' ? [] : [name]),
    ...(Number.isFinite(spent) && spent >= 0 ? [`session about ${dollars(spent)}`] : []),
  ];
}

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Down to a cent, so that no line promises more than there is; below one the digits that tell it from nothing. */
function dollars(usd) {
  // Whole nano-dollars, as the server counts: by fractions of a dollar what is 1.13 would be a cent less.
  const nano = Math.round(usd * 1e9);
  const downTo = (digits) => (Math.floor(nano / 10 ** (9 - digits)) / 10 ** digits).toFixed(digits);
  if (nano === 0 || nano >= 1e7) return `$${downTo(2)}`;
  return nano < 1e5 ? '<$0.0001' : `$${downTo(4)}`;
}

/** A name of somebody else's must not move the cursor of a terminal, nor take its line. */
function cut(name, longest) {
  if (typeof name !== 'string') return '';
  const letters = Array.from(name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim());
  return letters.length <= longest ? letters.join('') : `${letters.slice(0, longest - 1).join('')}…`;
}

module.exports = { told, toldBy, sessionOf };
