/** `npm run bench:local`: how long the real functions take on the local AWS, from seeing it to holding everybody. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { callModel } from '../local/caller';
import { Cleanup, endWith } from '../local/cleanup';
import { cdkFor } from '../local/cdk';
import { startEmulator, type Emulator } from '../local/emulator';
import { GuardFunctions } from '../local/functions';
import { type Callers, callersOf, demandFree, profileId, untilDenied } from './local-callers';
import { attachTo, makeRoles, stopByAttaching } from './local-many';
import { line, list, percentile, type Row } from './local-rows';
import { benchShown } from './local-shown';
import { ROLES } from './local-tiers';
import { median } from './measure';

const RUNS = 40;
const DEPLOYS = 3;
/** Beside the ten of the config; of a thousand, so many are asked all the time, and the others once. */
const MANY = Array.from({ length: 990 }, (_, index) => `bench-one-of-many-${index + 1}`);
const MANY_RUNS = 8;
const ASKED = 30;
/** Months after those of the runs above, whose spending nobody compares with theirs. */
const SHOWN_FROM = 11 + RUNS + MANY_RUNS + 2;
/** Those of the reaction are the issue's; the others keep a run of the end-to-end tests within its time on two cores. */
const GOALS = { reactionS: 5, shownS: 90, deployS: 15, destroyS: 10, emulatorMB: 250 } as const;
const MINUTE_MS = 60_000;
/** So late the callers' own calls are shown: they are made to learn who is denied, and use nothing. */
const HIDDEN_S = 3600;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/**
 * A month of its own for each run, by the clock in the event: it begins with nothing spent and everybody free, then shows
 * more than the stop line, and the tick that sees it is timed.
 */
async function reaction(emulator: Emulator, meter: GuardFunctions, callers: Callers, run: number): Promise<number> {
  const at = Date.UTC(2026, 11 + run, 2, 10);
  const opened = await meter.tick(at);
  if (opened.error) throw new Error(JSON.stringify(opened.result));
  await demandFree(callers, `in run ${run}`);
  const dimensions = { ModelId: profileId(callers) };
  const point = { namespace: 'AWS/Bedrock', metric: 'OutputTokenCount', value: 60_000_000, dimensions };
  await emulator.control.points([{ ...point, at: at / 1000 }]);
  const denied = seconds(() => untilDenied(callers));
  const [took, ticked] = await Promise.all([denied, meter.tick(at + 2 * MINUTE_MS)]);
  if (ticked.error) throw new Error(JSON.stringify(ticked.result));
  return took;
}

/** Of the emulator, and of it with the functions' warm workers, in MB. */
function memory({ pid }: Emulator): { readonly own: number; readonly all: number } {
  const rows = execFileSync('ps', ['ax', '-o', 'pid=,pgid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  const group = rows.map((row) => row.trim().split(/\s+/).map(Number)).filter(([, pgid]) => pgid === pid);
  const sum = (some: readonly number[][]) => some.reduce((total, [, , rss = 0]) => total + rss, 0) / 1024;
  return { own: sum(group.filter(([one]) => one === pid)), all: sum(group) };
}

async function bench(cleanup: Cleanup): Promise<void> {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  let emulator: Emulator | undefined;
  const started = await seconds(async () => {
    emulator = await startEmulator({ scheduleSeconds: 3600, signal: cleanup.signal });
    const made = emulator;
    cleanup.add(() => made.stop());
  });
  if (!emulator) return;
  const atFirst = memory(emulator);
  const cdk = cdkFor(emulator, { config: 'bench/local-tiers.ts', signal: cleanup.signal });
  const bootstrap = await seconds(() => cdk.bootstrap());
  const roles = await makeRoles(emulator, ROLES);
  const many = await makeRoles(emulator, MANY);

  const [deploys, destroys]: [number[], number[]] = [[], []];
  const reactions: number[] = [];
  const ofMany: number[] = [];
  const shown: Row[] = [];
  const attaching: Record<'ten' | 'thousand', number[]> = { ten: [], thousand: [] };
  for (let round = 1; round <= DEPLOYS; round++) {
    deploys.push(await seconds(() => cdk.deploy('dev')));
    if (round === DEPLOYS) {
      const meter = await GuardFunctions.of(emulator, 'dev');
      const callers = await callersOf(emulator, cdk, roles);
      await emulator.control.setMetrics({ delaySeconds: HIDDEN_S });
      for (let run = 0; run < RUNS; run++) {
        cleanup.check();
        reactions.push(await reaction(emulator, meter, callers, run));
      }
      const { StateTableName: stateTable = '' } = cdk.outputs('dev');
      const here = { emulator, meter, callers, stateTable, goal: GOALS.shownS };
      shown.push(...(await benchShown(here, SHOWN_FROM, () => cleanup.check())));
      await attachTo(emulator, cdk.outputs('dev')['SwitchPolicyArn'] ?? '', MANY);
      const asked = await callersOf(emulator, cdk, [...roles, ...many.slice(0, ASKED)]);
      const others = await callersOf(emulator, cdk, many.slice(ASKED));
      for (let run = RUNS; run < RUNS + MANY_RUNS; run++) {
        cleanup.check();
        ofMany.push(await reaction(emulator, meter, asked, run));
        for (const client of others.clients) {
          if ((await callModel(client, others.profile)).kind === 'answered') throw new Error('somebody goes on');
        }
        attaching.ten.push(await stopByAttaching(emulator, ROLES, `ten-${run}`));
        attaching.thousand.push(await stopByAttaching(emulator, MANY, `many-${run}`));
      }
    }
    destroys.push(await seconds(() => cdk.destroy('dev')));
  }
  const atLast = memory(emulator);

  const rows: readonly Row[] = [
    {
      what: `p95 from the tick that sees it to the last of ${ROLES.length + 1} principals denied`,
      value: percentile(reactions, 95),
      goal: GOALS.reactionS,
      unit: 's',
      raw: `p50 ${median(reactions).toFixed(2)} s; ${RUNS} runs, the first one cold: ${list(reactions)}`,
    },
    {
      what: `the same with ${MANY.length + ROLES.length + 1} principals, of whom ${ASKED + ROLES.length + 1} are asked all the time and all in the end`,
      value: percentile(ofMany, 95),
      goal: GOALS.reactionS,
      unit: 's',
      raw: `p50 ${median(ofMany).toFixed(2)} s: ${list(ofMany)}; a policy attached to each instead, p95: ${percentile(attaching.ten, 95).toFixed(2)} s for ${ROLES.length}, ${percentile(attaching.thousand, 95).toFixed(2)} s for ${MANY.length}`,
    },
    ...shown,
    { what: 'deploy, median', value: median(deploys), goal: GOALS.deployS, unit: 's', raw: list(deploys) },
    { what: 'destroy, median', value: median(destroys), goal: GOALS.destroyS, unit: 's', raw: list(destroys) },
    {
      what: 'memory of the emulator',
      value: atLast.own,
      goal: GOALS.emulatorMB,
      unit: 'MB',
      raw: `${atFirst.own.toFixed(0)} MB at first; with the functions' workers ${atLast.all.toFixed(0)} MB`,
    },
  ];
  say(
    `node ${process.version}, ${cpus().length} cores; start ${started.toFixed(1)} s, bootstrap ${bootstrap.toFixed(1)} s`,
  );
  for (const row of rows) say(line(row));
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
