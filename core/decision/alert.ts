import type { UtcDay } from '../calendar';
import type { EnforcementAlert } from '../enforcement';
import type { CacheBurn, MeterFinding, ModelSpend, ToldTrouble } from '../meter';
import type { NanoUsd } from '../money';
import type { NoticeSpend } from '../notice';
import type { Override, DesiredState, Trigger, CrossedThreshold } from '../stop-lines';

/** What a person is told. `key` is unique for what it is about: the same key is never sent twice. */
export type Alert = { readonly key: string } & Stamp &
  (
    | EnforcementAlert
    | {
        readonly kind: 'threshold';
        readonly highest: CrossedThreshold;
        /** Newly crossed in the same read, highest first. */
        readonly others: readonly CrossedThreshold[];
        readonly monthToDate: NanoUsd;
        readonly limit: NanoUsd;
        /** Where the state changed in the same tick. */
        readonly change?: StateChange;
      }
    | { readonly kind: 'state'; readonly change: StateChange; readonly monthToDate?: NanoUsd; readonly limit: NanoUsd }
    | {
        readonly kind: 'burn';
        readonly burnPerMinute: NanoUsd;
        readonly runsOutAt: number;
        readonly monthToDate: NanoUsd;
        readonly limit: NanoUsd;
      }
    | {
        readonly kind: 'grace';
        readonly until: number;
        readonly why: 'firstSeen' | 'lowered';
        readonly triggers: readonly Trigger[];
      }
    /** Nothing waits for it any more, and the state has not changed. */
    | { readonly kind: 'graceEnded'; readonly desired: DesiredState; readonly reason: string }
    | { readonly kind: 'unattributed'; readonly models: readonly ModelSpend[] }
    /** @param models empty: what had no price is not used any more @param left how many others have no price yet */
    | { readonly kind: 'priced'; readonly models: readonly PricedModel[]; readonly left: number }
    | { readonly kind: 'cacheBurn'; readonly burns: readonly CacheBurn[] }
    | { readonly kind: 'findings'; readonly day: UtcDay; readonly findings: readonly MeterFinding[] }
    | { readonly kind: 'blind'; readonly since: number; readonly why: string; readonly stops: boolean }
    | { readonly kind: 'sighted'; readonly blindSince: number }
    | { readonly kind: 'notTold'; readonly trouble: ToldTrouble }
    | { readonly kind: 'toldAgain' }
    | { readonly kind: 'budgetOrders'; readonly why: string }
    | { readonly kind: 'budgetOrdersRead' }
    | { readonly kind: 'overrideStarted'; readonly override: Override; readonly endsAt: number }
    | { readonly kind: 'overrideEnded'; readonly since: number; readonly desired: DesiredState }
  );

/** What is put on an alert with the state that it is kept in: a mail that is sent again says the same. */
export interface Stamp {
  /** Later than that of every alert before, also where the clock was set back. Absent: kept by an earlier release. */
  readonly at?: number;
  /** Of the month, as it was known then. Absent: nothing was. */
  readonly spend?: NoticeSpend;
}

export interface StateChange {
  readonly from: DesiredState;
  readonly to: DesiredState;
  readonly reason: string;
}

export interface PricedModel {
  readonly metricId: string;
  readonly region: string;
}
