/** Part of `npm run bench:local`: what the in-path plugin adds to a call on the local AWS, its table a request away. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { spendGuard } from '../client';
import { letAdministratorAssume } from '../local/caller';
import { cdkFor } from '../local/cdk';
import { Cleanup, endWith } from '../local/cleanup';
import { startEmulator, type Emulator } from '../local/emulator';
import { GuardFunctions } from '../local/functions';
import { median } from './measure';

const CALLS = 300;
const MODEL = 'amazon.nova-lite-v1:0';
const ENVIRONMENTS = ['exact', 'lease'];

interface Variant {
  readonly name: string;
  readonly client: BedrockRuntimeClient;
  readonly modelId: string;
  readonly samples: number[];
  readonly close: () => Promise<void>;
}

/** Under the role of the environment, with the plugin and without it. */
async function variants(emulator: Emulator, signal: AbortSignal): Promise<readonly Variant[]> {
  const cdk = cdkFor(emulator, { config: 'test/e2e/client/tiers.ts', signal });
  await cdk.bootstrap();
  await cdk.deploy(...ENVIRONMENTS);
  const outputs = JSON.parse(readFileSync(path.join(cdk.folder, 'outputs.json'), 'utf8')) as object;
  const all: Variant[] = [];
  for (const name of ENVIRONMENTS) {
    const { InvokerRoleArn: invoker = '', ProfileAmazonNovaLiteV10Arn: profile = '' } = cdk.outputs(name);
    await (await GuardFunctions.of(emulator, name)).tick();
    await letAdministratorAssume(emulator, invoker);
    const credentials = await emulator.credentialsFor(invoker);
    if (all.length === 0) {
      const client = emulator.client(BedrockRuntimeClient, credentials);
      all.push({ name: 'bare', client, modelId: profile, samples: [], close: async () => client.destroy() });
    }
    const config: unknown = JSON.parse(readFileSync(path.join(cdk.folder, `spend-guard-client.${name}.json`), 'utf8'));
    // The plugin's own client of DynamoDB takes its credentials and endpoint from here.
    Object.assign(process.env, {
      ...emulator.env,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    });
    const guard = spendGuard({ config, outputs }, { cache: false });
    const client = guard.applyTo(emulator.client(BedrockRuntimeClient, credentials));
    // It is made, and its credentials are read, with the first call.
    await client.send(question(MODEL, -1));
    all.push({ name, client, modelId: MODEL, samples: [], close: () => guard.close() });
  }
  return all;
}

function question(modelId: string, n: number): ConverseCommand {
  const messages = [{ role: 'user' as const, content: [{ text: `How many? ${n}` }] }];
  return new ConverseCommand({ modelId, messages, inferenceConfig: { maxTokens: 100 } });
}

async function bench(cleanup: Cleanup): Promise<void> {
  const emulator = await startEmulator({ scheduleSeconds: 3600, signal: cleanup.signal });
  cleanup.add(() => emulator.stop());
  const all = await variants(emulator, cleanup.signal);
  for (let round = -20; round < CALLS; round++) {
    cleanup.check();
    for (const { client, modelId, samples } of all) {
      const command = question(modelId, round);
      const begin = performance.now();
      await client.send(command);
      // The first ones warm up.
      if (round >= 0) samples.push(performance.now() - begin);
    }
  }
  for (const { close } of all) await close();
  const [bare] = all;
  for (const { name, samples } of all) {
    const added =
      bare && name !== 'bare' ? `, ${(median(samples) - median(bare.samples)).toFixed(1)} ms added at the median` : '';
    process.stdout.write(
      `in-path   ${name}: p50 ${median(samples).toFixed(1)} ms, p99 ${p99(samples).toFixed(1)} ms${added}\n`,
    );
  }
  process.stdout.write(
    `        ${CALLS} calls each, in turns, by one caller; no goal: it is the emulator's DynamoDB that is measured\n`,
  );
}

function p99(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.ceil(samples.length * 0.99) - 1] ?? Number.NaN;
}

const cleanup = new Cleanup();
const stopWatching = endWith(cleanup, { maximumHours: 1, onEnd: (why) => process.stderr.write(`${why}: ending\n`) });
const work = bench(cleanup);
cleanup.waitFor(work);
void work
  .catch((error: unknown) => {
    if (cleanup.signal.aborted) return;
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  })
  .then(() => cleanup.run())
  .then(stopWatching);
