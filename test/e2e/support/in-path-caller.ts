/**
 * A caller's own process with the in-path plugin: `<client config> <outputs of cdk deploy> <model>`, its credentials in the environment. Prints, as
 * JSON, what became of a call within the budget by each mode, and of one for which there is no room.
 */
import { readFileSync } from 'node:fs';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { isSpendGuardRefused, spendGuard } from '../../../client';
import type { ClientConfig } from '../../../core/in-path/config';

const [file = '', outputsFile = '', modelId = ''] = process.argv.slice(2);
const config = JSON.parse(readFileSync(file, 'utf8')) as ClientConfig;
const outputs: unknown = JSON.parse(readFileSync(outputsFile, 'utf8'));

async function called(changed: Partial<ClientConfig>): Promise<string> {
  const guard = spendGuard({ config: { ...config, ...changed }, outputs });
  const client = guard.applyTo(new BedrockRuntimeClient({}));
  try {
    const messages = [{ role: 'user' as const, content: [{ text: 'Hello?' }] }];
    await client.send(new ConverseCommand({ modelId, messages, inferenceConfig: { maxTokens: 10 } }));
    return 'answered';
  } catch (error) {
    if (!isSpendGuardRefused(error)) throw error;
    return error.code;
  } finally {
    await guard.close();
    client.destroy();
  }
}

void (async () => {
  const exact = { ...config.inPath, mode: 'exact' as const };
  const outcomes = {
    exact: await called({ inPath: exact }),
    lease: await called({ inPath: { ...config.inPath, mode: 'lease' } }),
    noRoom: await called({ inPath: exact, limit: 1 as ClientConfig['limit'] }),
  };
  process.stdout.write(JSON.stringify(outcomes));
})();
