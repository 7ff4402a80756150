/** A stream, left early: the connection is closed, and the budget charged once. */
import { readFileSync } from 'node:fs';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
// In an application: from 'bedrock-spend-guard-client'.
import { spendGuard } from '../index';

async function main(file: string): Promise<void> {
  const guard = spendGuard(
    { config: JSON.parse(readFileSync(file, 'utf8')) },
    {
      // For the exact price of what was left, instead of the most that it may have cost.
      earlyExit: { drainMs: 5_000 },
      onEvent: ({ name, attributes }) => console.log(JSON.stringify({ name, ...attributes })),
    },
  );
  const client = guard.applyTo(new BedrockRuntimeClient());
  const { stream } = await client.send(
    new ConverseStreamCommand({
      modelId: 'amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Count to a thousand.' }] }],
      inferenceConfig: { maxTokens: 500 },
    }),
  );
  for await (const event of stream ?? []) {
    const text = event.contentBlockDelta?.delta?.text;
    if (text === undefined) continue;
    console.log(text);
    break;
  }
  client.destroy();
  await guard.close();
}

void main(process.argv[2] ?? 'spend-guard-client.dev.json');
