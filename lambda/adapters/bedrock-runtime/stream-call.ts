import { type BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import type { OpenStream, StreamEnd } from '../../../core/verify';
import { serviceError } from '../service-error';
import { modelRefusal } from './model-call';

/** Says nothing about anybody, and is long to answer. */
const PROMPT = 'Write the numbers from one to five hundred as words, one a line, and nothing else.';

/** Begins an answer in parts, and reads it to its end. @throws ServiceError */
export async function streamCall(
  client: BedrockRuntimeClient,
  callAs: string,
  maxTokens: number,
  signal: AbortSignal,
): Promise<OpenStream> {
  const command = new ConverseStreamCommand({
    modelId: callAs,
    messages: [{ role: 'user', content: [{ text: PROMPT }] }],
    inferenceConfig: { maxTokens },
  });
  const { stream } = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
    throw modelRefusal(error);
  });
  return new Promise((resolve, reject) => {
    let parts = 0;
    const begun = () => resolve({ ended });
    const read = async (): Promise<StreamEnd> => {
      let usage: { inputTokens: number; outputTokens: number } | undefined;
      try {
        for await (const event of stream ?? []) {
          if (event.contentBlockDelta) parts += 1;
          if (parts > 0) begun();
          const { inputTokens, outputTokens } = event.metadata?.usage ?? {};
          if (inputTokens !== undefined && outputTokens !== undefined) usage = { inputTokens, outputTokens };
        }
      } catch (error) {
        const refusal = modelRefusal(serviceError(error));
        if (parts === 0) reject(refusal);
        return { kind: 'cut', parts, why: `${refusal.errorName}: ${refusal.text}` };
      }
      begun();
      return usage ? { kind: 'complete', parts, ...usage } : { kind: 'cut', parts, why: 'no word on tokens' };
    };
    const ended = read();
  });
}
