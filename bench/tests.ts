import { milliseconds, nodeRun, type Result } from './measure';

/** The whole test suite, once: it is a minute. */
export function benchTests(): readonly Result[] {
  const took = nodeRun(['node_modules/jest/bin/jest.js', '--silent']);
  return [
    {
      what: 'npm test',
      unit: 'seconds',
      value: took / 1000,
      goal: 60,
      baseline: 'none: jest',
      raw: milliseconds([took]),
    },
  ];
}
