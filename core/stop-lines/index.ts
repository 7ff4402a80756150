export type { ManualStop, Order } from './orders';
export { activeOverride, type Override, overrideEnd, overrideProblems } from './override';
export { crossed, type CrossedThreshold, type Threshold, thresholdAmount, type ThresholdEffect } from './thresholds';
export {
  configuredLines,
  type DesiredState,
  type Figures,
  linesUnder,
  percentText,
  type StopLines,
  strongest,
  type Trigger,
  type TriggerCause,
  triggers,
} from './triggers';
