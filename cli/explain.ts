import { ConfigError, deployCommand } from '../config';
import { GuardError, ServiceError } from '../core/errors';
import type { Problem } from '../core/health';

/** A failure for people; undefined for what is no failure but a defect. */
export function explained(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (error instanceof ConfigError || error instanceof GuardError) return { code: error.code, message: error.message };
  if (error instanceof ServiceError) {
    return { code: isSilence(error) ? NO_ANSWER : error.errorName, message: serviceMessage(error) };
  }
  return undefined;
}

/** Whether an error of AWS or its SDK is about the caller's credentials, whatever was asked. */
export function isAboutCredentials(errorName: string): boolean {
  return CREDENTIALS.has(errorName);
}

/**
 * Names under which the SDK and AWS say that there are no credentials, or none that hold.
 * @see https://docs.amazonaws.cn/en_us/IAM/latest/APIReference/CommonErrors.md what AWS's services have in common, found 2026-11-28
 * @see https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/common-errors.html the same, found 2026-11-28
 */
const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'UnrecognizedClientException',
  // Of a wrong secret key, or a clock that is wrong.
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
]);

const NO_ANSWER = 'NO_ANSWER';

/** Nothing came back at all: a name that does not resolve, nobody who listens, or no word in time. */
function isSilence({ errorName, refusal, httpStatus }: ServiceError): boolean {
  const isCut = refusal === 'timedOut' || refusal === 'unavailable';
  return isCut && httpStatus === undefined && !isAboutCredentials(errorName);
}

/** The refusal that a question met which may fail alone. */
export function refusalOf({ refusal, errorName, text, httpStatus }: Problem): ServiceError {
  return new ServiceError(refusal, errorName, text, httpStatus);
}

/** Whether it stands in the way of every other question too, so that there is nothing to be said of what was asked. */
export function isOfEverything(error: ServiceError): boolean {
  return isAboutCredentials(error.errorName) || isSilence(error);
}

export const SIGN_IN = 'sign in, for example with `aws sso login`, and name the profile in AWS_PROFILE';

function serviceMessage(error: ServiceError): string {
  const { errorName, refusal, text } = error;
  if (isSilence(error)) {
    return `AWS did not answer (${text}); check the network, the Region of the environment and AWS_ENDPOINT_URL, then try again`;
  }
  if (isAboutCredentials(errorName)) return `AWS credentials: none that hold (${errorName}); ${SIGN_IN}`;
  const said = `AWS answered ${errorName}: ${text}`;
  switch (refusal) {
    case 'accessDenied':
      return `${said}; use credentials that may do this, or ask an administrator of the account`;
    case 'throttled':
    case 'timedOut':
    case 'unavailable':
      return `${said}; try again in a minute`;
    case 'notFound':
      return `${said}; is the stack deployed in this account and Region? ${deployCommand('…')}`;
    case 'invalid':
    case 'other':
      return said;
  }
}
