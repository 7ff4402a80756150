import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { usd } from '../../core/money';
import { CONFIG, PROFILE } from '../../test/helpers/guarded-client';
import { instance, type Instance } from '../../test/helpers/serve-instances';
import { median, type Result } from '../measure';
import { atTheCap } from './at-the-cap';
import { ask, bedrockTarget, openAiTarget, openStream, prompt, type Target } from './client';
import { KEY, MODEL, startLiteLlm, type LiteLlm } from './litellm';

const KB = 1024;
const STREAMS = 200;
const AT_ONCE = 50;

interface Behind {
  readonly endpoint: string;
  readonly table: string;
}

interface World {
  readonly behind: Behind;
  readonly direct: Target;
  readonly ours: Target;
  readonly server: Instance;
  readonly theirs: { readonly target: Target; readonly pid: number; readonly name: string } | undefined;
}

/** `serve` as one bundle beside the same client direct to the same upstream, and beside LiteLLM's proxy where it is there, in turns. */
async function main([bundle = '', upstream = '', python = '']: readonly string[]): Promise<void> {
  const behind = fork(upstream, { execArgv: [] });
  const at = await new Promise<Behind>((resolve) => behind.once('message', (told) => resolve(told as Behind)));
  const limit = usd(1_000_000);
  const requestLimits = { perHour: 10_000_000, perDay: 10_000_000 };
  const lease = { ...CONFIG.inPath, mode: 'lease' as const };
  const configOf = (environment: string) => ({ ...CONFIG, environment, limit, requestLimits, inPath: lease });
  const start = (environment: string) =>
    instance(bundle, { config: configOf(environment), upstream: at.endpoint }, at.table);
  const server = await start('bench');
  const theirs = python === '' ? undefined : await startLiteLlm(python, at.endpoint, 1_000_000);
  try {
    const world: World = {
      behind: at,
      direct: bedrockTarget(at.endpoint, PROFILE),
      ours: bedrockTarget(server.url, PROFILE),
      server,
      theirs: theirs && { target: openAiTarget(theirs.url, KEY, MODEL), pid: theirs.pid, name: nameOf(theirs) },
    };
    const results = [
      ...(await added(world, 1, 4_000, { p50: 0.6, p99: 3 })),
      ...(await added(world, 100, 400)),
      ...(await added(world, 1, 500, undefined, true)),
      await throughput(world),
      await memory(world, 'after all of the above'),
      await freshMemory(world, await start('fresh')),
      await atTheCap(bundle, at, python),
    ];
    process.stdout.write(JSON.stringify(results));
  } finally {
    await theirs?.stop();
    await server.stop();
    behind.disconnect();
  }
}

const nameOf = ({ version }: LiteLlm) => `LiteLLM ${version}`;

/** LiteLLM takes that many times as long: a part of the rounds tells enough of it. */
const THEIR_PART = 10;

async function added(
  { direct, ours, theirs }: World,
  kilobytes: number,
  rounds: number,
  goals?: { readonly p50: number; readonly p99: number },
  stream = false,
): Promise<readonly Result[]> {
  const agent = new Agent({ keepAlive: true });
  const samples = { direct: [] as number[], ours: [] as number[], theirs: [] as number[] };
  const one = async (target: Target, into: number[], round: number) => {
    const { status, firstMs, wholeMs } = await ask(target, agent, prompt(kilobytes * KB, round), stream);
    if (status !== 200) throw new Error(`${target.url} answers ${status}`);
    // The first tenth warms up.
    if (round >= 0) into.push(stream ? firstMs : wholeMs);
  };
  for (let round = -Math.ceil(rounds / 10); round < rounds; round++) {
    await one(direct, samples.direct, round);
    await one(ours, samples.ours, round);
    if (theirs && round % THEIR_PART === 0) await one(theirs.target, samples.theirs, round);
  }
  agent.destroy();
  const shown = (all: readonly number[]) => `p50 ${median(all).toFixed(3)} ms, p99 ${p99(all).toFixed(3)} ms`;
  const what = `serve, ${kilobytes} KB prompt${stream ? ", a stream's first byte" : ''}: added at`;
  const beside = theirs
    ? `${theirs.name} ${shown(samples.theirs)}, so added ${(median(samples.theirs) - median(samples.direct)).toFixed(3)} ms`
    : 'LiteLLM not there';
  const baseline = `direct ${shown(samples.direct)}; ${beside}`;
  const raw = `through ${shown(samples.ours)}; ${rounds} calls each, lease`;
  const result = (part: string, of: (all: readonly number[]) => number, goal: number): Result => ({
    ...{ what: `${what} ${part}`, unit: 'milliseconds', value: of(samples.ours) - of(samples.direct), goal },
    ...{ baseline, raw },
  });
  // The issue names goals for 1 KB alone; the same are held up to the others.
  const { p50, p99: last } = goals ?? { p50: 0.6, p99: 3 };
  return [result('p50', median, p50), result('p99', p99, last)];
}

async function throughput({ ours, direct, theirs }: World): Promise<Result> {
  const burst = async (target: Target, calls: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
    let next = 0;
    const caller = async () => {
      while (next < calls) {
        const { status } = await ask(target, agent, prompt(KB, next++));
        if (status !== 200) throw new Error(`${target.url} answers ${status}`);
      }
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, caller));
    agent.destroy();
    return (performance.now() - began) / calls;
  };
  await burst(ours, 500);
  const [alone, through] = [await burst(direct, 5_000), await burst(ours, 5_000)];
  const beside = theirs ? `${theirs.name} ${perSecond(await burst(theirs.target, 300))}` : 'LiteLLM not there';
  return {
    what: `serve, ${AT_ONCE} callers at once: time per request, client and upstream on the same cores (2 ms: 500 a second)`,
    unit: 'milliseconds',
    value: through,
    goal: 2,
    baseline: `direct ${perSecond(alone)}; ${beside}`,
    raw: `${perSecond(through)} of 1 KB; 5000 calls, lease`,
  };
}

const perSecond = (msEach: number) => `${(1000 / msEach).toFixed(0)} requests a second`;

async function freshMemory(world: World, server: Instance): Promise<Result> {
  const result = await memory({ ...world, ours: bedrockTarget(server.url, PROFILE), server }, 'just started');
  await server.stop();
  return result;
}

async function memory({ ours, server, theirs, behind }: World, when: string): Promise<Result> {
  const holding = async (target: Target, pid: number) => {
    const agent = new Agent({ keepAlive: false });
    const before = residentMb(pid);
    const open = await Promise.all(Array.from({ length: STREAMS }, (_, n) => openStream(target, agent, n)));
    const during = residentMb(pid);
    const counts = (await (await fetch(`${behind.endpoint}/counts`)).json()) as { readonly open: number };
    for (const answer of open) answer.destroy();
    agent.destroy();
    await sleep(1_000);
    return { before, during, open: counts.open };
  };
  const own = await holding(ours, server.child.pid ?? 0);
  const their = theirs && (await holding(theirs.target, theirs.pid));
  return {
    what: `serve: memory of the process with ${STREAMS} open streams, ${when}`,
    unit: 'megabytes',
    value: own.during,
    goal: 150,
    baseline: their
      ? `${theirs?.name} ${their.during.toFixed(0)} MB, ${their.before.toFixed(0)} MB before`
      : 'LiteLLM not there',
    raw: `${own.before.toFixed(0)} MB before; ${own.open} streams open at the upstream`,
  };
}

/** Of the whole process, as the system counts it. */
function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_000;
}

function p99(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.ceil(samples.length * 0.99) - 1] ?? Number.NaN;
}

void main(process.argv.slice(2));
