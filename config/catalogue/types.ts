/** A system-defined inference profile, as seen from some of its source Regions. */
export interface CrossRegionProfile {
  /** With its scope prefix, such as `us.meta.llama3-1-70b-instruct-v1:0`. */
  readonly profileId: string;
  readonly sourceRegions: readonly string[];
  /** Where a call from one of these sources may be answered: IAM must allow the model in each of them (trap 4). */
  readonly destinationRegions: readonly string[];
}

export type Lifecycle =
  | { readonly status: 'active' }
  | {
      readonly status: 'legacy';
      /** YYYY-MM-DD */
      readonly endOfLife: string;
      /** YYYY-MM-DD: from then on a higher price may apply, which no list has (trap 50). Absent: none is known. */
      readonly extendedAccessFrom?: string;
    }
  | { readonly status: 'notOffered' };

export interface CatalogueModel {
  /** Base model id, no scope prefix. */
  readonly id: string;
  readonly name: string;
  readonly provider: string;
  /** As of the date in `source`: the health check reads the state of the day from Bedrock. */
  readonly lifecycle: Lifecycle;
  /** Id of another entry, which is active. Always there unless the model is active. */
  readonly replacement?: string;
  /** The bill shows it under the seller's name, and an account may need a subscription first. */
  readonly soldThroughMarketplace: boolean;
  /** Regions where the base id can be called directly, at the price that the library gives for the base id. */
  readonly onDemandRegions: readonly string[];
  /**
   * Regions that offer the base id too, at a price of their own that the library does not know (its price of a base id
   * is the one of the US; 20% more has been seen in the EU). Nothing routes there: a price too low is worse than none.
   */
  readonly unpricedRegions?: readonly string[];
  /** Geographic profiles only. A profile is here once for each set of destinations that its sources reach. */
  readonly crossRegion: readonly CrossRegionProfile[];
  /** The model has no prompt cache where it is called as above: then a missing cache price is not a missing price. */
  readonly cache?: 'unsupported';
  /** The model's cache also lives for an hour: such a write costs twice the input price, which the library leaves out. */
  readonly hourCache?: 'twiceInput';
  /** Default of an account, which may have another; absent where no document gives it: the overshoot is then unknown. */
  readonly quota?: ModelQuota;
  /**
   * At which Bedrock ends the model's answer, and what it takes as a limit. Cards round: their 64K is 64,000 here, which is
   * taken whether they mean that or 65,536. For a model that can be asked without any limit only an exact number will do.
   * Absent where no document gives it.
   */
  readonly maxOutput?: { readonly tokens: number; readonly source: string };
  /**
   * The most that any list says an answer may have: lists differ, and a card may be out of date. For bounds, see
   * `core/meter/most-a-call.ts`. Absent where none was read: then the whole context counts.
   */
  readonly longestAnswer?: { readonly tokens: number; readonly source: string };
  /** Document and date behind the id, the Region lists and the lifecycle. */
  readonly source: string;
}

export interface ModelQuota {
  /** Input and output together, for the way the model is called here. */
  readonly tokensPerMinute: number;
  /** How much of the quota an output token uses up. */
  readonly burndown: number;
  /** Document and date. */
  readonly source: string;
}
