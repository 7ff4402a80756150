import guard from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { HOUR_MS, MINUTE_MS, monthStart, type UtcMonth } from '../../core/calendar';
import { guardItself, selfCostTotal } from '../../core/estimates';
import { nanoUsd, usd, ZERO } from '../../core/money';
import { openingText, tourText } from '../../simulator/report/tour';
import { duration, money } from '../../simulator/report/words';
import { run } from '../../simulator/run';
import { shippedTour, type Tour } from '../../simulator/scenarios';
import { runawayWindow, RUNAWAY_PERCENT_PER_HOUR } from '../../simulator/scenarios/shipped-runaway';
import type { synthesize } from '../../simulator/synth';
import { readAssembly } from '../../simulator/template/assembly';
import type { GuardStack } from '../../simulator/template/guard-stack';
import { playTour, tourViolations, type TourResult } from '../../simulator/tour';
import { assemblyOf, removeAssemblies } from '../cli/assemblies';
import { environment } from './guard';

/** What `npm start` shows somebody who has seen none of this: the real template, handlers and text; four days of each month. */

const MONTH = '2026-03' as UtcMonth;
const { environments } = loadGuard(guard, 0);
const [dev] = environments.filter(({ name }) => name === 'dev');
/** The program begins on the third day, and is stopped twice. */
const DAYS: Tour = { quiet: { ...shippedTour.quiet, days: 4 }, runaway: { ...shippedTour.runaway, days: 4 } };
const PLAYED_HOURS = 2 * 24 - 3;

let stacks: readonly GuardStack[] = [];
beforeAll(() => {
  stacks = readAssembly(assemblyOf(({ dev: one }) => ({ dev: one })));
});
afterAll(removeAssemblies);

const options = () => ({ environments: [dev!], stacks, tour: DAYS, month: MONTH, seed: 1 });

/** A guard that lost its schedules and budgets: nothing runs, which is quick, and wrong. */
const broken = () => stacks.map((stack) => ({ ...stack, schedules: [], budgets: [] }));

async function start(args: readonly string[], given: () => readonly GuardStack[], isTerminal = false, tour = DAYS) {
  const said = { stdout: '', stderr: '', whenAsked: '', asked: [] as unknown[] };
  const output = {
    stdout: (text: string) => (said.stdout += text),
    stderr: (text: string) => (said.stderr += text),
    isTerminal,
  };
  const synth: typeof synthesize = async (names, config) => {
    said.whenAsked = said.stdout;
    said.asked.push(names, config);
    return { kind: 'done', stacks: given(), notices: [] };
  };
  return { exitCode: await run(args, output, synth, tour), ...said };
}

describe('the figures', () => {
  let result: TourResult;
  let guarded: TourResult['runaway']['environments'][number];
  beforeAll(async () => {
    result = await playTour(options(), () => undefined);
    guarded = result.runaway.environments[0]!;
  });

  test('quiet days and a runaway as shipped hold: nothing fires in the one, the other never reaches its limit', () => {
    expect(tourViolations(result)).toEqual([]);
    const [quiet] = result.quiet.environments;
    expect([quiet!.refused, quiet!.meterChanges, quiet!.stops, quiet!.alerts]).toEqual([ZERO, [], [], []]);
    expect(result.quiet.journal.counts('dev', 'spend-meter').invoked).toBeGreaterThanOrEqual(4 * 24 * 4);
    expect(guarded.beyondLimit).toBe(ZERO);
    expect(guarded.stops).toEqual([]);
    const { fromMs } = runawayWindow({ startMs: monthStart(MONTH) });
    expect(guarded.meterChanges[0]).toMatchObject({ from: 'open', to: 'stopped' });
    expect(guarded.meterChanges[0]!.atMs - fromMs).toBeLessThan(HOUR_MS);
  });

  test('without the guard everything is spent that the same callers asked for, and nobody is told', () => {
    const [none] = result.unguarded;
    expect([none!.refused, none!.alerts, none!.mails, none!.stops]).toEqual([ZERO, [], [], []]);
    const asked = (PLAYED_HOURS * RUNAWAY_PERCENT_PER_HOUR * dev!.limit) / 100;
    expect(none!.spent).toBeGreaterThan(0.97 * asked);
    expect(none!.spent).toBeLessThan(1.05 * asked);
    // The demand is one and the same: what was not spent was denied. Each cost by model is rounded up once.
    const [billAlone] = result.billAlone.environments;
    for (const { spent, refused } of [guarded, billAlone!]) {
      expect(Math.abs(spent + refused - none!.spent)).toBeLessThan(usd(0.01));
    }
    expect(billAlone!.spent).toBeGreaterThan(2 * guarded.spent);
    expect(billAlone!.spent).toBeLessThan(none!.spent);
  });

  test('it all fits 60 lines of 110 columns, with a day of stops to spare for each that is not played here', () => {
    const lines = `${openingText(environments, options())}\n${tourText(result)}`.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(60 - 4);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
    expect(lines.join('')).not.toContain('\u001b');
  });

  test('the text has the figures of the simulation, each in its row', () => {
    const text = tourText(result);
    const usual = result.quiet.environments[0]!.byDay.reduce((sum, [, spent]) => sum + spent, 0);
    const { fromMs } = runawayWindow({ startMs: monthStart(MONTH) });
    const cells = (begin: string) =>
      text
        .split('\n')
        .find((line) => line.trimStart().startsWith(begin))!
        .trim()
        .split(/ {2,}/)
        .slice(1);
    const row = ({ spent, beyondLimit }: typeof guarded, stoppedMs: number | undefined) => [
      money(spent),
      money(beyondLimit),
      money(nanoUsd(spent - usual)),
      stoppedMs === undefined ? 'never' : duration(stoppedMs - fromMs),
    ];
    const [billAlone] = result.billAlone.environments;
    expect(cells('dev, 4 days')).toEqual(['spent', 'above $50.00', 'lost', 'all denied after']);
    expect(cells('without the guard')).toEqual(row(result.unguarded[0]!, undefined));
    expect(cells('with AWS Budgets')).toEqual(row(billAlone!, billAlone!.stops[0]!.attachedMs));
    expect(cells('with the guard as it ships')).toEqual(row(guarded, guarded.meterChanges[0]!.atMs));
    expect(text.replace(/\n +/g, ' ')).toContain(`denied calls worth ${money(guarded.refused)}`);
    for (const { reason } of guarded.meterChanges.filter(({ to }) => to === 'stopped')) {
      expect(text.replace(/\n +/g, ' ')).toContain(`: ${reason}`);
    }
  });

  test('what the guard itself costs stands apart from what its config can leave out', () => {
    const { ownCost } = result.quiet.environments[0]!;
    const { freeTierLeft, freeTierUsedUp } = selfCostTotal(guardItself(ownCost!));
    const text = tourText(result).replace(/\n +/g, ' ');
    expect(text).toContain(
      `costs ${money(freeTierLeft)} a month, ${money(freeTierUsedUp)} with the free tier used up; budgets action (1), unless`,
    );
    const [action] = ownCost!.filter(({ leftOutBy }) => leftOutBy !== undefined);
    expect(text).toContain(`: ${money(action!.freeTierLeft)} and ${money(action!.freeTierUsedUp)} more.`);
  });

  test('a meter that only watches has denied nothing, whatever it notes', () => {
    const environment = { ...dev!, meter: { ...dev!.meter, enforce: false } };
    const text = tourText({
      ...result,
      runaway: { ...result.runaway, environments: [{ ...guarded, environment }] },
    });
    expect(tourText(result)).toContain('the meter denies all models until');
    expect(text).not.toContain('the meter denies');
    expect(text).toMatch(/with the guard as it ships .* never\n/);
  });
});

describe('npm start without a scenario', () => {
  test('what is guarded stands there before the slow part, which is no more than what is played', async () => {
    const { stdout, whenAsked, asked } = await start([], broken);
    expect(asked).toEqual([['dev'], 'config/budget-tiers.ts']);
    expect(whenAsked).toBe(`${openingText(environments, options())}\n`);
    for (const { name, limit } of environments) expect(whenAsked).toMatch(new RegExp(`  ${name} +\\${money(limit)} a`));
    expect(whenAsked).toContain('3 Mar 03:00');
    const order = ['guards 3 environments', 'To be seen for dev', '\n1. ', '\n2. ', 'NOT AS', 'What next'];
    const places = order.map((text) => stdout.indexOf(text));
    expect(places.every((place, at) => place > (places[at - 1] ?? -1))).toBe(true);
    for (const next of ['-- --all', '-- --verbose', 'npm run local', 'deploy --context env=dev'])
      expect(stdout.slice(stdout.indexOf('What next'))).toContain(next);
  });

  test('a guard that holds ends with 0, and says nothing beside the result', async () => {
    const short = { quiet: { ...shippedTour.quiet, days: 1 }, runaway: { ...shippedTour.runaway, days: 3 } };
    const { exitCode, stdout, stderr } = await start([], () => stacks, false, short);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\n +with the guard as it ships +\$[\d.]+ +\$0\.00 /);
    expect(stdout).toContain('\nChecked: ');
  });

  test('--verbose adds every event, the tables and what it rests on', async () => {
    const { stdout } = await start(['--verbose'], broken);
    for (const more of ['(shipped-quiet)\n===', '(shipped-runaway)\n===', '┌', 'Simulated:\n', 'Seed 1, month 2026-03'])
      expect(stdout).toContain(more);
  });

  test('progress stands in a terminal only, and is gone at the end', async () => {
    const terminal = await start([], broken, true);
    expect(terminal.stderr).toContain('\r\u001b[KSynthesizing');
    expect(terminal.stderr).toContain('\r\u001b[KPlaying: A quiet month, guarded as shipped, day 1 ...');
    expect(terminal.stderr.split('\n')[0]!.endsWith(' ...\r\u001b[K')).toBe(true);
    const log = await start([], broken);
    expect(log.stderr).not.toContain('Playing');
    expect(log.stdout).toBe(terminal.stdout);
  });

  test('what must never happen is said instead of what was lost, with exit code 2', async () => {
    const { exitCode, stdout, stderr } = await start([], broken);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('NOT AS IT MUST BE');
    expect(stdout).toContain('- shipped-quiet: dev: spend-meter never ran');
    expect(stdout).toContain('shipped-runaway: dev: nothing stopped the runaway');
    for (const soothing of ['lost     ', 'without the guard', 'Checked: ', 'above $'])
      expect(stdout).not.toContain(soothing);
    expect(stderr).toContain('see NOT in the output');
    const verbose = await start(['--verbose'], broken);
    expect(verbose.stdout).toContain('see NOT below');
  });

  test('--env plays another, and several one after the other', async () => {
    const both = await start(['--env', 'dev,staging'], () => {
      const [one] = broken();
      return [one!, { ...one!, environment: 'staging' }];
    });
    expect(both.asked[0]).toEqual(['dev', 'staging']);
    expect(both.stdout).toContain('To be seen for dev and staging,');
    expect(both.stdout).toMatch(/ dev: \$[\d.]+ of \$50\.00 spent/);
    expect(both.stdout).toMatch(/ staging: \$[\d.]+ of \$100\.00 spent/);
  });
});

describe('what a shipped scenario is there to show', () => {
  const outcome = (refused: number, enforce = true) => {
    const { quiet } = shippedTour;
    const config = environment();
    return [
      quiet,
      {
        environment: { ...config, meter: { ...config.meter, enforce } },
        refused: nanoUsd(refused),
        meterChanges: [
          {
            atMs: MINUTE_MS,
            environment: 'test',
            from: 'open',
            to: 'stopped',
            reason: '$2 in a day >= $1',
            spent: ZERO,
          },
        ],
      },
    ] as unknown as [typeof quiet, Parameters<NonNullable<typeof quiet.unmet>>[0]];
  };

  test('a quiet month in which something is denied says what, and why', () => {
    const [quiet, none] = outcome(0);
    expect(quiet.unmet?.(none)).toEqual([]);
    expect(quiet.unmet?.(outcome(5_000_000_000)[1])).toEqual([
      'in a quiet month calls worth $5.00 were denied: $2 in a day >= $1',
    ]);
  });

  test('a runaway that nothing denies is told, with the dry run as the reason where it is one', () => {
    const { runaway } = shippedTour;
    expect(runaway.unmet?.(outcome(1)[1])).toEqual([]);
    expect(runaway.unmet?.(outcome(0)[1])).toEqual(['nothing stopped the runaway']);
    expect(runaway.unmet?.(outcome(0, false)[1])).toEqual([
      'nothing stopped the runaway: the meter only watches, as meter.enforce is false',
    ]);
  });
});
