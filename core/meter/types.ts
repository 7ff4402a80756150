import type { Metering } from '../metering';
import type { UtcDay, UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';
import type { CompleteSpend } from '../ledger';
import type { ModelPrice } from '../prices';
import type { CacheUse } from './cache-types';

/** One CloudWatch series. Regional: the same ids in another Region are other tokens. */
export interface SeriesId {
  /** `AWS/Bedrock` or `AWS/BedrockMantle`. */
  readonly namespace: string;
  readonly region: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The sum over one hour. */
export interface Point {
  /** Start of the hour, ms since the epoch. */
  readonly at: number;
  readonly value: number;
}

export interface Series {
  readonly id: SeriesId;
  readonly points: readonly Point[];
  /** Where the answer names one; token metrics are `Count` or `None`. */
  readonly unit?: string;
}

/** The month so far. `complete` means that every page and every series came with status Complete. */
export type MeterReading =
  | { readonly kind: 'complete'; readonly readAt: number; readonly month: UtcMonth; readonly series: readonly Series[] }
  | { readonly kind: 'unknown'; readonly why: string };

export interface MeteredModel {
  /** As the configuration names it: unique, and with a scope where one was written. */
  readonly id: string;
  /** What the ModelId dimension may hold: the profile's opaque id or ARN, the system profile's id, the model id. */
  readonly metricIds: readonly string[];
  /** What its price is of: the system profile's id of a cross-Region model, else the model id. */
  readonly calledId: string;
  /** Base model id, without a scope prefix. */
  readonly modelId: string;
  readonly tier: 'small' | 'large';
  readonly price: ModelPrice;
}

/** Whose tokens an id of the ModelId (or Model) dimension stands for. */
export type UsageClass =
  | { readonly kind: 'ours'; readonly model: MeteredModel }
  /** Counts here, of a model that the configuration does not name and the price library does: at its list price. */
  | { readonly kind: 'listed'; readonly modelId: string; readonly price: ModelPrice }
  /** Counts here and has no price anywhere: at the dearest known rate, which may still be too low. */
  | { readonly kind: 'unattributed' }
  /** Another environment's or team's profile: reported in tokens, never counted. */
  | { readonly kind: 'foreign'; readonly owner: string }
  /** Use of a model without a profile where only profiles are metered: nobody's, reported, never counted. */
  | { readonly kind: 'unguarded' };

/** What the resolver made of every id it was shown. An id that is missing here is a finding, never a zero. */
export interface UsageResolution {
  readonly metering: Metering;
  readonly classes: Readonly<Record<string, UsageClass>>;
  /** Per component, the dearest of all known prices. */
  readonly dearest: ModelPrice;
}

export type TokenComponent = 'input' | 'output' | 'cacheRead' | 'cacheWrite';

/** Whole tokens a component, as charged: those of the priority and reserved service tiers count twice (see series.ts). */
export type TokenCounts = Readonly<Record<TokenComponent, number>>;

export interface ModelSpend {
  readonly metricId: string;
  readonly region: string;
  readonly modelId: string;
  /** `unknown`: the configuration does not name the model. */
  readonly tier: 'small' | 'large' | 'unknown';
  readonly tokens: TokenCounts;
  readonly monthToDate: NanoUsd;
  readonly today: NanoUsd;
}

/** Usage that is reported and not counted. */
export interface UncountedUsage {
  readonly metricId: string;
  readonly region: string;
  readonly owner: string;
  readonly tokens: TokenCounts;
}

export interface MeterFinding {
  readonly kind:
    | 'negative'
    | 'notANumber'
    | 'fractional'
    | 'future'
    | 'otherMonth'
    | 'unit'
    | 'unresolved'
    /** No price by tokens: left out. */
    | 'unpriced'
    /** In no price list: counted at the dearest rate. */
    | 'unlisted'
    /** The list price may no longer hold: counted at it, and real spend may be higher. */
    | 'untrustedPrice'
    | 'fell';
  /** True where the figures are a lower bound because of it: they still stop, but count as not seen for `blind`. */
  readonly understates: boolean;
  /** Names the series; the same text for the same fault on every read. */
  readonly text: string;
}

/** An earlier month-to-date, kept to tell what came since. */
export interface RingEntry {
  readonly at: number;
  readonly monthToDate: NanoUsd;
}

/** What one full read leaves for the next; part of the meter's state item. */
export interface MeterMemory {
  readonly month: UtcMonth;
  readonly at: number;
  readonly monthToDate: NanoUsd;
  readonly day: UtcDay;
  readonly today: NanoUsd;
  /** Oldest first, of this month, a little over an hour. */
  readonly ring: readonly RingEntry[];
}

export interface KnownAssessment {
  readonly kind: 'known';
  readonly asOf: number;
  readonly month: UtcMonth;
  /** Never below that of an earlier read of the month. */
  readonly monthToDate: NanoUsd;
  readonly day: UtcDay;
  readonly today: NanoUsd;
  /** Used within about the last hour; late points of earlier hours are not in it. */
  readonly lastHour: NanoUsd;
  readonly burnPerMinute: NanoUsd;
  /** True where a finding understates: the figures are a lower bound. */
  readonly lowerBound: boolean;
  /** Absent where they are, and in the first hours of a month. */
  readonly complete?: CompleteSpend;
  /** What counts, unattributed included, dearest first. */
  readonly byModel: readonly ModelSpend[];
  /** The part of `byModel` that has no price anywhere and is counted at the dearest rate. */
  readonly unattributed: readonly ModelSpend[];
  readonly foreign: readonly UncountedUsage[];
  readonly unguarded: readonly UncountedUsage[];
  readonly findings: readonly MeterFinding[];
  /** Absent where no prompt cache has to be spoken of. */
  readonly cache?: CacheUse;
  readonly memory: MeterMemory;
}

export interface UnknownAssessment {
  readonly kind: 'unknown';
  readonly why: string;
  /** Time of the last read that was known; absent: none so far. */
  readonly since?: number;
}

export type Assessment = KnownAssessment | UnknownAssessment;
