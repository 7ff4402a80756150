/** What the guard puts on its account's default bus. They meet in the rules that pass it on. */
export const EVENT_SOURCE = 'spend-guard';
export const DECISION_DETAIL_TYPE = 'Spend Guard Decision';
export const STANDING_DETAIL_TYPE = 'Spend Guard Standing';
