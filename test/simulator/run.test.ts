import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import guard from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { SHIPPED_CONFIG } from '../../config/home';
import { HOUR_MS, type UtcMonth } from '../../core/calendar';
import { functions } from '../../simulator/functions';
import type { Deploy } from '../../simulator/functions/site';
import { scenarios } from '../../simulator/scenarios';
import { run } from '../../simulator/run';
import { simulateMonth, type MonthResult } from '../../simulator/simulate-month';
import { synthesize } from '../../simulator/synth';
import type { GuardStack } from '../../simulator/template/guard-stack';

/** The real stacks, handlers and scenarios: what `npm start` does. */

const ROOT = path.resolve(__dirname, '../..');
const { environments } = loadGuard(guard, 0);
let stacks: readonly GuardStack[] = [];

beforeAll(async () => {
  const synthesized = await synthesize(undefined, SHIPPED_CONFIG);
  if (synthesized.kind === 'failed') throw new Error(synthesized.output);
  stacks = synthesized.stacks;
});

const options = (name: string, seed = 1) => ({
  environments,
  stacks,
  scenario: scenarios.find((one) => one.name === name)!,
  month: '2026-03' as UtcMonth,
  seed,
});

const played = new Map<string, Promise<MonthResult>>();

/** The hourly and later features cost most of the time and play no part where the bill alone is looked at. */
const billOnly = {
  functions: Object.fromEntries(
    Object.entries(functions).map(([feature, deploy]): [string, Deploy] => [
      feature,
      feature === 'cost-check' ? deploy : () => async () => undefined,
    ]),
  ),
};
const WITH_ALL = ['quiet-month', 'runaway'];

/** Each scenario is played once. */
function play(name: string): Promise<MonthResult> {
  const result = played.get(name) ?? simulateMonth({ ...options(name), ...(WITH_ALL.includes(name) ? {} : billOnly) });
  played.set(name, result);
  return result;
}

describe('the real guard, by scenario', () => {
  test('quiet month: no alert, nothing stopped, and the real handler reports each local day once', async () => {
    const { violations, environments: outcomes, journal } = await play('quiet-month');
    expect(violations).toEqual([]);
    for (const { alerts, stops, environment } of outcomes) {
      expect([alerts, stops]).toEqual([[], []]);
      const counts = journal.counts(environment.name, 'cost-check');
      // At its time, and at 23:50 for a day that has had none.
      expect(counts.invoked).toBe(2 * 31 + counts.duplicates);
      // In its time zone the month begins in the evening of a day, which has its report at 23:50.
      expect(journal.mails.filter((mail) => mail.environment === environment.name)).toHaveLength(1 + 31);
      const hourly = journal.counts(environment.name, 'health-check');
      expect(hourly.invoked).toBe(31 * 24 + hourly.duplicates);
    }
    expect([...journal.runs.values()].some(({ duplicates }) => duplicates > 0)).toBe(true);
  });

  test("the guard's own deny is expected by the health check: nobody is told of a failure", async () => {
    const { journal } = await play('runaway');
    expect(journal.mails.filter(({ feature }) => feature === 'health-check')).toEqual([]);
  });

  test('slow overrun: announced, then stopped near the limit', async () => {
    const { violations, environments: outcomes } = await play('slow-overrun');
    expect(violations).toEqual([]);
    for (const { alerts, stops, spent, environment } of outcomes) {
      expect(alerts.length).toBeGreaterThanOrEqual(5);
      expect(stops).toHaveLength(1);
      expect(alerts.filter(({ atMs }) => atMs < stops[0]!.triggeredMs).length).toBeGreaterThanOrEqual(4);
      expect(spent).toBeLessThan(1.1 * environment.limit);
    }
  });

  test('runaway: the bill stops it hours after the line was crossed, and the loss is shown', async () => {
    const { violations, environments: outcomes } = await play('runaway');
    expect(violations).toEqual([]);
    for (const { stops, stopLineReachedMs, beyondLimit, afterStopLine, environment } of outcomes) {
      expect(stops[0]!.attachedMs! - stopLineReachedMs!).toBeGreaterThanOrEqual(3 * HOUR_MS);
      expect(beyondLimit).toBeGreaterThan(0.4 * environment.limit);
      expect(afterStopLine).toBeGreaterThan(beyondLimit);
      expect(stops[0]!.needsApproval).toBe(environment.billAction.kind === 'needsApproval');
    }
  });

  test('the same runaway, with the meter: stopped within the hour, and no bill ever has to', async () => {
    const {
      violations,
      environments: outcomes,
      journal,
    } = await simulateMonth({
      ...options('runaway-metered'),
      scenario: { ...options('runaway-metered').scenario, days: 12 },
      environments: environments.slice(0, 1),
    });
    expect(violations).toEqual([]);
    const [outcome] = outcomes;
    const [stop] = outcome!.meterChanges;
    expect(stop).toMatchObject({
      from: 'open',
      to: 'stopped',
      reason: expect.stringContaining('runaway brake') as unknown,
    });
    expect(stop!.atMs - Date.parse('2026-03-11T03:00:00Z')).toBeLessThan(HOUR_MS);
    expect(outcome!.stops).toEqual([]);
    expect(outcome!.beyondLimit).toBe(0);
    expect(journal.mails.filter(({ subject }) => subject.includes('blind'))).toEqual([]);
  });

  test('Cost Explorer down: the reports say unknown and never $0, and nothing stops', async () => {
    const { violations, environments: outcomes, journal } = await play('cost-explorer-down');
    expect(violations).toEqual([]);
    expect(outcomes.flatMap(({ stops }) => stops)).toEqual([]);
    const down = journal.mails.filter(({ atMs }) =>
      ['2026-03-14', '2026-03-15'].includes(new Date(atMs).toISOString().slice(0, 10)),
    );
    expect(down).toHaveLength(2 * environments.length);
    for (const { subject, body } of down) {
      expect(subject).toContain('bill unknown');
      expect(`${subject} ${body}`).not.toContain('$0.00');
    }
    // Two failed runs a day before the third reports what it could not read.
    expect([...journal.runs.values()].reduce((sum, { failed }) => sum + failed, 0)).toBeGreaterThan(0);
  });

  test('billing error: stops nonProduction falsely and says so, asks a person in production', async () => {
    const { violations, environments: outcomes } = await play('billing-error');
    expect(violations).toEqual([]);
    for (const { stops, environment, refused } of outcomes) {
      const automatic = environment.billAction.kind === 'automatic';
      expect(stops).toMatchObject([{ onFalseBill: true, needsApproval: !automatic }]);
      expect(stops[0]!.attachedMs !== undefined).toBe(automatic);
      expect(refused > 0).toBe(automatic);
    }
    expect(new Set(outcomes.map(({ environment }) => environment.billAction.kind)).size).toBe(2);
  });

  test('the account-wide budget sees all environments of the account', async () => {
    const { environments: outcomes } = await play('runaway');
    const carriers = outcomes.filter(({ environment }) => environment.accountWideLimit !== undefined);
    expect(carriers).toHaveLength(1);
    expect(carriers[0]!.alerts.filter(({ scope }) => scope === 'account').length).toBeGreaterThan(3);
  });

  test('without its schedule a real stack fails the run', async () => {
    const [environment] = environments;
    const without = stacks.map((stack) => ({ ...stack, schedules: [] }));
    const { violations } = await simulateMonth({
      ...options('quiet-month'),
      environments: [environment!],
      stacks: without,
    });
    expect(violations).toEqual([
      ...Object.keys(functions)
        // The month of the bill alone has no meter.
        .filter((feature) => feature !== 'spend-meter')
        .map((feature) => `${environment!.name}: ${feature} never ran: the template has no schedule for it`),
      `${environment!.name}: 31 of 31 daily reports did not come, first 2026-03-01 11:00`,
    ]);
  });

  test('other seeds are other months, and hold as well', async () => {
    const first = await play('runaway');
    for (const seed of [2, 3]) {
      const other = await simulateMonth({
        ...options('runaway', seed),
        ...billOnly,
        environments: environments.slice(0, 1),
      });
      expect(other.violations).toEqual([]);
      expect(other.environments[0]!.spent).not.toBe(first.environments[0]!.spent);
    }
  });
});

describe('npm start', () => {
  const start = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    spawn(process.execPath, ['-r', 'tsx/cjs', 'bin/simulate.ts', ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
    });
  const finished = async (child: ReturnType<typeof start>) => {
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => (said.stdout += data));
    child.stderr.on('data', (data) => (said.stderr += data));
    const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { ...said, exitCode };
  };

  test('the same seed gives the same output byte for byte, in processes of their own', async () => {
    const args = ['--scenario', 'billing-error', '--seed', '7', '--env', 'dev'];
    const [one, other] = await Promise.all([
      finished(start(args)),
      finished(start(args, { TZ: 'Pacific/Auckland', FORCE_COLOR: '1' })),
    ]);
    expect([one.exitCode, other.exitCode]).toEqual([0, 0]);
    expect(one.stdout).toContain('A billing error of 20 times');
    expect(one.stdout).toContain('- Runs of health-check: ');
    expect(one.stdout).toContain('Seed 7');
    expect(one.stdout).not.toContain('\u001b');
    expect(one.stderr).not.toContain('\u001b');
    expect(one.stderr).toMatch(/^Synthesized SpendGuard-dev of config\/budget-tiers\.ts in /);
    expect(other.stdout).toBe(one.stdout);
  });

  test('an interrupted run leaves nothing behind', async () => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'simulate-test-'));
    const child = start([], { TMPDIR: temporary });
    const end = finished(child);
    const isThere = () =>
      existsSync(temporary) && readdirSync(temporary).some((name) => name.startsWith('spend-guard-simulate-'));
    while (!isThere() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect((await end).exitCode).toBe(130);
    expect(isThere()).toBe(false);
    rmSync(temporary, { recursive: true });
  });
});

describe('exit codes', () => {
  const stopped = async (args: readonly string[], synth: typeof synthesize) => {
    const said = { stdout: '', stderr: '' };
    const output = {
      stdout: (text: string) => (said.stdout += text),
      stderr: (text: string) => (said.stderr += text),
      isTerminal: false,
    };
    return { exitCode: await run(args, output, synth), ...said };
  };
  const never: typeof synthesize = () => Promise.reject(new Error('not to be called'));

  test('0 for help, which goes to stdout', async () => {
    expect(await stopped(['--help'], never)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('--scenario NAMES'),
      stderr: '',
    });
  });

  test('1 for a bad option, in one line on stderr', async () => {
    const { exitCode, stdout, stderr } = await stopped(['--env', 'qa'], never);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`--env qa: no such environment; allowed: ${environments.map(({ name }) => name).join(', ')}\n`);
  });

  test("1 where the app does not synthesize, in the app's own words", async () => {
    const { exitCode, stderr } = await stopped([], async () => ({
      kind: 'failed',
      output: 'no price for x',
      exitCode: 1,
    }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('did not synthesize (exit code 1):\nno price for x\n');
  });

  test('1 where a template cannot be played', async () => {
    const { exitCode, stderr } = await stopped(['--scenario', 'quiet-month'], async () => ({
      kind: 'done',
      stacks: [],
      notices: [],
    }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`no synthesized stack carries the tag of environment '${environments[0]!.name}'`);
  });

  test('2 where something happened that must never happen, which the output names', async () => {
    const without = stacks.map((stack) => ({ ...stack, schedules: [] }));
    const { exitCode, stdout } = await stopped(['--scenario', 'quiet-month'], async () => ({
      kind: 'done',
      stacks: without,
      notices: [],
    }));
    expect(exitCode).toBe(2);
    expect(stdout).toContain('NOT so here:\n- quiet-month: ');
  });
});
