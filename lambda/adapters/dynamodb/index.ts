export { concurrencyState } from './concurrency-state';
export { guardStatus } from './guard-status';
export { healthState } from './health-state';
export { meterCalibration } from './meter-calibration';
export { meterState, orders } from './meter-state';
export { ReportStateAdapter } from './report-state';
export { sessionState } from './session-state';
export { sharedBudget } from './shared-budget';
export { toldMark } from './told-mark';
