/** What became of the concurrency that is set aside for a function. */
export type SetAside =
  | { readonly kind: 'kept'; readonly concurrency: number }
  /** There was none: somebody took it off, or the account had no room until now. */
  | { readonly kind: 'reserved'; readonly concurrency: number }
  /** `isOff`: none is set aside, and the function is set to zero, with which it cannot run at all. */
  | { readonly kind: 'none'; readonly why: string; readonly isOff: boolean }
  /** Lambda did not say. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The guard's function that sets concurrency aside for its meter. */
export interface ReservedConcurrencyPort {
  /** Sets it aside where it is not and where the account has room. @throws ServiceError, GuardError ANSWER_INVALID */
  ensure(signal: AbortSignal): Promise<SetAside>;
}
