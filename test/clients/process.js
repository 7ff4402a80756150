/**
 * One process of an application with many callers, who take turns with the budgets that are named. Prints a line per answered call, and
 * one at the end.
 */
const [, , plugin, config, bedrock, modelId, callers, ...budgets] = process.argv;
const { BedrockRuntimeClient, ConverseCommand } = require('@aws-sdk/client-bedrock-runtime');
const { isSpendGuardRefused, spendGuard, withGuard } = require(plugin);

const settings = JSON.parse(config);
// The meter's word, which no meter writes here: the month is open.
const status = {
  read: async () => ({
    desired: 'open',
    asOf: Date.now(),
    month: new Date().toISOString().slice(0, 7),
    spentAtLeast: 0,
    limit: settings.limit,
    ...(settings.budgets && {
      budgets: { limits: Object.fromEntries(settings.budgets.map(({ path, limit }) => [path, limit])), since: 1 },
    }),
  }),
};
const guard = spendGuard({ config: settings }, { status });
const client = guard.applyTo(new BedrockRuntimeClient({ endpoint: bedrock }));

const PATIENT_MS = 90_000;
const patientUntil = Date.now() + PATIENT_MS;

async function caller(name) {
  const budget = budgets[name % budgets.length];
  for (let n = 0; ; n += 1) {
    const messages = [{ role: 'user', content: [{ text: `${budget ?? ''} ${process.pid} ${name} ${n}` }] }];
    try {
      // As many as the answer has: what 100 callers of a killed process hold must leave the other enough to do.
      const command = new ConverseCommand({ modelId, messages, inferenceConfig: { maxTokens: 20 } });
      await client.send(budget === undefined ? command : withGuard(command, { budget }));
      process.stdout.write('answered\n');
    } catch (error) {
      if (isSpendGuardRefused(error) && error.code === 'BUDGET_EXHAUSTED') return;
      // Python on a busy machine may take longer than a call waits for its table.
      if (!isSpendGuardRefused(error) || error.code !== 'GUARD_UNAVAILABLE' || Date.now() > patientUntil) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000 * error.retryAfterSeconds));
    }
  }
}

Promise.all(Array.from({ length: Number(callers) }, (_, name) => caller(name)))
  .then(() => guard.close())
  .then(
    () => process.stdout.write('ended\n'),
    (error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exitCode = 1;
    },
  )
  .finally(() => client.destroy());
