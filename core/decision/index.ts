export { type Alert, alertMail } from './alert-mail';
export { decide } from './decide';
export type { BudgetsState, GateState, KnownSeries, LastReading, MeterState, StoredCalibration } from './meter-state';
export type { CalibrationPort, MeterStatePort, OrdersPort } from './ports';
export type { Decision, DecisionState } from './types';
