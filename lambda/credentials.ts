import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's own chain in the functions' bundles: Lambda gives a function its credentials in its environment
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html, read 2026-11-29), and there are no profiles, no browser
 * and no other service to ask. The chain is a third of a small function.
 */
export function defaultProvider(): ReturnType<typeof fromEnv> {
  return fromEnv();
}
