/** How a call to AWS failed, from the parts of the SDK's error that are a contract: its name and status, never its text. */
export interface Failure {
  readonly name: string;
  /** Throttled, timed out, or the service's own fault: the same call may succeed later. */
  readonly retryable: boolean;
}

const THROTTLES = [
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'LimitExceededException',
  'RequestLimitExceeded',
];
const NETWORK = [
  'TimeoutError',
  'NetworkingError',
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** @returns undefined for what is no answer of AWS and no network fault: a defect, which must not be reported as an outage */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const name = typeof code === 'string' && NETWORK.includes(code) ? code : error.name;
  if (THROTTLES.includes(name) || NETWORK.includes(name)) return { name, retryable: true };
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return undefined;
  return { name, retryable: status >= 500 || status === 429 };
}
