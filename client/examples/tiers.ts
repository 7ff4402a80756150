/** For those who start fresh: the cheapest model that the request is small enough for, and the next one where that fails. */
import { readFileSync } from 'node:fs';
// In an application: from 'bedrock-spend-guard-client'.
import { GuardedBedrock, refusalIn } from '../index';

async function main(file: string): Promise<void> {
  const bedrock = new GuardedBedrock(
    { config: JSON.parse(readFileSync(file, 'utf8')) },
    { onEvent: ({ name, attributes }) => console.log(JSON.stringify({ name, ...attributes })) },
  );
  try {
    const messages = [{ role: 'user' as const, content: [{ text: 'Why is the sky blue?' }] }];
    const { output } = await bedrock.converse({
      messages,
      inferenceConfig: { maxTokens: 300 },
      tier: 'auto',
      upTo: 'small',
    });
    console.log(output?.message?.content?.[0]?.text);
    const { stream } = await bedrock.converseStream({ messages, tier: 'large', allowSmaller: true });
    for await (const event of stream ?? []) process.stdout.write(event.contentBlockDelta?.delta?.text ?? '');
    process.stdout.write('\n');
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    console.log(refusal.code, refusal.message);
  } finally {
    await bedrock.close();
  }
}

void main(process.argv[2] ?? 'spend-guard-client.dev.json');
