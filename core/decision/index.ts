export type { Alert, Stamp } from './alert';
export { alertMail } from './alert-mail';
export { alertNotice } from './alert-notice';
export { decide } from './decide';
export type {
  BudgetsState,
  Firing,
  GateState,
  KnownSeries,
  LastReading,
  MeterState,
  StoredCalibration,
} from './meter-state';
export type { CalibrationPort, MeterStatePort, OrdersPort } from './ports';
export type { Decision, DecisionState } from './types';
