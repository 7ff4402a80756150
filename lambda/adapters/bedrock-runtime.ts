import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { GuardError } from '../../core/errors';
import type { ModelCaller } from '../../core/ports/model-access';
import { modelRefusal } from './model-refusal';
import type { TemporaryCredentials } from './sts';

/** Says nothing about anybody, and is never logged. */
const PROMPT = 'Answer with the word OK.';

/** Once: a retry would make a slow model look healthy and a throttle look slow. */
const MAX_ATTEMPTS = 1;

/** Signs as the function itself, or with a role's temporary credentials. */
export function bedrockRuntime(credentials?: TemporaryCredentials): ModelCaller {
  const client = new BedrockRuntimeClient({ maxAttempts: MAX_ATTEMPTS, ...(credentials ? { credentials } : {}) });
  return {
    async callOnce(callAs, signal) {
      const command = new ConverseCommand({
        modelId: callAs,
        messages: [{ role: 'user', content: [{ text: PROMPT }] }],
        inferenceConfig: { maxTokens: 1 },
      });
      const { usage } = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
        throw modelRefusal(error);
      });
      const { inputTokens, outputTokens } = usage ?? {};
      if (inputTokens === undefined || outputTokens === undefined) {
        throw new GuardError('ANSWER_INVALID', `Converse answered for ${callAs} without token counts`);
      }
      return { inputTokens, outputTokens };
    },
  };
}
