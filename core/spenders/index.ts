export {
  bedrockServicesIn,
  billedQuery,
  principalTagKey,
  readBilled,
  readTagged,
  servicesQuery,
  taggedQuery,
} from './billed';
export { callerOf } from './caller';
export { type DayRest, type SpendersDay, spendersDay } from './day';
export { daysAsked, monthReported } from './days';
export { invocationQuery, type LogRow, logRow, MOST_ROWS } from './log-query';
export { spendersOfMonth } from './month';
export type { InvocationLogPort, LogAnswer, SpendersStatePort } from './ports';
export { topSpenders } from './top';
export { logFault } from './log-fault';
export type {
  BilledSpend,
  Caller,
  CallerKind,
  CallerUsage,
  Spender,
  SpendersOfMonth,
  SpendersSource,
  TaggedSpend,
  TopSpenders,
  UnknownCalls,
} from './types';
