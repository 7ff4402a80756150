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
