import { refusalReason } from '../model-refusal';
import { neverArrived, neverConnected } from './never-sent';

/** What a failed attempt says of the money and of the next step. */
export interface Failure {
  /** Certain that no token was made: the same reservation serves the next attempt, or is given back. */
  readonly free: boolean;
  /** Another model may well answer. */
  readonly otherModel: boolean;
}

/** The model had begun (408 ModelTimeoutException, 424 ModelErrorException, 499). */
const MAY_HAVE_RUN = [408, 424, 499];
/**
 * ServiceUnavailableException: no capacity, so no answer begun. A gateway's 502 and 504 say nothing of what is behind it.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html (2026-11)
 */
const UNAVAILABLE = 503;

/**
 * An attempt that Bedrock refused (a 4xx, a 503) is not billed; one that timed out, was cut off or failed inside may be.
 * @param error as the SDK throws it: `$metadata.httpStatusCode` where there was an answer
 */
export function judge(error: unknown): Failure {
  const { status, causes, name, message } = describe(error);
  // The first event of a stream: the SDK throws it before there is a stream, without a status or under that of a good one.
  const event = error instanceof Error ? error.name : undefined;
  if ((status === undefined || status === 200) && refusesInStream(event)) {
    return { free: true, otherModel: !/^Validation/i.test(event) };
  }
  if (status !== undefined) {
    const free = status === UNAVAILABLE || (status >= 400 && status < 500 && !MAY_HAVE_RUN.includes(status));
    const busy = status === 429 || status === UNAVAILABLE || /Throttl|TooManyRequests/.test(name ?? '');
    const notThisModel = status === 403 || status === 404 || refusalReason(message ?? '') !== undefined;
    return { free, otherModel: free && (busy || notThisModel) };
  }
  const unconnected = causes.some(neverConnected);
  return { free: unconnected || causes.some(neverArrived), otherModel: unconnected };
}

interface Described {
  readonly status?: number;
  readonly causes: readonly object[];
  readonly name?: string;
  readonly message?: string;
}

/** By the exception events with which Bedrock turns a request away; the others may come of a model that has run. */
export function refusesInStream(name: string | undefined): name is string {
  return name !== undefined && /^(Throttling|ServiceUnavailable|Validation)Exception$/i.test(name);
}

/** Of the error and what caused it; the outermost answer wins. */
function describe(error: unknown, depth = 0): Described {
  if (typeof error !== 'object' || error === null || depth > 5) return { causes: [] };
  const { $metadata, name, message, cause, errors } = error as {
    $metadata?: { httpStatusCode?: number };
    name?: string;
    message?: string;
    cause?: unknown;
    errors?: unknown;
  };
  const status = $metadata?.httpStatusCode;
  if (typeof status === 'number') {
    return {
      status,
      causes: [],
      ...(name === undefined ? {} : { name }),
      ...(message === undefined ? {} : { message }),
    };
  }
  // Both families of an address failed: the connection was made by neither.
  const inner = describe(Array.isArray(errors) && errors.length > 0 ? errors[0] : cause, depth + 1);
  return { ...inner, causes: [error, ...inner.causes] };
}
