import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { SessionCaller } from '../../../core/verify';
import type { TemporaryCredentials } from '../sts';
import { bedrockRuntime } from './model-call';
import { streamCall } from './stream-call';

/** Calls models with one session's credentials, which stay in here. */
export function sessionCaller(credentials: TemporaryCredentials): SessionCaller {
  const streaming = new BedrockRuntimeClient({ maxAttempts: 1, credentials });
  return {
    ...bedrockRuntime(credentials),
    stream: (callAs, maxTokens, signal) => streamCall(streaming, callAs, maxTokens, signal),
  };
}
