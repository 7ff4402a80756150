/**
 * A caller's own process with the in-path plugin: `<client config> <outputs of cdk deploy> <model>`, its credentials in the environment. Prints, as
 * JSON, what became of a call within the budget by each mode, and of one for which there is no room.
 */
import { readFileSync } from 'node:fs';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { refusalIn, spendGuard } from '../../../client';
import type { ClientConfig } from '../../../core/in-path/config';

const [file = '', outputsFile = '', modelId = ''] = process.argv.slice(2);
const config = JSON.parse(readFileSync(file, 'utf8')) as ClientConfig;
const outputs: unknown = JSON.parse(readFileSync(outputsFile, 'utf8'));

/** Tokens: $480 of the dearest that a caller could be charged for. */
const MORE_THAN_THE_LIMIT = 2_000_000_000;

async function called(mode: ClientConfig['inPath']['mode'], maxTokens = 10): Promise<string> {
  const guard = spendGuard({ config: { ...config, inPath: { ...config.inPath, mode } }, outputs });
  const client = guard.applyTo(new BedrockRuntimeClient({}));
  try {
    const messages = [{ role: 'user' as const, content: [{ text: 'Hello?' }] }];
    await client.send(new ConverseCommand({ modelId, messages, inferenceConfig: { maxTokens } }));
    return 'answered';
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    return refusal.code;
  } finally {
    await guard.close();
    client.destroy();
  }
}

void (async () => {
  const outcomes = {
    exact: await called('exact'),
    lease: await called('lease'),
    noRoom: await called('exact', MORE_THAN_THE_LIMIT),
  };
  process.stdout.write(JSON.stringify(outcomes));
})();
