import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { GuardError, ServiceError } from '../../../core/errors';
import type { ModelCaller } from '../../../core/health';
import type { TemporaryCredentials } from '../sts';
import { refusalReason } from '../../../core/model-refusal';
import { serviceError } from '../service-error';

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

/** A refused model call, with the reason that its words give. */
export function modelRefusal(error: unknown): ServiceError {
  const { refusal, errorName, text, httpStatus } = serviceError(error);
  const reason = refusalReason(text);
  return new ServiceError(refusal, errorName, text, httpStatus, reason ? { reason } : {});
}
