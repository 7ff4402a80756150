/** An answer of the server's own, in the shape of Bedrock's errors: AWS's SDKs name the error by the header, others show the message. */
export interface Refusal {
  readonly status: number;
  /** Such as `AccessDeniedException`. */
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

export function refusal(status: number, name: string, code: string, message: string): Refusal {
  return { status, name, code, message };
}

export function headersOf({ name, retryAfterSeconds }: Refusal): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-amzn-errortype': name,
    'cache-control': 'no-store',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  };
}

export function bodyOf({ code, message, retryAfterSeconds }: Refusal): string {
  const again = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return JSON.stringify({ message: `${code}: ${message}`, code, ...again });
}

const UNREACHABLE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** What a request failed by, for the caller: no more of the error than its code. */
export function failureOf(error: unknown): Refusal {
  const { name, code, statusCode } = (error ?? {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly statusCode?: unknown;
  };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return refusal(
      413,
      'ValidationException',
      'BODY_TOO_LARGE',
      'the body is larger than this server takes: send less.',
    );
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return refusal(statusCode, 'ValidationException', 'BAD_REQUEST', 'the request is not well formed.');
  if (name === 'CredentialsProviderError')
    return refusal(
      403,
      'AccessDeniedException',
      'NO_CREDENTIALS',
      'this server has no AWS credentials to sign with: whoever runs it gives it some (AWS_PROFILE, a role), and starts it anew.',
    );
  const why = typeof code === 'string' ? ` (${code})` : '';
  if (typeof code === 'string' && UNREACHABLE.includes(code))
    return refusal(
      503,
      'ServiceUnavailableException',
      'UPSTREAM_UNREACHABLE',
      `this server does not reach Bedrock${why}: nothing was sent, and nothing is charged.`,
    );
  return refusal(
    502,
    'InternalServerException',
    'UPSTREAM_FAILED',
    `the connection to Bedrock failed${why}. The model may have run, so what it can cost at most is charged.`,
  );
}
