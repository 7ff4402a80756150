/** `npm run local`: the local AWS with dev deployed, a runaway that is stopped, and then time to look around. */
import { parseArgs } from 'node:util';
import { Cleanup, endWith } from './cleanup';
import { cdkFor } from './cdk';
import { startEmulator, type Emulator } from './emulator';
import { LocalError } from './errors';
import { showRunaway } from './runaway';

const MAXIMUM_HOURS = 4;
const USAGE = `npm run local -- [--exit] [--port <port>] [--hours <n>]
  --exit         end once the runaway was shown, for CI
  --port <port>  of 127.0.0.1; by default 4599, or another one where that is in use
  --hours <n>    the longest it stays up, at most and by default ${MAXIMUM_HOURS}`;

interface Options {
  readonly exit: boolean;
  readonly port?: number;
  readonly hours: number;
}

function parse(args: string[]): Options | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        exit: { type: 'boolean', default: false },
        port: { type: 'string' },
        hours: { type: 'string', default: String(MAXIMUM_HOURS) },
        help: { type: 'boolean', default: false },
      },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    const hours = Number(values.hours);
    if (values.help) return USAGE;
    if (port !== undefined && !(Number.isInteger(port) && port >= 1024 && port <= 65_535)) {
      return `--port: 1024 to 65535, got '${values.port}'`;
    }
    if (!(hours > 0 && hours <= MAXIMUM_HOURS))
      return `--hours: above 0 and at most ${MAXIMUM_HOURS}, got '${values.hours}'`;
    return { exit: values.exit, hours, ...(port === undefined ? {} : { port }) };
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function timed<T>(what: string, work: Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work;
  say(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}

async function run(options: Options, cleanup: Cleanup): Promise<void> {
  const { signal } = cleanup;
  const started = startEmulator({ port: options.port ?? 'usual', signal, progress: say });
  const emulator = await timed('emulator started', started);
  cleanup.add(() => emulator.stop());
  cleanup.check();
  say(`  ${emulator.endpoint}, IAM enforced, loopback only; its log is ${emulator.work.path}/emulator.log`);

  const cdk = cdkFor(emulator, { signal });
  await timed('cdk bootstrap', cdk.bootstrap());
  await timed('cdk deploy -c env=dev', cdk.deploy('dev'));
  say(`\n${howToTalk(emulator)}\n`);
  say('A runaway in dev, whose brake stops at $5.00 within an hour:');
  await showRunaway(emulator, { outputs: cdk.outputs('dev'), say, signal });
  if (options.exit) return;
  say(`\nUp until Ctrl-C, and at most ${options.hours} h: ${emulator.endpoint}`);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
}

function howToTalk({ env, endpoint }: Emulator): string {
  const exported = Object.entries(env)
    .filter(([name]) => name.startsWith('AWS_'))
    .map(([name, value]) => `  export ${name}=${value}`);
  return [
    'To talk to it, in another terminal:',
    ...exported,
    '  npx spend-guard status --env dev',
    '  npx cdk diff -c env=dev',
    `  curl ${endpoint}/_plus/mails     # what was mailed; docs/local-aws.md lists the rest`,
  ].join('\n');
}

async function main(): Promise<void> {
  const options = parse(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    process.exitCode = options === USAGE ? 0 : 2;
    return;
  }
  const cleanup = new Cleanup();
  const stopWatching = endWith(cleanup, {
    maximumHours: options.hours,
    onEnd: (why) => process.stderr.write(`\n${why}: ending the local AWS\n`),
  });
  // Whoever reads the output may stop early, as `head` does.
  process.stdout.on('error', () => process.kill(process.pid, 'SIGTERM'));
  const work = run(options, cleanup);
  cleanup.waitFor(work);
  try {
    await work;
  } catch (error) {
    // What is interrupted fails in many ways: whoever interrupted it also ends it.
    if (cleanup.signal.aborted) return;
    if (!(error instanceof LocalError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } finally {
    await cleanup.run();
    stopWatching();
  }
}

void main();
