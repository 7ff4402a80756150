import { spawnSync } from 'node:child_process';
import { SHIPPED_CONFIG } from '../config';
import { median, milliseconds, ROOT, type Result } from './measure';

const ROUNDS = 5;
const COMMAND = 'node -r tsx/cjs bin/simulate.ts --scenario quiet-month';

/** CPU milliseconds of the quiet month of `dev` with the meter in place, which ticks each minute of it. */
const METERED_MONTH = `
  const { loadGuard, guardAt } = require('./config');
  const { synthesize, simulateMonth } = require('./simulator');
  const { quietMonth } = require('./simulator/scenarios/quiet-month');
  const [environment] = loadGuard(guardAt().input, 0).environments;
  synthesize([environment.name], process.argv[1]).then(async (synthesized) => {
    const { stacks } = synthesized;
    const begin = process.cpuUsage();
    const scenario = { ...quietMonth, metered: true };
    const { violations } = await simulateMonth({ environments: [environment], stacks, scenario, month: '2026-03', seed: 1 });
    if (violations.length > 0) throw new Error(violations.join());
    const { user, system } = process.cpuUsage(begin);
    console.log((user + system) / 1000);
  });
`;

function meteredMonth(): number {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', 'tsx/cjs', '-e', METERED_MONTH, SHIPPED_CONFIG],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the metered month ended with ${status}\n${stderr}`);
  return Number(stdout.trim());
}

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
  const result = (what: string, samples: readonly number[], goal = 3, baseline = `none: ${COMMAND}`): Result => ({
    what,
    unit: 'seconds',
    value: median(samples) / 1000,
    goal,
    baseline,
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
    result(
      'a metered quiet month of one environment, in CPU time',
      Array.from({ length: ROUNDS }, meteredMonth),
      2,
      'none: simulateMonth with the meter, after the synth',
    ),
  ];
}
