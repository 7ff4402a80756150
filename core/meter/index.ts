export { assess, understatedWhy } from './assess';
export { boundedCalibration, calibrationOf, type ComparedDay, drift, MOST_CALIBRATION } from './calibration';
export { callsFrom, isWithinReach, type SettledCalls, settledCalls, type UnseenCalls, unseenCalls } from './calls';
export { ratioText } from './cache-amounts';
export { burnsOf, burnsToTell, LATELY_HOURS, missesOf, unjudged } from './cache-burn';
export type { CacheBurn, CacheUse } from './cache-types';
export { canaryOverdue, type CanaryRecord, canaryWindow } from './canary';
export { compareDays, type DayComparison, daysToCompare, type NamedModel, OTHERS } from './compare';
export { dailySpend } from './daily';
export { mostACall } from './most-a-call';
export { type PacedInput, pacedTicks } from './paced-ticks';
export { canarySeries, distinct, firstSigns, seriesAsked, whereShown, without } from './named';
export {
  type CallBound,
  GATE_MS,
  HEARTBEAT_MS,
  LOOK_AGAIN_MS,
  looksAgain,
  pace,
  type Pace,
  type PaceInput,
} from './pacing';
export { pastSpend, type PastSpend } from './past-spend';
export type {
  AlarmDescription,
  AlarmsPort,
  ApplicationProfile,
  ApplicationProfilesPort,
  MinuteCalls,
  SeriesAnswer,
  ToldMarkPort,
  UsageMetricsPort,
} from './ports';
export { cost } from './pricing';
export { burn, lastHour, lookBack, untilFirstCall } from './rates';
export { dearestOf, type PriceList, type Remembered, resolveUsage, type TaggedProfile } from './resolve';
export {
  BEDROCK,
  componentOf,
  DEAR_TIER_COUNTS,
  hourlyTokens,
  isDearTierName,
  MANTLE,
  metricIdOf,
  seriesName,
} from './series';
export {
  ACTIVITY_ALARM,
  afterLook,
  type AlarmSettings,
  type GateSeen,
  isInOrder,
  newTrouble,
  toldPlan,
  type ToldPlan,
  type ToldState,
  type ToldTrouble,
} from './told';
export type {
  Assessment,
  KnownAssessment,
  MeteredModel,
  MeterFinding,
  MeterMemory,
  MeterReading,
  ModelSpend,
  Point,
  RingEntry,
  Series,
  SeriesId,
  TokenComponent,
  TokenCounts,
  UncountedUsage,
  UsageResolution,
} from './types';
export { datesOf, type ExtendedAccess, sameDates, untrustedPrices } from './untrusted-prices';
