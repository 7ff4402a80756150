export type { After } from './alarms';
export { type BudgetState, type ChargedHour, isKept, type BudgetRecord, releaseAll, type ReleaseNote } from './budget';
export type { Hold, Transition } from './hold';
export { makeLedger } from './ledger';
export {
  type AnswersPort,
  type BudgetsWord,
  type CompleteSpend,
  type GuardStatus,
  type GuardStatusPort,
  LedgerContended,
  type LedgerPort,
  LedgerUnavailable,
  type RateLimitPort,
  type RateOutcome,
  type Reservation,
} from './ports';
export { admitted, minuteOf, type RateLimits, rateRefusal, type RateWindow, room, windowAt } from './rate-window';
export { exactSizing, leaseSizing, type Sizing } from './sizing';
export type { LedgerStore } from './store';
