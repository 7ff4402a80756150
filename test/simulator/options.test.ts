import { parseOptions } from '../../simulator/options';

const parse = (...args: string[]) => parseOptions(args, ['dev', 'prod']);

test('without options: the tour, a fixed month and a fixed seed', () => {
  expect(parse()).toEqual({
    kind: 'run',
    options: { scenarios: 'tour', verbose: false, seed: 1, month: '2026-03', environments: undefined },
  });
  expect(parse('--verbose')).toMatchObject({ kind: 'run', options: { scenarios: 'tour', verbose: true } });
});

test('--all: every scenario but the further ones and the two of the tour, in every environment', () => {
  const parsed = parse('--all');
  const { scenarios, environments } = parsed.kind === 'run' ? parsed.options : {};
  expect(environments).toBeUndefined();
  expect(scenarios === 'tour' ? [] : scenarios?.map(({ name }) => name)).toEqual([
    'quiet-month',
    'slow-overrun',
    'runaway',
    'runaway-metered',
    'cost-explorer-down',
    'billing-error',
    'housekeeping',
  ]);
});

test.each([
  [['runaway-metered', '--env', 'dev'], ['runaway-metered']],
  [['late-metrics,quiet-month'], ['quiet-month', 'late-metrics']],
  [
    ['late-metrics', 'shipped-quiet'],
    ['shipped-quiet', 'late-metrics'],
  ],
  [
    ['quiet-month', '--scenario', 'runaway,quiet-month'],
    ['quiet-month', 'runaway'],
  ],
])('%j: scenarios by their names, in the order of the list', (args, names) => {
  const parsed = parse(...args);
  expect(parsed).toMatchObject({ kind: 'run', options: { scenarios: names.map((name) => ({ name })) } });
});

test('options select', () => {
  expect(parse('--scenario', 'runaway', '--env', 'prod, dev', '--month', '2024-02', '--seed=7')).toMatchObject({
    kind: 'run',
    options: { scenarios: [{ name: 'runaway' }], environments: ['prod', 'dev'], month: '2024-02', seed: 7 },
  });
  expect(parse('--help')).toEqual({ kind: 'help' });
});

test.each([
  [['--scenario', 'storm'], '--scenario storm: no such scenario; nearest: '],
  [['--scenario', 'run-away'], "--scenario run-away: no such scenario; nearest: 'runaway'; allowed: shipped-quiet, "],
  [['runaway-meter'], "runaway-meter: no such scenario; nearest: 'runaway-metered'; allowed: "],
  [['--all', 'runaway'], '--all and runaway: every scenario or some; allowed: one of the two'],
  [['--all=yes'], "'--all' does not take an argument"],
  [['--env', 'qa'], '--env qa: no such environment; allowed: dev, prod'],
  [['--env', ''], '--env : no such environment; allowed: dev, prod'],
  [['--month', '2026-13'], '--month 2026-13: not a month; allowed: YYYY-MM'],
  [['--month', 'March'], '--month March: not a month'],
  [['--seed', '-1'], 'allowed: SCENARIO'],
  [['--seed', '1.5'], '--seed 1.5: not a seed; allowed: whole numbers from 0 to 4294967295'],
  [['--seed', '4294967296'], '--seed 4294967296: not a seed'],
  [['--fast'], "Unknown option '--fast'; allowed: SCENARIO, --scenario NAMES, --all, --verbose"],
  [['march'], 'march: no such scenario'],
  [['--month'], "'--month <value>' argument missing"],
])('%j is refused in one line that names what is allowed', (args, says) => {
  const parsed = parse(...args);
  expect(parsed.kind).toBe('problem');
  const text = parsed.kind === 'problem' ? parsed.text : '';
  expect(text).toContain(says);
  expect(text).toContain('allowed: ');
  expect(text).not.toContain('\n');
});
