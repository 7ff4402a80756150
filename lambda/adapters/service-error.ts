import { ServiceError, type Refusal } from '../../core/errors';

const BY_NAME: Readonly<Record<string, Refusal>> = {
  AccessDenied: 'accessDenied',
  AccessDeniedException: 'accessDenied',
  AuthorizationError: 'accessDenied',
  AuthorizationErrorException: 'accessDenied',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  ThrottledException: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  ProvisionedThroughputExceededException: 'throttled',
  ServiceQuotaExceededException: 'throttled',
  ResourceNotFoundException: 'notFound',
  NotFoundException: 'notFound',
  NoSuchEntity: 'notFound',
  NoSuchEntityException: 'notFound',
  AbortError: 'timedOut',
  TimeoutError: 'timedOut',
  ModelTimeoutException: 'timedOut',
  // 429 and 424, and yet no throttle and no mistake of the caller.
  ModelNotReadyException: 'unavailable',
  ModelErrorException: 'unavailable',
  // 403 for the credentials themselves: it says nothing about permissions.
  ExpiredToken: 'other',
  ExpiredTokenException: 'other',
  InvalidClientTokenId: 'other',
  UnrecognizedClientException: 'other',
  SignatureDoesNotMatch: 'other',
  InvalidSignatureException: 'other',
};

/** The services spell out the whole signed request in these, session token included. */
const TELLING = new Set(['SignatureDoesNotMatch', 'InvalidSignatureException']);
const MAX_TEXT = 400;

/**
 * An SDK error as the core knows it. It carries no cause: the SDK's error holds the signed request, and whatever is logged
 * of it must hold no credentials.
 */
export function serviceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (!(error instanceof Error)) return new ServiceError('other', 'Error', String(error));
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return new ServiceError(BY_NAME[error.name] ?? byStatus(status), error.name, safeText(error), status);
}

/** Runs one call of the SDK. @throws ServiceError */
export async function calling<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw serviceError(error);
  }
}

function byStatus(status: number | undefined): Refusal {
  // No status: no answer came, such as from a name that does not resolve.
  if (status === undefined || status >= 500) return 'unavailable';
  switch (status) {
    case 403:
      return 'accessDenied';
    case 404:
      return 'notFound';
    case 408:
      return 'timedOut';
    case 429:
      return 'throttled';
    case 400:
      return 'invalid';
    default:
      return 'other';
  }
}

function safeText(error: Error): string {
  if (TELLING.has(error.name)) return 'the signature was refused';
  // Of several addresses that all refuse, Node gives the code alone.
  const said = error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
  const text = said.replace(/x-amz-security-token:\S+/gi, 'x-amz-security-token:(left out)').replace(/\s+/g, ' ');
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}...`;
}

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
