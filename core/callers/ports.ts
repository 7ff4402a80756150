import type { Reading } from '../reading';
import type { Caller, StoredCaller } from './caller';

/** What the server asks of the keys that there are. */
export interface CallersPort {
  /**
   * Known and undefined: there is none of this id.
   * @throws LedgerUnavailable where the table does not answer in time
   */
  find(id: string): Promise<Reading<StoredCaller | undefined>>;
}

/** One of a list, also where the rest of it cannot be read. */
export interface ListedCaller {
  readonly id: string;
  readonly caller: Reading<Caller>;
}

/** What people do with keys; each change is audited, or not done. */
export interface CallerKeysPort {
  /** @throws GuardError STATE_CONFLICT where there is one of this id; ServiceError */
  add(caller: StoredCaller): Promise<void>;
  /** All, also those that have ended and are not deleted yet; by their ids. @throws ServiceError */
  list(): Promise<readonly ListedCaller[]>;
  /** `already`: somebody else has. `none`: there is none of this id. @throws ServiceError */
  revoke(id: string, by: string, at: number): Promise<'revoked' | 'already' | 'none'>;
}
