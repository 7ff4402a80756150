import type { AccountItems } from './account';
import type { BrakeRecord } from './brake-record';
import type { Standing } from './standing';
import type { StoredStanding } from './stored-standing';

/** For the meter: puts its standing on its account's default bus, whose rule passes it on to the hub. */
export interface StandingEventsPort {
  /** @throws ServiceError, also where the bus refused the entry */
  tell(standing: Standing): Promise<void>;
}

/** The hub's table as roll-up, brake and report read it; consistent reads. An item that cannot be read hides no other. */
export interface OrganizationStatePort {
  /** @throws ServiceError */
  account(account: string): Promise<AccountItems>;
  /** Every account of which there is anything, in order. @throws ServiceError */
  all(): Promise<readonly AccountItems[]>;
  /** What the brake has seen last of where its policy is attached. @throws GuardError ANSWER_INVALID, ServiceError */
  looked(): Promise<BrakesLooked | undefined>;
}

export interface StandingsPort extends Pick<OrganizationStatePort, 'account'> {
  /**
   * @param replaces `at` of the standing that was read; undefined: there was none
   * @throws GuardError STATE_CONFLICT where another run was faster; ServiceError
   */
  saveStanding(stored: StoredStanding, replaces: string | undefined): Promise<void>;
}

export interface BrakeStatePort extends Pick<OrganizationStatePort, 'account' | 'all'> {
  /** @param replaces the revision that was read; 0: none. @throws GuardError STATE_CONFLICT; ServiceError */
  saveBrake(record: BrakeRecord, replaces: number): Promise<void>;
  /** @throws ServiceError */
  saveLooked(looked: BrakesLooked): Promise<void>;
}

export interface BrakesLooked {
  readonly at: number;
  /** Targets that somebody else has attached the policy to: accounts, organizational units, the root. */
  readonly foreign: readonly string[];
  /** Why it is not known where the policy is attached. */
  readonly trouble?: string | undefined;
}

/** The brake's service control policy. */
export interface BrakePolicyPort {
  /** Ids of all that it is attached to: accounts by their number, `ou-…`, `r-…`. @throws ServiceError */
  targets(): Promise<readonly string[]>;
  attach(account: string): Promise<PolicyChange>;
  detach(account: string): Promise<PolicyChange>;
}

export type PolicyChange =
  | { readonly kind: 'done' }
  /** It was so before. */
  | { readonly kind: 'unchanged' }
  /** `why`: AWS's own name of it; of a limit with its reason, such as `MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED`. */
  | { readonly kind: 'failed'; readonly why: string };

/** The brake, by direct invocation. */
export interface BrakeCallPort {
  /** Asks it to look at an account at once; it goes by its own readings. @throws ServiceError */
  converge(account: string): Promise<void>;
}

/** Where the organisation's page is kept. */
export interface PagesPort {
  /** @param key such as `organization.html` @throws ServiceError */
  put(key: string, html: string): Promise<void>;
}
