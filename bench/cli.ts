import { interleaved, median, milliseconds, nodeRun, type Result } from './measure';

const ROUNDS = 15;

/** What a person waits for before anything is done. */
export function benchCli(): readonly Result[] {
  const { measured, baseline } = interleaved(
    ROUNDS,
    () => nodeRun(['bin/spend-guard.js', '--help']),
    () => nodeRun(['-e', '0']),
  );
  return [
    {
      what: 'spend-guard --help',
      unit: 'seconds',
      value: median(measured) / 1000,
      // Twice bare Node, and a tenth of a second.
      goal: (2 * median(baseline) + 100) / 1000,
      baseline: 'node -e 0',
      raw: `${milliseconds(measured)}; baseline ${milliseconds(baseline)}`,
    },
  ];
}
