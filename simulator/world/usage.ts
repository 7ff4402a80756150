import type { EnvironmentConfig, ResolvedModel } from '../../config';
import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { add, type NanoUsd } from '../../core/money';
import { usageCost, type ModelPrice, type TokenUsage } from '../../core/prices';
import { FORGOTTEN_AFTER_MS } from '../listing';
import type { Random } from '../random';

/** Tokens of every component go together in this mix: a long prompt, a short answer, a part of it from a cache. */
const MIX: TokenUsage = { input: 10, output: 2, cacheRead: 4, cacheWrite: 1 };

/** Another mix, and what becomes of it at the start of an hour: as many calls as before, of other tokens. */
export interface PromptMix {
  readonly mix: TokenUsage;
  readonly turn?: { readonly atMs: number; readonly mix: TokenUsage };
}

/** How far back the usage of single minutes is kept: longer than any delay of the metrics. */
const RECENT_MINUTES = 16;

/** A call is some thousand tokens: so many times the mix of a model with a cache. */
const MIXES_A_CALL = 500;
/** How far back the calls of single minutes are kept: longer than the meter's gate looks. */
const CALL_MINUTES = 300;

const { round } = Math;

/** The share of a model's calls that are let through at present: 1 is all, 0 is none. */
export type AllowedShare = (environment: string, model: ResolvedModel) => number;

export interface UsageSettings {
  readonly environment: EnvironmentConfig;
  /** Expected nano-dollars by model and hour, from `fromMs`. */
  readonly demand: readonly Float64Array[];
  readonly randoms: readonly Random[];
  readonly fromMs: number;
  /** Before this, usage is history: nobody watches it, and it is made an hour at a time. */
  readonly monthStartMs: number;
  readonly toMs: number;
  readonly allowed: AllowedShare;
  /** What calls of the month are made of. @default - one mix for good */
  readonly prompts?: PromptMix;
}

/** What one environment really uses, minute by minute: the truth that bills and budgets see late. */
export class EnvironmentUsage {
  readonly environment: EnvironmentConfig;
  private readonly series: readonly ModelSeries[];
  private readonly byModel: ReadonlyMap<ResolvedModel, ModelSeries>;
  private readonly watches: Watch[] = [];
  private nextMs: number;
  private spentNano = 0;
  private refusedNano = 0;
  /** By minute, of all models together. */
  private readonly calls = new Uint32Array(CALL_MINUTES);

  constructor(private readonly settings: UsageSettings) {
    this.environment = settings.environment;
    const hours = Math.ceil((settings.toMs - settings.fromMs) / HOUR_MS);
    const { prompts, fromMs } = settings;
    const turnHour = prompts?.turn === undefined ? hours : Math.floor((prompts.turn.atMs - fromMs) / HOUR_MS);
    const mixes = [prompts?.mix ?? MIX, prompts?.turn?.mix ?? prompts?.mix ?? MIX] as const;
    this.series = settings.environment.models.map(
      (model, at) => new ModelSeries(model, settings.demand[at]!, settings.randoms[at]!, hours, mixes, turnHour),
    );
    this.byModel = new Map(this.series.map((one) => [one.model, one]));
    this.nextMs = settings.monthStartMs;
    const history = (settings.monthStartMs - settings.fromMs) / HOUR_MS;
    for (let hour = 0; hour < history; hour++) {
      for (const one of this.series) if (one.use(hour, 60, 1) > 0) one.note(settings.fromMs + hour * HOUR_MS);
    }
  }

  /** Spend of the simulated month so far. */
  get spent(): number {
    return this.spentNano;
  }

  /** What calls that were denied in the month would have cost. */
  get refused(): number {
    return this.refusedNano;
  }

  /** Notes when the month's spend reaches an amount. @returns a reading of it: undefined while it has not */
  watch(amount: NanoUsd): () => number | undefined {
    const watch: Watch = { amount, reachedMs: undefined };
    this.watches.push(watch);
    return () => watch.reachedMs;
  }

  /** Plays every minute that begins before `untilMs`, under the denials of the present. */
  advanceTo(untilMs: number): void {
    const { environment, fromMs, toMs, allowed } = this.settings;
    const end = Math.min(untilMs, toMs);
    if (this.nextMs >= end) return;
    const shares = this.series.map(({ model }) => allowed(environment.name, model));
    // The innermost loop of a run: 43,200 minutes a month, for every model of every environment.
    const [minuteMs, hourMs, models] = [MINUTE_MS, HOUR_MS, this.series.length];
    let nextWatch = this.nextWatch();
    for (; this.nextMs < end; this.nextMs += minuteMs) {
      const hour = Math.floor((this.nextMs - fromMs) / hourMs);
      let calls = 0;
      for (let at = 0; at < models; at++) {
        const one = this.series[at]!;
        this.spentNano += one.use(hour, 1, shares[at]!, this.nextMs);
        this.refusedNano += one.refusedNano;
        calls += Math.ceil(one.usedAt(this.nextMs) / MIXES_A_CALL);
      }
      this.calls[(this.nextMs / minuteMs) % CALL_MINUTES] = calls;
      if (this.spentNano >= nextWatch) {
        for (const watch of this.watches)
          if (this.spentNano >= watch.amount) watch.reachedMs ??= this.nextMs + minuteMs;
        nextWatch = this.nextWatch();
      }
    }
  }

  /** The lowest amount that is still watched for; infinite when there is none. */
  private nextWatch(): number {
    return Math.min(...this.watches.filter(({ reachedMs }) => reachedMs === undefined).map(({ amount }) => amount));
  }

  /** Calls of all models in the minute that begins at `atMs`, one of the last five hours of the month. */
  callsAt(atMs: number): number {
    return atMs < this.settings.monthStartMs || atMs >= this.nextMs
      ? 0
      : this.calls[(atMs / MINUTE_MS) % CALL_MINUTES]!;
  }

  /** Since when a model is used, ever or after two weeks without any use, and when it was last; undefined: never. */
  stretchOf(model: ResolvedModel): { readonly sinceMs: number; readonly lastMs: number } | undefined {
    return this.of(model).stretch;
  }

  /** As `tokensOf` of one hour, as it looked at `seenMs`, at most a quarter of an hour before what has been played. */
  tokensSeen(model: ResolvedModel, hourMs: number, seenMs: number): TokenUsage {
    const one = this.of(model);
    const hour = Math.floor((hourMs - this.settings.fromMs) / HOUR_MS);
    return one.seen(hour, hourMs, Math.min(seenMs, this.nextMs), this.nextMs);
  }

  private of(model: ResolvedModel): ModelSeries {
    return this.byModel.get(model)!;
  }

  /** Tokens of a model within whole hours of [fromMs, toMs). */
  tokensOf(model: ResolvedModel, fromMs: number, toMs: number): TokenUsage {
    const hour = (ms: number) => Math.floor((ms - this.settings.fromMs) / HOUR_MS);
    return this.of(model).sum(hour(fromMs), hour(toMs));
  }

  /** As `tokensOf`, of every model. */
  tokens(fromMs: number, toMs: number): readonly (readonly [ResolvedModel, TokenUsage])[] {
    return this.series.map(({ model }) => [model, this.tokensOf(model, fromMs, toMs)] as const);
  }

  /** Each model's cost over whole hours, rounded up once a component. */
  costs(fromMs: number, toMs: number): readonly (readonly [ResolvedModel, NanoUsd])[] {
    return this.tokens(fromMs, toMs).map(([model, tokens]) => [model, usageCost(tokens, model.price)] as const);
  }

  /** As a bill would have it. */
  total(fromMs: number, toMs: number): NanoUsd {
    return add(...this.costs(fromMs, toMs).map(([, cost]) => cost));
  }
}

interface Watch {
  readonly amount: NanoUsd;
  reachedMs: number | undefined;
}

/** An hour's tokens as they looked then. */
interface SeenTokens {
  readonly hourMs: number;
  readonly seenMs: number;
  readonly playedMs: number;
  readonly tokens: TokenUsage;
}

/** One model's use by hour, and the demand it comes from. */
class ModelSeries {
  /** Of the last `use`. */
  refusedNano = 0;
  /** Mixes by hour: whole numbers, as the tokens of a mix are, so that they can be added before they are multiplied. */
  private readonly hours: Float64Array;
  /** Mixes by minute, of the last quarter of an hour. */
  private readonly recent = new Float64Array(RECENT_MINUTES);
  private readonly before: Mix;
  private readonly after: Mix;
  private last: SeenTokens | undefined;
  private sinceMs = Number.NEGATIVE_INFINITY;
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(
    readonly model: ResolvedModel,
    private readonly demand: Float64Array,
    private readonly random: Random,
    hours: number,
    [before, after]: readonly [TokenUsage, TokenUsage],
    private readonly turnHour: number,
  ) {
    this.before = mixOf(before, model.price);
    this.after = before === after ? this.before : mixOf(after, model.price);
    this.hours = new Float64Array(hours);
  }

  /** Uses some minutes' worth of an hour's demand, more or less. @returns its cost in nano-dollars, not rounded */
  use(hour: number, minutes: number, allowed: number, atMs = 0): number {
    // Drawn whether allowed or not: a stop must not change what callers try afterwards.
    const asked = round(((2 * this.random() * this.demand[hour]!) / 60 / this.before.nano) * minutes);
    const used = round(asked * allowed);
    const { nano } = this.mixAt(hour);
    this.refusedNano = (asked - used) * nano;
    this.recent[(atMs / MINUTE_MS) % RECENT_MINUTES] = used;
    if (used === 0) return 0;
    if (atMs > 0) this.note(atMs);
    this.hours[hour]! += used;
    return used * nano;
  }

  private mixAt(hour: number): Mix {
    return hour < this.turnHour ? this.before : this.after;
  }

  /** That it was used. */
  note(atMs: number): void {
    if (atMs - this.lastMs > FORGOTTEN_AFTER_MS) this.sinceMs = atMs;
    this.lastMs = atMs;
  }

  get stretch(): { readonly sinceMs: number; readonly lastMs: number } | undefined {
    return this.lastMs < 0 ? undefined : { sinceMs: this.sinceMs, lastMs: this.lastMs };
  }

  /** Mixes used in a minute of the last quarter of an hour. */
  usedAt(atMs: number): number {
    return this.recent[(atMs / MINUTE_MS) % RECENT_MINUTES]!;
  }

  /** An hour's tokens without those of the minutes from `seenMs` on. */
  seen(hour: number, hourMs: number, seenMs: number, playedMs: number): TokenUsage {
    const { last } = this;
    // Each component is asked for by itself.
    if (last?.hourMs === hourMs && last.seenMs === seenMs && last.playedMs === playedMs) return last.tokens;
    const tokens = this.seenThen(hour, hourMs, seenMs, playedMs);
    this.last = { hourMs, seenMs, playedMs, tokens };
    return tokens;
  }

  private seenThen(hour: number, hourMs: number, seenMs: number, playedMs: number): TokenUsage {
    const whole = this.sum(hour, hour + 1);
    let unseen = 0;
    for (let at = Math.max(seenMs, hourMs); at < Math.min(playedMs, hourMs + HOUR_MS); at += MINUTE_MS)
      unseen += this.usedAt(at);
    if (unseen === 0) return whole;
    const { tokens } = this.mixAt(hour);
    return {
      input: whole.input - unseen * tokens.input,
      output: whole.output - unseen * tokens.output,
      cacheRead: whole.cacheRead - unseen * tokens.cacheRead,
      cacheWrite: whole.cacheWrite - unseen * tokens.cacheWrite,
    };
  }

  sum(fromHour: number, toHour: number): TokenUsage {
    const [first, end] = [Math.max(0, fromHour), Math.min(toHour, this.hours.length)];
    const before = scale(this.before.tokens, sumOf(this.hours, first, Math.min(end, this.turnHour)));
    if (end <= this.turnHour) return before;
    const after = scale(this.after.tokens, sumOf(this.hours, Math.max(first, this.turnHour), end));
    return {
      input: before.input + after.input,
      output: before.output + after.output,
      cacheRead: before.cacheRead + after.cacheRead,
      cacheWrite: before.cacheWrite + after.cacheWrite,
    };
  }
}

interface Mix {
  readonly tokens: TokenUsage;
  /** Not rounded to whole nano-dollars: a minute of a cheap model costs a few. */
  readonly nano: number;
}

function mixOf(mix: TokenUsage, price: ModelPrice): Mix {
  const tokens = hasCache(price) ? mix : { ...mix, cacheRead: 0, cacheWrite: 0 };
  return { tokens, nano: usageCost(scale(tokens, 1_000_000), price) / 1_000_000 };
}

function sumOf(values: Float64Array, first: number, end: number): number {
  let sum = 0;
  for (let at = first; at < end; at++) sum += values[at]!;
  return sum;
}

function hasCache(price: ModelPrice): boolean {
  return price.cacheRead !== 'unsupported' && price.cacheWrite !== 'unsupported';
}

function scale(tokens: TokenUsage, by: number): TokenUsage {
  return {
    input: tokens.input * by,
    output: tokens.output * by,
    cacheRead: tokens.cacheRead * by,
    cacheWrite: tokens.cacheWrite * by,
  };
}
