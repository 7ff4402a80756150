import { ServiceError } from '../../../core/errors';
import { serviceError } from '../../../lambda/adapters/service-error';

const sdk = (name: string, httpStatusCode: number | undefined, message = 'm') =>
  Object.assign(new Error(message), {
    name,
    ...(httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } }),
  });

/** Names and statuses as the services' API references give them. */
it.each([
  ['AccessDeniedException', 403, 'accessDenied'],
  ['AccessDenied', 403, 'accessDenied'],
  ['AuthorizationError', 403, 'accessDenied'],
  ['ThrottlingException', 429, 'throttled'],
  ['Throttling', 400, 'throttled'],
  ['TooManyRequestsException', 429, 'throttled'],
  ['ProvisionedThroughputExceededException', 400, 'throttled'],
  ['ServiceQuotaExceededException', 400, 'throttled'],
  ['ResourceNotFoundException', 404, 'notFound'],
  ['NoSuchEntityException', 404, 'notFound'],
  ['ValidationException', 400, 'invalid'],
  ['ModelTimeoutException', 408, 'timedOut'],
  ['TimeoutError', undefined, 'timedOut'],
  ['AbortError', undefined, 'timedOut'],
  ['ModelNotReadyException', 429, 'unavailable'],
  ['ModelErrorException', 424, 'unavailable'],
  ['InternalServerException', 500, 'unavailable'],
  ['ServiceUnavailableException', 503, 'unavailable'],
  ['Error', undefined, 'unavailable'],
  ['ExpiredTokenException', 403, 'other'],
  ['UnrecognizedClientException', 403, 'other'],
  ['SomethingNewForbidden', 403, 'accessDenied'],
  ['SomethingNew', 402, 'other'],
] as const)('%s with status %s is %s', (name, status, refusal) => {
  expect(serviceError(sdk(name, status))).toMatchObject({ refusal, errorName: name });
});

it('goes by name and status, never by text', () => {
  expect(serviceError(sdk('ValidationException', 400, 'AccessDeniedException: explicit deny')).refusal).toBe('invalid');
});

it('keeps no credentials, and no error of the SDK, which holds the signed request', () => {
  const error = serviceError(sdk('AccessDeniedException', 403, 'no\nx-amz-security-token:SECRET\nand more'));
  expect(error.text).toBe('no x-amz-security-token:(left out) and more');
  expect(error.cause).toBeUndefined();
  expect(serviceError(sdk('SignatureDoesNotMatch', 403, 'canonical string SECRET')).text).not.toContain('SECRET');
});

it('shortens a long text, and leaves a ServiceError as it is', () => {
  expect(serviceError(sdk('X', 400, 'x'.repeat(1000))).text).toHaveLength(403);
  const own = new ServiceError('throttled', 'T', 't');
  expect(serviceError(own)).toBe(own);
  expect(serviceError('text')).toMatchObject({ refusal: 'other', text: 'text' });
});
