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

/** A service's refusal, as adapters throw it. `text` is for people, and for hints in an explanation. */
export class ServiceError extends Error {
  constructor(
    readonly refusal: Refusal,
    /** The service's own name of the error, such as `ThrottlingException`. */
    readonly errorName: string,
    readonly text: string,
    readonly httpStatus?: number,
    options?: { readonly cause?: unknown },
  ) {
    super(`${errorName}: ${text}`, options);
    this.name = 'ServiceError';
  }
}
