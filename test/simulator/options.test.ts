import { parseOptions } from '../../simulator/options';

const parse = (...args: string[]) => parseOptions(args, ['dev', 'prod']);

test('without options: all scenarios and environments, a fixed month and a fixed seed', () => {
  expect(parse()).toMatchObject({ kind: 'run', options: { seed: 1, month: '2026-03', environments: undefined } });
  const parsed = parse();
  expect(parsed.kind === 'run' && parsed.options.scenarios.map(({ name }) => name)).toEqual([
    'quiet-month',
    'slow-overrun',
    'runaway',
    'runaway-metered',
    'cost-explorer-down',
    'billing-error',
    'housekeeping',
  ]);
});

test('options select', () => {
  expect(parse('--scenario', 'runaway', '--env', 'prod, dev', '--month', '2024-02', '--seed=7')).toMatchObject({
    kind: 'run',
    options: { scenarios: [{ name: 'runaway' }], environments: ['prod', 'dev'], month: '2024-02', seed: 7 },
  });
  expect(parse('--help')).toEqual({ kind: 'help' });
});

test.each([
  [['--scenario', 'storm'], '--scenario storm: no such scenario; allowed: quiet-month, slow-overrun'],
  [['--env', 'qa'], '--env qa: no such environment; allowed: dev, prod'],
  [['--env', ''], '--env : no such environment; allowed: dev, prod'],
  [['--month', '2026-13'], '--month 2026-13: not a month; allowed: YYYY-MM'],
  [['--month', 'March'], '--month March: not a month'],
  [['--seed', '-1'], 'allowed: --scenario NAME'],
  [['--seed', '1.5'], '--seed 1.5: not a seed; allowed: whole numbers from 0 to 4294967295'],
  [['--seed', '4294967296'], '--seed 4294967296: not a seed'],
  [['--fast'], "Unknown option '--fast'; allowed: --scenario NAME"],
  [['march'], "'march'"],
  [['--month'], "'--month <value>' argument missing"],
])('%j is refused in one line that names what is allowed', (args, says) => {
  const parsed = parse(...args);
  expect(parsed.kind).toBe('problem');
  const text = parsed.kind === 'problem' ? parsed.text : '';
  expect(text).toContain(says);
  expect(text).toContain('allowed: ');
  expect(text).not.toContain('\n');
});
