import { serviceError } from './service-error';

/** How a call to AWS failed, from the parts of the SDK's error that are a contract: its name and status, never its text. */
export interface Failure {
  readonly name: string;
  /** Throttled, timed out, or the service's own fault: the same call may succeed later. */
  readonly retryable: boolean;
}

/** Where no answer came: the names and codes of Node's and the SDK's network errors. */
const NETWORK = [
  ...['TimeoutError', 'AbortError', 'NetworkingError'],
  ...['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE'],
];

/** @returns undefined for what is no answer of AWS and no network fault: a defect, which must not be reported as an outage */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const network = [code, error.name].find((name) => typeof name === 'string' && NETWORK.includes(name));
  if (typeof network === 'string') return { name: network, retryable: true };
  if ($metadata?.httpStatusCode === undefined) return undefined;
  const { errorName, refusal } = serviceError(error);
  return { name: errorName, retryable: ['throttled', 'timedOut', 'unavailable'].includes(refusal) };
}
