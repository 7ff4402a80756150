import { cpus } from 'node:os';
import { benchBundles } from './bundles';
import { benchCli } from './cli';
import { benchContention } from './contention';
import { benchMeter, benchTick } from './meter';
import { benchLeft } from './left';
import { benchInPath } from './in-path';
import { benchOwnCost } from './own-cost';
import { benchReaction } from './reaction';
import { benchReplay, benchUsage } from './replay';
import type { Result } from './measure';
import { benchServe } from './serve';
import { benchSimulator } from './simulator';
import { benchStart } from './start';
import { benchSynth } from './synth';
import { benchTests } from './tests';
import { removeOwnTmpdir, takeOwnTmpdir } from '../test/helpers/own-tmpdir';

const SUBJECTS: Readonly<Record<string, () => readonly Result[] | Promise<readonly Result[]>>> = {
  bundles: benchBundles,
  synth: benchSynth,
  start: benchStart,
  simulator: benchSimulator,
  tests: benchTests,
  cli: benchCli,
  left: benchLeft,
  replay: benchReplay,
  usage: benchUsage,
  meter: benchMeter,
  tick: benchTick,
  reaction: benchReaction,
  'own-cost': benchOwnCost,
  'in-path': benchInPath,
  contention: benchContention,
  serve: benchServe,
};

const SHOWN: Readonly<Record<Result['unit'], (value: number) => string>> = {
  ratio: (value) => `${value.toFixed(2)}x`,
  count: (value) => value.toFixed(0),
  milliseconds: (value) => `${value.toFixed(3)} ms`,
  seconds: (value) => (value < 0.1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(1)} s`),
  minutes: (value) => `${value.toFixed(1)} min`,
  dollars: (value) => `$${value.toFixed(2)}`,
  megabytes: (value) => `${value.toFixed(0)} MB`,
};

function line({ what, unit, value, goal, baseline, raw }: Result): string {
  const figure = SHOWN[unit](value);
  const wanted = SHOWN[unit](goal);
  return `${value <= goal ? 'met   ' : 'MISSED'}  ${figure.padStart(8)}  goal ${wanted.padStart(7)}  ${what}\n        ${raw}\n        baseline: ${baseline}`;
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !(name in SUBJECTS));
  if (unknown.length > 0) {
    process.stderr.write(
      `unknown: ${unknown.join(', ')}; name some of ${Object.keys(SUBJECTS).join(', ')}, or none for all\n`,
    );
    process.exitCode = 1;
    return;
  }
  process.stdout.write(`node ${process.version}, ${cpus().length} cores; ratios of medians, samples taken in turns\n`);
  for (const [name, bench] of Object.entries(SUBJECTS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    for (const result of await bench()) process.stdout.write(`${line(result)}\n`);
  }
}

takeOwnTmpdir();
void main().finally(removeOwnTmpdir);
