/** What is wrong with a channel, each with its own way to mend it. */
export type TroubleCode =
  | 'secretMissing'
  | 'secretDenied'
  | 'secretInvalid'
  /** The channel's service knows the secret no more. */
  | 'revoked'
  /** There is no such channel, or address. */
  | 'gone'
  /** The secret is known, and may not do this. */
  | 'notAllowed'
  /** The service takes this message, as it is written, not at all. */
  | 'messageRefused'
  /** Does not answer, is overloaded, or has a fault of its own. */
  | 'away';

/** How sending a message ended. `why` is for people, and holds neither secret nor address. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly ref?: string }
  /** Not delivered, and not for as long as nobody mends it. */
  | { readonly kind: 'refused'; readonly of: 'channel' | 'message'; readonly code: TroubleCode; readonly why: string }
  /** Not delivered; it may be soon. */
  | { readonly kind: 'later'; readonly why: string; readonly afterMs?: number }
  /** Nobody knows whether it was delivered. */
  | { readonly kind: 'doubtful'; readonly why: string; readonly afterMs?: number };
