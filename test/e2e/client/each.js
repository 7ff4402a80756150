/**
 * A process of an application that makes a call for each budget it is told of, in their order. Prints, as JSON, what became of each: `answered`,
 * or the code of the refusal.
 */
const { readFileSync } = require('node:fs');
const [, , plugin, configFile, outputsFile, modelId, ...budgets] = process.argv;
const { BedrockRuntimeClient, ConverseCommand } = require('@aws-sdk/client-bedrock-runtime');
const { isSpendGuardRefused, spendGuard } = require(plugin);

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

async function called(budget) {
  // A guard each: one that a table has refused asks it no more for a while.
  const guard = spendGuard({ config: read(configFile), outputs: read(outputsFile) }, { budget });
  const client = guard.applyTo(new BedrockRuntimeClient());
  const messages = [{ role: 'user', content: [{ text: `of '${budget}'` }] }];
  try {
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
  const outcomes = [];
  for (const budget of budgets) outcomes.push([budget, await called(budget)]);
  process.stdout.write(JSON.stringify(outcomes));
})();
