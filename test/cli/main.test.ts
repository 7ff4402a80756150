import { EXIT_CODE_MEANINGS, EXIT_CODES } from '../../cli/exit-codes';
import { program } from '../../cli/program';
import { CliWorld } from './world';

const ROOT = program(async () => undefined);
const COMMANDS = ROOT.commands.map((command) => command.name());
/** Those that do something, as people type them. */
const DOING = ROOT.commands.flatMap((command) => {
  const inner = command.commands.map((one) => `${command.name()} ${one.name()}`);
  return command.options.length > 0 ? [command.name(), ...inner] : inner;
});
const ALL = COMMANDS.join(', ');

describe('bad input is named with its place, what is allowed, and the fix; nothing is done, exit 2', () => {
  test.each([
    [['nope'], `spend-guard: unknown command 'nope'; allowed: ${ALL}; see spend-guard --help`],
    [[], `spend-guard: no command; allowed: ${ALL}; see spend-guard --help`],
    [['concurrency'], 'spend-guard concurrency: no command; allowed: restore; see spend-guard concurrency --help'],
    [
      ['concurrency', 'lower'],
      "spend-guard concurrency: unknown command 'lower'; allowed: restore; see spend-guard concurrency --help",
    ],
    [
      ['costs', '--emv', 'dev'],
      "spend-guard costs: unknown option '--emv'; allowed: --json, --env, --config, --mail, --report, --by, --month, --csv, --focus, --billing-account, --help; see spend-guard costs --help",
    ],
    [
      ['budgets', 'lower'],
      "spend-guard budgets: unknown command 'lower'; allowed: set; see spend-guard budgets --help",
    ],
    [
      ['budgets', '--env', 'dev', 'lower'],
      "spend-guard budgets: unknown command 'lower'; allowed: set; see spend-guard budgets --help",
    ],
    [
      ['costs', '--env'],
      "spend-guard costs: option '--env <names>' argument missing; give it a value; see spend-guard costs --help",
    ],
    [
      ['costs', 'dev'],
      "spend-guard costs: too many arguments for 'costs'. Expected 0 arguments but got 1; it takes none; see spend-guard costs --help",
    ],
    [
      ['diff', 'a'],
      "spend-guard diff: missing required argument 'head'; it takes <base> <head>; see spend-guard diff --help",
    ],
    [
      ['costs', '--env', 'qa'],
      "--env qa: no environment 'qa'; allowed: dev, staging, prod, several by comma; a new one belongs in the config",
    ],
    [
      ['alerts', 'test'],
      '--env (left out): this command acts on one environment; allowed: one of dev, staging, prod, such as --env dev',
    ],
    [
      ['alerts', 'test', '--env', 'dev,prod'],
      '--env dev,prod: this command acts on one environment; allowed: one of dev, staging, prod, such as --env dev',
    ],
    [
      ['costs', '--config', '/nowhere.ts'],
      "--config /nowhere.ts: no such file; leave it out for config/budget-tiers.ts, or give a file's path",
    ],
    [
      ['health', '--hold', '3 days'],
      '--hold 3 days: not a duration; allowed: minutes or hours up to 168h, such as 30m or 2h',
    ],
    [
      ['concurrency', 'restore', '--env', 'dev', '--hold', '9h'],
      '--hold 9h: not a duration; allowed: minutes or hours up to 8h, such as 30m or 2h',
    ],
    [
      ['budget', '--env', 'dev', '--limit', '-1'],
      '--limit -1: not an amount; allowed: dollars above 0 and up to 1000000, with at most two decimals, such as 100 or 99.50',
    ],
    [
      ['simulate', 'doom'],
      /^doom: no such scenario; nearest: 'runaway'; allowed: shipped-quiet, .*, or none for all\n$/,
    ],
    [['simulate', '--month', '2026-13'], /^--month 2026-13: not a month; allowed: YYYY-MM/],
    [['diff', '/nowhere', '/nowhere'], /^BASE \/nowhere is not there/],
  ])('%p', async (args, message) => {
    const world = new CliWorld();
    const { exitCode, stdout, stderr } = await world.run(...args);
    if (typeof message === 'string') expect(stderr).toBe(`${message}\n`);
    else expect(stderr).toMatch(message);
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stdout).toBe('');
    expect(world.invoked).toEqual([]);
  });
});

describe('--json', () => {
  test('one document with its version, the command and the exit code', async () => {
    const { stdout, json } = await new CliWorld().run('costs', '--env', 'dev', '--json');
    expect(json()).toMatchObject({ schemaVersion: 1, command: 'costs', exitCode: 0 });
    expect(stdout.endsWith('}\n')).toBe(true);
  });

  test.each([
    [['costs', '--json', '--env', 'qa'], 'costs', 'USAGE'],
    [['nope', '--json'], 'spend-guard', 'USAGE'],
  ])('%p: an error is JSON too', async (args, command, code) => {
    const { json, stderr } = await new CliWorld().run(...args);
    expect(json()).toMatchObject({ schemaVersion: 1, command, exitCode: 2, error: { code } });
    expect(stderr).toContain(json().error.message);
  });

  test.each(DOING.map((name) => [name]))('%s has it', async (name) => {
    expect((await new CliWorld().run(...name.split(' '), '--help')).stdout).toContain('--json');
  });

  test('it is asked of every command', () => {
    expect(DOING).toEqual(
      expect.arrayContaining(['diff', 'budgets', 'budgets set', 'concurrency restore', 'organization lift']),
    );
    expect([...new Set(DOING.map((name) => name.split(' ')[0]))]).toEqual(COMMANDS);
  });
});

test('--help is the way in, exit 0: every command and every exit code', async () => {
  const { exitCode, stdout, stderr } = await new CliWorld().run('--help');
  for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  for (const meaning of Object.values(EXIT_CODE_MEANINGS)) expect(stdout).toContain(meaning);
  expect([exitCode, stderr]).toEqual([0, '']);
});

test('exit codes are told apart', () => {
  const codes = Object.values(EXIT_CODES);
  expect(new Set(codes).size).toBe(codes.length);
});
