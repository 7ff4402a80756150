export { costOf, mostUsed, NOTHING_USED, plus, type Used } from './cost';
export { callerDocument, denyVersions, sourceArn, type StepModel } from './documents';
export { type BudgetTagReadings, isBudgetTagSettled, judgeBudgetTag, judgeInactiveTag } from './judge/budget-tag';
export { type Flip, judgeDenyLatency, type StreamReading } from './judge/deny-latency';
export { type Answer, judgeLegacyRefusal } from './judge/legacy-refusal';
export { judgeListingDelay } from './judge/listing-delay';
export { judgeMetricDelay } from './judge/metric-delay';
export { type Gained, judgeMetricNames } from './judge/metric-names';
export {
  begin,
  type Begun,
  EMPTY_JOURNAL,
  ended,
  isEmpty,
  isWaiting,
  type Journal,
  type Kind,
  KINDS,
  type Planned,
  planned,
  removed,
} from './journal';
export { type FoundResource, type Leftover, leftovers } from './leftovers';
export { IAM_PATH, NAME_PREFIX, resourceName, runIdAt } from './names';
export { verifiedPage } from './page';
export { pauseAfter } from './pauses';
export { stepsPolicy } from './policy';
export type {
  Found,
  ListedSeriesPort,
  OpenSessionPort,
  OpenStream,
  SessionCaller,
  StreamEnd,
  TemporaryBudgetsPort,
  TemporaryProfilesPort,
  TemporaryRolesPort,
} from './ports';
export { isSealed, lastFour, masked, sealed, type StepRecord, type VerifiedRecord, withoutSession } from './record';
export { type Judged, ROWS } from './rows';
export { STEP_IDS, type StepId, STEPS } from './steps';
export { updateUnproven } from './unproven';
export {
  BUDGET_READ_AFTER_MS,
  CONFIRMATIONS,
  DELAY_CALLS,
  DELAY_CALLS_APART_MS,
  FLIPS,
  LONG_ANSWER_TOKENS,
  MOST_STREAMS,
  NAME_CALLS,
  WAITS,
} from './work';
