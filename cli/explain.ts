import { ConfigError } from '../config/problems';
import { GuardError } from '../core/errors';
import { ServiceError } from '../core/ports/service-error';

/** A failure for people; undefined for what is no failure but a defect. */
export function explained(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (error instanceof ConfigError || error instanceof GuardError) return { code: error.code, message: error.message };
  if (error instanceof ServiceError) return { code: error.errorName, message: serviceMessage(error) };
  return undefined;
}

/** Whether an error of AWS or its SDK is about the caller's credentials, whatever was asked. */
export function isAboutCredentials(errorName: string): boolean {
  return CREDENTIALS.has(errorName);
}

/** Names under which the SDK and AWS say that there are no credentials, or none that hold. */
const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
]);

export const SIGN_IN = 'sign in, for example with `aws sso login`, and name the profile in AWS_PROFILE';

function serviceMessage({ errorName, refusal, text }: ServiceError): string {
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
      return `${said}; is the stack deployed in this account and Region? npx cdk deploy --context env=…`;
    case 'invalid':
    case 'other':
      return said;
  }
}
