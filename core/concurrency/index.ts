export type { ProvisionedConfig, QualifiedConfig, QualifierDetails, ScalingLimits, Suspended } from './configured';
export { converge, type ConvergeDeps } from './converge';
export { failureNews, type FailureNews, type FailureRecord } from './failures';
export { paced } from './paced';
export type {
  AccountConcurrencyPort,
  ConcurrencyFailuresPort,
  ConcurrencyPort,
  ConcurrencyStatePort,
  ReservedConcurrencyPort,
  ScalingPort,
  Session,
  SessionsPort,
  SetAside,
  TrafficPort,
  TrafficWindow,
} from './ports';
export type { ConcurrencyRecord, DeployHold } from './record';
export { LONGEST_HOLD_MS, restoreForDeploy } from './restore-for-deploy';
export { convergeMetrics, type ConvergeResult, type OutcomeKind } from './result';
export { LONGEST_SESSION_MS, openSession } from './sessions';
export { isVersion, type ManagedFunction, type Target, targetKey } from './target';
