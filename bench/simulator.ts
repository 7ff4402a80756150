import { spawnSync } from 'node:child_process';
import { median, milliseconds, ROOT, type Result } from './measure';

const ROUNDS = 5;
const COMMAND = 'node -r tsx/cjs bin/simulate.ts --scenario quiet-month';

/** The quiet month of all environments: the month alone, by the simulator's own word, and all that the command takes. */
export function benchSimulator(): readonly Result[] {
  const runs = Array.from({ length: ROUNDS }, () => {
    const begin = process.hrtime.bigint();
    const { status, stderr } = spawnSync('node', COMMAND.split(' ').slice(1), { cwd: ROOT, encoding: 'utf8' });
    const whole = Number(process.hrtime.bigint() - begin) / 1e6;
    const month = /^Simulation: ([\d.]+) s in all$/m.exec(stderr)?.[1];
    if (status !== 0 || month === undefined) throw new Error(`${COMMAND} ended with ${status}\n${stderr}`);
    return { whole, month: Number(month) * 1000 };
  });
  const result = (what: string, samples: readonly number[]): Result => ({
    what,
    unit: 'seconds',
    value: median(samples) / 1000,
    goal: 3,
    baseline: `none: ${COMMAND}`,
    raw: milliseconds(samples),
  });
  return [
    result(
      'the quiet month of three environments',
      runs.map(({ month }) => month),
    ),
    result(
      'the same with the start of Node and the synth of the stacks',
      runs.map(({ whole }) => whole),
    ),
  ];
}
