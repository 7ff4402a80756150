/** What a failed attempt says of the money and of the next step. */
export interface Failure {
  /** Certain that no token was made: the same reservation serves the next attempt, or is given back. */
  readonly free: boolean;
  /** Another model may well answer. */
  readonly otherModel: boolean;
}

/** No connection was made. `ECONNRESET` and timeouts are not here: the request may have arrived. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
/** The model had begun (408 ModelTimeoutException, 424 ModelErrorException, 499). */
const MAY_HAVE_RUN = [408, 424, 499];

/**
 * An attempt that Bedrock refused (a 4xx) is not billed; one that timed out, was cut off or failed inside may be.
 * @param error as the SDK throws it: `$metadata.httpStatusCode` where there was an answer
 */
export function judge(error: unknown): Failure {
  const { status, codes, name } = describe(error);
  // The first event of a stream: the SDK throws it before there is a stream, without a status or under that of a good one.
  const event = error instanceof Error ? error.name : undefined;
  if ((status === undefined || status === 200) && refusesInStream(event)) {
    return { free: true, otherModel: !/^Validation/i.test(event) };
  }
  if (status !== undefined) {
    const free = status >= 400 && status < 500 && !MAY_HAVE_RUN.includes(status);
    const busy = status === 429 || /Throttl|TooManyRequests/.test(name ?? '');
    // 404 is also how a model answers that its provider has marked legacy.
    return { free, otherModel: free && (busy || status === 403 || status === 404) };
  }
  // Over HTTP/2 the request is cancelled because of it: ERR_HTTP2_STREAM_CANCEL, caused by ECONNREFUSED.
  const never = codes.some((code) => NEVER_SENT.includes(code));
  return { free: never, otherModel: never };
}

/** By the exception events with which Bedrock turns a request away; the others may come of a model that has run. */
export function refusesInStream(name: string | undefined): name is string {
  return name !== undefined && /^(Throttling|ServiceUnavailable|Validation)Exception$/i.test(name);
}

/** Of the error and what caused it; the outermost answer wins. */
function describe(
  error: unknown,
  depth = 0,
): { readonly status?: number; readonly codes: readonly string[]; readonly name?: string } {
  if (typeof error !== 'object' || error === null || depth > 5) return { codes: [] };
  const { $metadata, code, name, cause, errors } = error as {
    $metadata?: { httpStatusCode?: number };
    code?: unknown;
    name?: string;
    cause?: unknown;
    errors?: unknown;
  };
  const status = $metadata?.httpStatusCode;
  if (typeof status === 'number') return { status, codes: [], ...(name === undefined ? {} : { name }) };
  // Both families of an address failed: the connection was made by neither.
  const inner = describe(Array.isArray(errors) && errors.length > 0 ? errors[0] : cause, depth + 1);
  return { ...inner, codes: [...(typeof code === 'string' ? [code] : []), ...inner.codes] };
}
