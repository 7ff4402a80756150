import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { callModel, letAdministratorAssume } from './caller';
import { childEnvironment, type Emulator } from './emulator';
import { LocalError } from './errors';
import { GuardFunctions, type Invoked } from './functions';
import { ROOT } from './python';

/** Nova Pro at $0.80 and $3.20 per million: $0.56 a call, so that the runaway brake of dev is reached at the ninth. */
const USAGE = { inputTokens: 300_000, outputTokens: 100_000 };
const CALL_EVERY_MS = 8_000;
const MOST_CALLS = 40;

export interface RunawayOptions {
  readonly outputs: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A caller of dev that does not stop by itself. @throws LocalError where the guard does not stop it, or not let it go on */
export async function showRunaway(emulator: Emulator, { outputs, say, signal }: RunawayOptions): Promise<void> {
  const { InvokerRoleArn: role = '', ProfileAmazonNovaProV10Arn: profile = '' } = outputs;
  say(
    'The shipped config names nobody who may use the invoker role: as administrator we let ourselves in (trust only).',
  );
  await letAdministratorAssume(emulator, role);
  const caller = emulator.client(BedrockRuntimeClient, await emulator.credentialsFor(role, 'runaway'));
  const meter = await GuardFunctions.of(emulator, 'dev');
  await emulator.control.usage({ [profile]: USAGE });
  say(
    `Each call is scripted to use ${USAGE.inputTokens} tokens in, ${USAGE.outputTokens} out. The meter runs by its schedule, each`,
  );
  say('minute; to make it shorter it is also invoked by hand, but it reads the month at most once in 40 s.');

  const mails = mailReader(emulator, say);
  let seen: unknown;
  for (let calls = 1; ; calls++) {
    const called = await callModel(caller, profile);
    if (called.kind === 'denied') {
      say(`call ${calls}: AccessDenied`);
      say(`  ${called.message}`);
      break;
    }
    say(`call ${calls}: answered`);
    if (calls >= MOST_CALLS)
      throw new LocalError('EMULATOR_FAILED', `the guard did not stop dev within ${MOST_CALLS} calls`);
    const ticked = tickLine(await meter.invoke('spend-meter', { command: 'evaluate' }, signal));
    if (ticked !== seen) say(`  meter: ${ticked}`);
    seen = ticked;
    await mails();
    await sleep(CALL_EVERY_MS, undefined, { signal });
  }
  await mails();

  say('$ spend-guard resume --env dev --until 1h --limit 100 --reason "shown enough"');
  for (const line of await spendGuard(
    emulator,
    signal,
    'resume',
    '--env',
    'dev',
    '--until',
    '1h',
    '--limit',
    '100',
    '--reason',
    'shown enough',
    '--yes',
  )) {
    say(`  ${line}`);
  }
  const after = await callModel(caller, profile);
  caller.destroy();
  if (after.kind === 'denied')
    throw new LocalError('EMULATOR_FAILED', `still denied after the resume: ${after.message}`);
  say('call after the resume: answered');
  await mails();
}

function tickLine({ result, error, lines }: Invoked): string {
  if (error !== undefined) return `failed: ${JSON.stringify(result)}`;
  const record = lines.findLast(({ event }) => event === 'meter.ticked');
  if (!record) return 'another tick is at work';
  const dollars = Number(record['monthToDateNanoUsd']) / 1e9;
  return `$${dollars.toFixed(2)} this month, ${String(record['enforced'])}: ${String(record['reason'])}`;
}

/** Says each mail once. */
function mailReader(emulator: Emulator, say: (line: string) => void): () => Promise<void> {
  let read = 0;
  return async () => {
    const mails = await emulator.control.mails();
    for (const { to, subject } of mails.slice(read)) say(`  mail to ${to}: ${subject}`);
    read = mails.length;
  };
}

function spendGuard(emulator: Emulator, signal: AbortSignal, ...args: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['bin/spend-guard.js', ...args],
      { cwd: ROOT, env: { ...childEnvironment(emulator), TMPDIR: emulator.work.inside('tmp') }, signal },
      (error, stdout, stderr) => {
        if (signal.aborted) reject(new LocalError('INTERRUPTED', 'interrupted'));
        else if (error) reject(new LocalError('EMULATOR_FAILED', `spend-guard ${args[0]}: ${stdout}${stderr}`));
        else resolve(stdout.trim().split('\n'));
      },
    );
  });
}
