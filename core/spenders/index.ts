export type {
  BilledSpend,
  Caller,
  CallerUsage,
  Spender,
  SpendersOfMonth,
  SpendersSource,
  TaggedSpend,
  TopSpenders,
} from './types';
