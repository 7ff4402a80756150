/**
 * Once the stack is deployed:
 *
 *     npx spend-guard client-config
 *     INVOKER_ROLE_ARN=… node --import tsx ask.ts 'What is a lease?'
 */
import { readFileSync } from 'node:fs';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { refusalIn, spendGuard } from 'bedrock-spend-guard-client';

async function main(question: string): Promise<void> {
  const RoleArn = process.env['INVOKER_ROLE_ARN'];
  if (RoleArn === undefined) throw new Error('INVOKER_ROLE_ARN: set it to InvokerArn of the stack’s outputs');
  // Names, prices and limits, and no credentials: it can be shipped with the application.
  const config: unknown = JSON.parse(readFileSync('spend-guard-client.trial.json', 'utf8'));
  const guard = spendGuard({ config }, { budget: 'questions' });
  // The role may call the models of the config, and share their budget: nothing else.
  const credentials = fromTemporaryCredentials({ params: { RoleArn, RoleSessionName: 'ask' } });
  const client = guard.applyTo(new BedrockRuntimeClient({ region: 'us-east-1', credentials }));
  try {
    const { output } = await client.send(
      new ConverseCommand({
        modelId: 'amazon.nova-lite-v1:0',
        messages: [{ role: 'user', content: [{ text: question }] }],
        // What a call may cost at most is reserved before it is made: with a bound of yours more of them fit in at once.
        inferenceConfig: { maxTokens: 200 },
      }),
    );
    console.log(output?.message?.content?.[0]?.text);
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    // It was not made, and cost nothing.
    console.log(`not now: ${refusal.message}`);
    process.exitCode = 1;
  } finally {
    client.destroy();
    // Gives back what this process holds of the budget.
    await guard.close();
  }
}

void main(process.argv[2] ?? 'What is a lease?');
