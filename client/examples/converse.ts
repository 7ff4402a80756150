/** One line on the client that you have. `node -r tsx/cjs client/examples/converse.ts spend-guard-client.dev.json` */
import { readFileSync } from 'node:fs';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
// In an application: from 'bedrock-spend-guard-client'.
import { refusalIn, spendGuard } from '../index';

async function main(file: string): Promise<void> {
  const guard = spendGuard(
    { config: JSON.parse(readFileSync(file, 'utf8')) },
    { onEvent: ({ name, attributes }) => console.log(JSON.stringify({ name, ...attributes })) },
  );
  const client = guard.applyTo(new BedrockRuntimeClient());
  const question = new ConverseCommand({
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'What is a lease?' }] }],
    inferenceConfig: { maxTokens: 200 },
  });
  try {
    const { output } = await client.send(question);
    console.log(output?.message?.content?.[0]?.text);
    // From the cache: no request, no cost.
    await client.send(question);
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    console.log(`not now: ${refusal.message} Again in ${refusal.retryAfterSeconds ?? 'no'} seconds.`);
  } finally {
    client.destroy();
    // Gives back what this process holds of the budget.
    await guard.close();
  }
}

void main(process.argv[2] ?? 'spend-guard-client.dev.json');
