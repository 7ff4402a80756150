export {
  type Caller,
  callerState,
  type CallerState,
  labelProblem,
  lifetimeProblem,
  LONGEST_KEY_DAYS,
  type StoredCaller,
} from './caller';
export {
  CALLER_PARTITIONS,
  CALLER_SORT_KEY,
  type CallerItem,
  callerItem,
  callerPartition,
  KEYS_OF_CALLERS,
  readCaller,
  withoutHash,
} from './item';
export { ID_LENGTH, ID_LETTERS, keyText, parseKey, SECRET_BYTES } from './key';
export type { CallerKeysPort, CallersPort, ListedCaller } from './ports';
