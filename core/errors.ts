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
