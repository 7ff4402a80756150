export {
  bedrockServicesIn,
  billedQuery,
  principalTagKey,
  readBilled,
  readTagged,
  servicesQuery,
  taggedQuery,
} from './billed';
export {
  BILL_DIVISIONS,
  CALLER_DIVISIONS,
  type CallerDivision,
  spentBy,
  type SpentBy,
  spentByBill,
  spentByCaller,
  spentByTag,
} from './by';
export { type SpendersDay, spendersDay } from './day';
export { daysAsked, LOG_KEPT_DAYS, monthReported } from './days';
export { type ChargedBudget, type FocusOf, focusOfBill, focusOfBudgets, focusOfCallers, focusOfTag } from './focus';
export { FOCUS_COLUMNS, type FocusColumn, type FocusRow } from './focus-row';
export { invocationQuery, type LogRow, logRow, MOST_ROWS } from './log-query';
export { spendersOfMonth } from './month';
export type {
  InvocationLogging,
  InvocationLoggingPort,
  InvocationLogPort,
  LogAnswer,
  LogGroup,
  LogGroupsPort,
  SpendersStatePort,
} from './ports';
export type { SpentRow } from './rows';
export { share, topSpenders } from './top';
export { logFault } from './log-fault';
export type { BilledSpend, Spender, SpendersOfMonth, SpendersSource, TaggedSpend, TopSpenders } from './types';
