import { cpus } from 'node:os';
import { benchBundles } from './bundles';
import { benchCli } from './cli';
import type { Result } from './measure';
import { benchSimulator } from './simulator';
import { benchSynth } from './synth';
import { benchTests } from './tests';

const SUBJECTS: Readonly<Record<string, () => readonly Result[]>> = {
  bundles: benchBundles,
  synth: benchSynth,
  simulator: benchSimulator,
  tests: benchTests,
  cli: benchCli,
};

function line({ what, unit, value, goal, baseline, raw }: Result): string {
  const figure = unit === 'ratio' ? `${value.toFixed(2)}x` : `${value.toFixed(1)} s`;
  const wanted = unit === 'ratio' ? `${goal}x` : `${goal} s`;
  return `${value <= goal ? 'met   ' : 'MISSED'}  ${figure.padStart(7)}  goal ${wanted.padStart(5)}  ${what}\n        ${raw}\n        baseline: ${baseline}`;
}

function main(): void {
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
    for (const result of bench()) process.stdout.write(`${line(result)}\n`);
  }
}

main();
