/**
 * One process of an application, as its team would write it: the packed plugin, the config that synth wrote, and 40 callers.
 * Prints a line per answered call, and one at the end.
 */
const { readFileSync } = require('node:fs');
const [, , plugin, configFile, outputsFile, modelId, callers, patientMs] = process.argv;
const { BedrockRuntimeClient, ConverseCommand } = require('@aws-sdk/client-bedrock-runtime');
const { isSpendGuardRefused, spendGuard } = require(plugin);

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const guard = spendGuard({ config: read(configFile), outputs: read(outputsFile) });
const client = guard.applyTo(new BedrockRuntimeClient());

const patientUntil = Date.now() + Number(patientMs);

async function caller(name) {
  for (let n = 0; ; n += 1) {
    const messages = [{ role: 'user', content: [{ text: `${process.pid} ${name} ${n}` }] }];
    try {
      await client.send(new ConverseCommand({ modelId, messages, inferenceConfig: { maxTokens: 2048 } }));
      process.stdout.write('answered\n');
    } catch (error) {
      if (isSpendGuardRefused(error) && error.code === 'BUDGET_EXHAUSTED') return;
      // One emulator on a busy machine may take longer than a call waits for its table.
      if (!isSpendGuardRefused(error) || error.code !== 'GUARD_UNAVAILABLE' || Date.now() > patientUntil) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

Promise.all(Array.from({ length: Number(callers) }, (_, name) => caller(name)))
  .then(() => guard.close())
  .then(
    () => process.stdout.write('ended\n'),
    (error) => {
      process.stderr.write(`${error.stack}\n${error.cause?.stack ?? ''}\n`);
      process.exitCode = 1;
    },
  )
  .finally(() => client.destroy());
