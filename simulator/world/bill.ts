import type { EnvironmentConfig, ResolvedModel } from '../../config';
import { marketplaceServiceName } from '../../core/bill';
import { DAY_MS, dayStart, daysBetween, HOUR_MS, MINUTE_MS, utcDay, type UtcDay } from '../../core/calendar';
import { nanoUsd, ZERO, type NanoUsd } from '../../core/money';
import { usageCost, type TokenUsage } from '../../core/prices';
import type { BillItem } from '../fakes/cost-explorer';
import { between, type Random } from '../random';
import type { BillLine } from '../template/budgets';
import type { GuardStack } from '../template/guard-stack';
import { profileOf } from './calls';
import type { EnvironmentUsage } from './usage';

/** A time during which AWS's billing shows wrong amounts for the whole month so far. */
export interface BillingError {
  readonly fromMs: number;
  readonly toMs: number;
  readonly factor: number;
}

/** A state of the billing data: what was charged up to `reachMs`, as it was believed at `asOfMs`. */
export interface BillView {
  readonly asOfMs: number;
  readonly reachMs: number;
}

/** The charges of one model in one environment. */
export interface BillSeries {
  readonly account: string;
  readonly environment: string;
  readonly model: ResolvedModel;
  readonly line: BillLine;
  /** What its usage types begin with: the Region's short name and the model's. */
  readonly usagePrefix: string;
}

/** Cost Explorer's data is refreshed at least daily and ends hours before the refresh: 8 to 24 hours behind in all. */
const REFRESH_HOURS = { least: 8, most: 16 };
const REFRESH_REACH_MS = 8 * HOUR_MS;

const NO_TOKENS: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
const USAGE_TYPES: Readonly<Record<keyof TokenUsage, string>> = {
  input: 'input-tokens',
  output: 'output-tokens',
  cacheRead: 'cache-read-input-tokens',
  cacheWrite: 'cache-write-input-tokens',
};

/** What AWS charges, and how late its billing services know. Nothing here is ahead of what was used. */
export class Bill {
  readonly series: readonly BillSeries[];
  private readonly usages: ReadonlyMap<string, EnvironmentUsage>;
  private readonly refreshes: readonly number[];
  private readonly wholeDays = new Map<string, readonly BillItem[]>();
  private lastItems: { readonly key: string; readonly items: readonly BillItem[] } | undefined;

  constructor(
    usages: readonly EnvironmentUsage[],
    stacks: ReadonlyMap<string, GuardStack>,
    private readonly settings: {
      readonly fromMs: number;
      readonly toMs: number;
      readonly random: Random;
      readonly error?: BillingError;
    },
  ) {
    this.usages = new Map(usages.map((usage) => [usage.environment.name, usage]));
    this.series = usages.flatMap(({ environment }) => billSeries(environment, stacks.get(environment.name)!));
    const refreshes: number[] = [];
    const { least, most } = REFRESH_HOURS;
    const step = () => between(settings.random, least * 60, most * 60) * MINUTE_MS;
    for (let at = settings.fromMs - step(); at < settings.toMs; at += step()) refreshes.push(at);
    this.refreshes = refreshes;
  }

  /** What Cost Explorer knows at a time within the month. */
  costExplorerView(atMs: number): BillView {
    const asOfMs = this.refreshes.findLast((at) => at <= atMs) ?? this.refreshes[0]!;
    return { asOfMs, reachMs: asOfMs - REFRESH_REACH_MS };
  }

  /** What a series cost within whole hours of [fromMs, toMs), as far as a view reaches. */
  cost(series: BillSeries, fromMs: number, toMs: number, view: BillView): NanoUsd {
    const end = Math.min(toMs, view.reachMs);
    if (end <= fromMs) return ZERO;
    const tokens = this.tokens(series, fromMs, end, view);
    return nanoUsd(Math.round(usageCost(tokens, series.model.price) * this.factor(view.asOfMs)));
  }

  /** An account's bill by day, model and component from `fromDay` on, as far as a view reaches. None are zero. */
  items(account: string, fromDay: UtcDay, view: BillView): readonly BillItem[] {
    // A report asks several questions of one view, and of most views several reports do.
    const key = `${account} ${fromDay} ${view.asOfMs} ${view.reachMs}`;
    const found = this.lastItems?.key === key ? this.lastItems.items : this.itemsFrom(account, fromDay, view);
    this.lastItems = { key, items: found };
    return found;
  }

  private itemsFrom(account: string, fromDay: UtcDay, view: BillView): readonly BillItem[] {
    return daysBetween(fromDay, utcDay(view.reachMs + DAY_MS - 1)).flatMap((day) => {
      // A whole day does not change any more, unless the bill is wrong.
      const isWhole = dayStart(day) + DAY_MS <= view.reachMs;
      const key = `${account} ${day} ${this.factor(view.asOfMs)}`;
      const items = this.wholeDays.get(key) ?? this.itemsOf(account, day, view);
      if (isWhole) this.wholeDays.set(key, items);
      return items;
    });
  }

  private itemsOf(account: string, day: UtcDay, view: BillView): readonly BillItem[] {
    const from = dayStart(day);
    const end = Math.min(from + DAY_MS, view.reachMs);
    return this.series
      .filter((series) => series.account === account)
      .flatMap((series) =>
        Object.entries(this.tokens(series, from, end, view)).flatMap(([component, tokens]) => {
          if (tokens === 0) return [];
          const cost = usageCost({ ...NO_TOKENS, [component]: tokens }, series.model.price);
          return {
            day,
            service: series.line.service,
            usageType: `${series.usagePrefix}-${USAGE_TYPES[component as keyof TokenUsage]}`,
            amount: { digits: BigInt(Math.round(cost * this.factor(view.asOfMs))), scale: 9 },
            tags: series.line.tags,
          };
        }),
      );
  }

  private tokens(series: BillSeries, fromMs: number, toMs: number, view: BillView): TokenUsage {
    const usage = this.usages.get(series.environment)!;
    // Usage is played only when somebody asks.
    usage.advanceTo(view.reachMs);
    return usage.tokensOf(series.model, fromMs, toMs);
  }

  private factor(asOfMs: number): number {
    const { error } = this.settings;
    return error && asOfMs >= error.fromMs && asOfMs < error.toMs ? error.factor : 1;
  }
}

function billSeries(environment: EnvironmentConfig, stack: GuardStack): BillSeries[] {
  return environment.models.map((model) => ({
    account: stack.identity.account,
    environment: environment.name,
    model,
    line: {
      service: serviceName(model),
      recordType: 'Usage',
      region: stack.identity.region,
      tags: profileOf(stack, model)?.tags ?? {},
    },
    usagePrefix: `${regionCode(stack.identity.region)}-${model.name.replace(/[^A-Za-z0-9.]/g, '')}`,
  }));
}

/** `us-east-1` is USE1 on a bill. */
function regionCode(region: string): string {
  const [continent = '', direction = '', number = ''] = region.split('-');
  return `${continent}${direction.slice(0, 1)}${number}`.toUpperCase();
}

/** One account had small amounts under the first name and most of its models under the second (trap 1). */
function serviceName(model: ResolvedModel): string {
  // Whoever is not known to be sold by AWS itself: a budget must see that name too.
  if (model.soldThroughMarketplace !== false) return marketplaceServiceName(model.name);
  return model.vendor === 'amazon' ? 'Amazon Bedrock' : 'Amazon Bedrock Service';
}
