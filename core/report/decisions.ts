import { DAY_MS, firstDay, nextMonth, type UtcMonth } from '../calendar';
import { runbookLine } from '../mail';
import { type CacheBurn, ratioText } from '../meter';
import { formatUsd, nanoUsd, percentOf, subtract, ZERO } from '../money';
import { needsAttention } from './budget-tree';
import { judge, overBy } from './judged';
import type { LineStatus } from './lines';
import type { CostReport } from './report';

/** What somebody must decide or mend. `act`: money may be lost or work stands still; `look`: today. */
export interface Decision {
  readonly urgency: 'act' | 'look';
  /** One line, without an end mark. */
  readonly what: string;
  /** A step a line. */
  readonly todo: readonly string[];
}

/** An override that ends within it is a decision: to give another, or to let it end. */
const SOON_MS = 2 * DAY_MS;
/** From so much of the limit on, spend that no guard can stop is more than noise. */
const UNGUARDED_PERCENT = 10;
const NAMED = 3;
/** What finance can do, as no command of theirs does it. */
const RAISE = [
  'For a higher limit: whoever answers for the money (owner, budgetOwner) agrees on it. An operator gives the command above for a time, or sets monthlyLimitUsd in the config and deploys for good.',
];

/** What a report asks of its readers, the most urgent first; nothing where all is well. */
export function decisionsOf(report: CostReport): readonly Decision[] {
  const all = [
    ...standstill(report),
    ...ofWaiting(report),
    ...report.lines.flatMap((line) => ofLine(line)),
    ...ofForecast(report),
    ...ofOverride(report),
    ...ofBudgets(report),
    ...ofMeter(report),
    ...ofUntagged(report),
  ];
  return [...all.filter(({ urgency }) => urgency === 'act'), ...all.filter(({ urgency }) => urgency === 'look')];
}

function goOn(environment: string): string {
  return `To go on: npx spend-guard resume --env ${environment} --until <time> --limit <dollars> --reason "<why>"`;
}

/** Where models are denied, or should be and are not. */
function standstill(report: CostReport): readonly Decision[] {
  const { environment, meter, lines, month, limit } = report;
  const { amount, reached, byMeter, meterText } = judge(report);
  const leave = `To leave it: nothing. The new month resumes by itself, on ${firstDay(nextMonth(month as UtcMonth))}.`;
  const raise = reached === 'limit' ? RAISE : [];
  if (meter.order.kind === 'stop') {
    return [
      {
        urgency: 'act',
        what: `Every model is denied, by order of ${meter.order.by}`,
        todo: [`To end it: npx spend-guard resume --env ${environment} --reason "<why>"`],
      },
    ];
  }
  if (meter.denies === 'stopped' || lines.some(({ state }) => state === 'applied')) {
    return [{ urgency: 'act', what: 'Every model is denied', todo: [leave, goOn(environment), ...raise] }];
  }
  // An override with a limit of its own is the decision that was taken.
  const isDecided = meter.order.kind === 'override' && amount !== undefined && (meter.order.limit ?? 0) > amount;
  if ((reached === 'limit' || reached === 'stop') && !isDecided) {
    const line = reached === 'limit' ? `limit${overBy(amount, limit)}` : 'stop line';
    const by = byMeter && meterText !== undefined ? `, ${meterText}` : '';
    return [
      {
        urgency: 'act',
        what: `Spend is above the ${line}${by}, and models may still be called`,
        todo: [`To stop: npx spend-guard stop --env ${environment} --reason "<why>"`, goOn(environment), ...raise],
      },
    ];
  }
  if (meter.denies === 'degraded') {
    return [{ urgency: 'look', what: 'Large models are denied', todo: [leave, goOn(environment)] }];
  }
  return [];
}

/** Lines that the meter finds reached and that deny nobody yet. */
function ofWaiting({ meter: { graceUntil, decides }, lines }: CostReport): readonly Decision[] {
  const denied = decides === 'stopped' ? 'every model' : 'large models';
  const isDryRun = lines.some(({ state }) => state === 'dryRun');
  return [
    ...(graceUntil === undefined
      ? []
      : [
          {
            urgency: 'act' as const,
            what: `A line is reached, and waits until ${minute(graceUntil)} before anybody is denied`,
            todo: ['To let it hold: nothing. Otherwise raise the line or the limit in the config before that time.'],
          },
        ]),
    ...(decides === undefined
      ? []
      : [
          {
            urgency: decides === 'stopped' ? ('act' as const) : ('look' as const),
            what: `The meter has decided to deny ${denied}, and ${isDryRun ? 'denies nobody: this is a dry run' : 'that is not confirmed yet'}`,
            todo: isDryRun ? ['To let it deny: enforce: true in the config.'] : [],
          },
        ]),
  ];
}

function ofLine({ line, state, why, fix }: LineStatus): readonly Decision[] {
  const todo = [`${capital(why)}.`, ...(fix === undefined ? [] : [fix])];
  switch (state) {
    case 'waiting':
      return [{ urgency: 'act', what: 'A stop waits for approval', todo }];
    case 'blind':
      return [{ urgency: 'act', what: `${capital(line)} is blind`, todo }];
    case 'unknown':
      return [{ urgency: 'look', what: `${capital(line)} is unknown`, todo }];
    default:
      return [];
  }
}

function ofForecast(report: CostReport): readonly Decision[] {
  const { bill, limit } = report;
  if (bill.kind !== 'known' || bill.forecast.kind !== 'known') return [];
  const { amount } = bill.forecast;
  if (judge(report).reached === 'limit' || amount <= limit) return [];
  return [
    {
      urgency: 'look',
      what: `The month is on track for ${formatUsd(amount)}, ${formatUsd(subtract(amount, limit))} over the limit`,
      todo: ['Use less, or agree on another limit: monthlyLimitUsd in the config.'],
    },
  ];
}

function ofOverride({ environment, meter: { order }, asOf }: CostReport): readonly Decision[] {
  if (order.kind !== 'override') return [];
  const left = Date.parse(order.until) - Date.parse(asOf);
  if (left > SOON_MS) return [];
  return [
    {
      urgency: 'look',
      what: `The override of ${order.by} ends at ${minute(order.until)}; from then on the configured lines hold`,
      todo: [goOn(environment).replace('To go on', 'To give another')],
    },
  ];
}

function ofBudgets({ environment, budgets }: CostReport): readonly Decision[] {
  const troubled = (budgets?.budgets ?? []).filter(needsAttention);
  // Its own budget is the environment itself, which is told of above.
  const over = troubled.filter(({ path, figures }) => path !== '' && figures.kind === 'known');
  const unknown = troubled.filter(({ figures }) => figures.kind === 'unavailable');
  const first = over[0];
  return [
    ...(first === undefined
      ? []
      : [
          {
            urgency: 'look' as const,
            what: `All is spent of ${counted(over.length, 'budget')}: ${listed(over.map(({ path }) => path))}`,
            todo: [
              `To go on: npx spend-guard budgets set ${first.path} --env ${environment} --limit <dollars> --reason "<why>"`,
            ],
          },
        ]),
    ...(unknown.length === 0
      ? []
      : [{ urgency: 'look' as const, what: `${counted(unknown.length, 'budget')} could not be read`, todo: [] }]),
  ];
}

function ofMeter({ meter: { figures, comparison } }: CostReport): readonly Decision[] {
  const known = figures.kind === 'known' ? figures : undefined;
  const unattributed = known?.unattributed.length ?? 0;
  return [
    ...(known?.cacheBurn ?? []).map(ofBurn),
    ...(unattributed === 0
      ? []
      : [
          {
            urgency: 'look' as const,
            what: `${counted(unattributed, 'model')} in use without a known price, so real spend may be higher`,
            todo: ['Give a price in the config, under prices: the ids are below, By the meter.'],
          },
        ]),
    ...(comparison.drift.length === 0
      ? []
      : [
          {
            urgency: 'look' as const,
            what: `Meter and bill differ on ${listed(comparison.drift.map(({ name }) => name))}`,
            todo: [runbookLine('cost-check-meter-drift')],
          },
        ]),
  ];
}

function ofBurn({ modelId, lost, aboveBefore, readsPerWrite, breakEven, likelyCause }: CacheBurn): Decision {
  const what =
    lost > 0
      ? `costs up to ${formatUsd(lost)} more than it saves`
      : `saves up to ${formatUsd(aboveBefore ?? ZERO)} less than it did`;
  return {
    urgency: 'look',
    what: `The prompt cache of ${modelId} ${what}`,
    todo: [
      `${ratioText(readsPerWrite)} reads for each token written to it; it pays from ${ratioText(breakEven)} on. Likely cause: ${likelyCause}.`,
      runbookLine('spend-meter-cache-burn'),
    ],
  };
}

function ofUntagged({ bill, limit }: CostReport): readonly Decision[] {
  if (bill.kind !== 'known' || bill.untagged < percentOf(nanoUsd(Math.max(limit, 1)), UNGUARDED_PERCENT)) return [];
  return [
    {
      urgency: 'look',
      what: `${formatUsd(bill.untagged)} of Bedrock in this account is outside every guard`,
      todo: ["Let its callers use an environment's profiles, or give it an environment of its own."],
    },
  ];
}

function minute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function listed(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
