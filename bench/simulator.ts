import { interleaved, median, milliseconds, nodeRun, type Result } from './measure';

const ROUNDS = 3;

/** The quiet month of all environments, the start of Node and the synth of the templates included. */
export function benchSimulator(): readonly Result[] {
  const { measured } = interleaved(
    ROUNDS,
    () => nodeRun(['-r', 'tsx/cjs', 'bin/simulate.ts', '--scenario', 'quiet-month']),
    () => 0,
  );
  return [
    {
      what: 'the quiet month of three environments, synth included',
      unit: 'seconds',
      value: median(measured) / 1000,
      goal: 3,
      baseline: 'none: node -r tsx/cjs bin/simulate.ts --scenario quiet-month',
      raw: milliseconds(measured),
    },
  ];
}
