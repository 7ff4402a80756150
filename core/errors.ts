export type GuardErrorCode =
  | 'CONTEXT_INVALID'
  | 'ENVIRONMENT_INVALID'
  | 'EVENT_INVALID'
  | 'PAGE_TOKEN_REPEATED'
  | 'ANSWER_INVALID'
  | 'BILL_UNAVAILABLE'
  | 'CLAIM_UNAVAILABLE'
  | 'REGION_UNAVAILABLE'
  | 'RESPONSE_NOT_SENT'
  | 'POLICY_TOO_LARGE'
  | 'LIMIT_EXCEEDED'
  | 'REPORT_UNWRITABLE'
  | 'STATE_CONFLICT'
  | 'TABLE_UNAVAILABLE'
  | 'TICK_INCOMPLETE'
  | 'TEMPLATE_UNSUPPORTED';

/** An error that a person can act on: the message says what went wrong, what was got, what is allowed, and the fix. */
export class GuardError extends Error {
  constructor(
    readonly code: GuardErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.name = 'GuardError';
  }
}

/** What another's error says, such as JSON.parse's, which quotes the text with its line ends. */
export function messageInOneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
}

/** What kind of refusal a service gave, by the error's name and HTTP status: never by its text. */
export type Refusal =
  | 'accessDenied'
  | 'throttled'
  | 'notFound'
  | 'invalid'
  | 'timedOut'
  /** The service's own fault, or no way to reach it. */
  | 'unavailable'
  /** None of the above. */
  | 'other';

/** Why a model was not called, as the adapter that calls models has understood it. */
export type RefusalReason =
  /** `by`: such as `service control policy`. */
  | { readonly kind: 'explicitDeny' | 'notAllowed'; readonly by: string }
  /** AWS Marketplace; `by`: what forbids to subscribe, where the service says so. */
  | { readonly kind: 'noSubscription'; readonly by?: string }
  | {
      readonly kind: 'noPaymentMethod' | 'noUseCase' | 'noAccess' | 'legacy' | 'endOfLife' | 'needsProfile';
    };

/** A service's refusal, as adapters throw it. `text` is for people. */
export class ServiceError extends Error {
  /** Of a refused model call alone; absent where nobody knows. */
  readonly reason?: RefusalReason;

  constructor(
    readonly refusal: Refusal,
    /** The service's own name of the error, such as `ThrottlingException`. */
    readonly errorName: string,
    readonly text: string,
    readonly httpStatus?: number,
    options: { readonly cause?: unknown; readonly reason?: RefusalReason } = {},
  ) {
    super(`${errorName}: ${text}`, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'ServiceError';
    if (options.reason) this.reason = options.reason;
  }
}

/** The service's own name of what went wrong, for people. */
export function errorNameOf(error: unknown): string {
  if (error instanceof ServiceError) return error.errorName;
  return error instanceof Error ? error.name : 'Error';
}
