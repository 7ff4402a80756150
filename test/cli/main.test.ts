import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT_CODE_MEANINGS, EXIT_CODES } from '../../cli/exit-codes';
import { Output, PROGRESS_AFTER_MS } from '../../cli/output';
import { program } from '../../cli/program';
import { ServiceError } from '../../core/errors';
import { CliWorld, NO_CREDENTIALS } from './world';

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

describe('colour and progress', () => {
  const failed = async (change: (world: CliWorld) => void) => {
    const world = new CliWorld();
    world.health.aws.subscriptions = [];
    change(world);
    return (await world.run('health', '--env', 'dev', '--aws-auth')).stdout;
  };

  test('colour on a terminal alone, and not with NO_COLOR', async () => {
    expect(await failed(() => undefined)).not.toContain('\u001b');
    expect(await failed((world) => (world.isTerminal = true))).toContain('\u001b[31m  failed');
    expect(
      await failed((world) => {
        world.isTerminal = true;
        world.noColor = true;
      }),
    ).not.toContain('\u001b');
  });

  describe('what takes more than a second', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    const shown = (stderrIsTerminal: boolean) => {
      let stderr = '';
      const terminal = {
        stdout: () => undefined,
        stderr: (text: string) => (stderr += text),
        stdoutIsTerminal: false,
        stderrIsTerminal,
        noColor: false,
      };
      return { output: new Output(terminal, 'text'), stderr: () => stderr };
    };

    test('is announced after it, on standard error, and what is faster never', () => {
      const { output, stderr } = shown(false);
      output.progress('Asking');
      jest.advanceTimersByTime(PROGRESS_AFTER_MS - 1);
      expect(stderr()).toBe('');
      jest.advanceTimersByTime(1);
      expect(stderr()).toBe('Asking ...\n');
      output.progress('Waiting');
      expect(stderr()).toBe('Asking ...\nWaiting ...\n');
    });

    test('on a terminal the line is taken away again', () => {
      const { output, stderr } = shown(true);
      output.progress('Asking');
      jest.advanceTimersByTime(PROGRESS_AFTER_MS);
      output.result('x', { exitCode: 0, data: {}, lines: [] });
      expect(stderr()).toBe('Asking ...\r\u001b[K');
    });

    test('and nothing is left to say when it ended in time', () => {
      const { output, stderr } = shown(false);
      output.progress('Asking');
      output.result('x', { exitCode: 0, data: {}, lines: [] });
      jest.advanceTimersByTime(60_000);
      expect(stderr()).toBe('');
    });
  });
});

describe('production asks', () => {
  const restore = ['concurrency', 'restore', '--env', 'prod'];
  const inProd = () => {
    const world = new CliWorld();
    world.deployed = world.deployed.map((one) => ({ ...one, name: one.name.replace('dev', 'prod') }));
    return world;
  };

  test.each([['n'], [''], ['yeah'], ['prod']])('%p declines: exit 3, nothing done', async (answer) => {
    const world = inProd();
    world.answers = [answer];
    const { exitCode, stdout, stderr } = await world.run(...restore);
    expect(exitCode).toBe(EXIT_CODES.declined);
    expect(stderr).toContain('Declined: nothing was done.');
    expect([stdout, world.invoked]).toEqual(['', []]);
  });

  test('without a terminal it is declined too, and the fix named', async () => {
    const world = inProd();
    const { exitCode, stderr } = await world.run(...restore);
    expect(exitCode).toBe(EXIT_CODES.declined);
    expect(stderr).toContain('add --yes to go ahead');
    expect(world.invoked).toEqual([]);
  });

  test.each([['y'], [' YES ']])('%p goes ahead', async (answer) => {
    const world = inProd();
    world.answers = [answer];
    expect((await world.run(...restore)).exitCode).toBe(EXIT_CODES.ok);
    expect(world.invoked).not.toEqual([]);
  });

  test('--yes does not ask, and other environments do not either', async () => {
    const world = inProd();
    expect((await world.run(...restore, '--yes')).exitCode).toBe(EXIT_CODES.ok);
    const dev = new CliWorld();
    expect((await dev.run('concurrency', 'restore', '--env', 'dev')).exitCode).toBe(EXIT_CODES.ok);
    expect([...world.asked, ...dev.asked]).toEqual([]);
  });
});

describe('what AWS refuses', () => {
  test.each([
    {
      refusal: NO_CREDENTIALS,
      message: /AWS credentials: none that hold .*; sign in, for example with `aws sso login`/,
    },
    { refusal: new ServiceError('accessDenied', 'AccessDenied', 'no'), message: /use credentials that may do this/ },
    { refusal: new ServiceError('throttled', 'Throttling', 'slow down'), message: /try again in a minute/ },
    { refusal: new ServiceError('notFound', 'NotFound', 'no such thing'), message: /is the stack deployed/ },
  ])('$refusal.errorName comes with its fix, exit 1', async ({ refusal, message }) => {
    const world = new CliWorld();
    world.refusal = refusal;
    const { exitCode, stdout } = await world.run('costs', '--env', 'dev');
    expect(stdout).toMatch(message);
    expect(exitCode).toBe(EXIT_CODES.failed);
  });

  test('one environment that cannot be asked does not hide the others', async () => {
    const { exitCode, json } = await new CliWorld().run('costs', '--env', 'dev,staging', '--json');
    const [dev, staging] = json().environments;
    expect(dev).toMatchObject({ environment: 'dev', report: { schemaVersion: 1 } });
    expect(staging).toMatchObject({ environment: 'staging', error: { code: 'NOT_DEPLOYED' } });
    expect(staging.error.message).toContain('npx cdk deploy --context env=staging');
    expect(exitCode).toBe(EXIT_CODES.failed);
  });

  test('a function that fails, or answers as another version does', async () => {
    const world = new CliWorld();
    world.answer = { kind: 'failed', errorName: 'GuardError', text: 'no' };
    expect((await world.run('costs', '--env', 'dev')).stdout).toContain(
      'SpendGuard-dev-Cost ended in GuardError: no; see docs/runbook.md, "dead-letters"',
    );
    world.answer = { kind: 'returned', value: { kind: 'reported', report: { schemaVersion: 2 } } };
    expect((await world.run('costs', '--env', 'dev')).stdout).toMatch(/in a form that this version does not know/);
  });

  test.each([
    ['TypeScript that is none', 'export default {', /it cannot be loaded \(.+\); it must be TypeScript/],
    ['a table', 'time,model\n2026-10-01T10:00:00Z,x\n', /it cannot be loaded \(.+\); it must be TypeScript/],
    ['one that throws', "throw new Error('first\\nsecond');", /it cannot be loaded \(line 1: first second\)/],
    ['another export', 'module.exports = { guard: 1 };', /it has no default export; write export default defineGuard/],
  ])('a configuration that cannot be read: %s', async (_, content, expected) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-config-'));
    try {
      const file = path.join(folder, 'config.js');
      writeFileSync(file, content);
      const { exitCode, stderr, stdout } = await new CliWorld().run('costs', '--json', '--config', file);
      expect(stderr).toMatch(expected);
      expect(stderr).toContain(`${file}: it `);
      expect(stderr.trim()).not.toContain('\n');
      expect(JSON.parse(stdout)).toMatchObject({ exitCode, error: { code: 'CONTEXT_INVALID' } });
      expect(exitCode).toBe(EXIT_CODES.failed);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a wrong configuration: every problem at once, exit 1', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-config-'));
    try {
      const file = path.join(folder, 'config.js');
      writeFileSync(file, 'module.exports = { default: { environments: { dev: {} } } };');
      const { exitCode, stderr } = await new CliWorld().run('costs', '--config', file);
      expect(stderr).toContain('environments.dev.monthlyLimitUsd: must be a number');
      expect(exitCode).toBe(EXIT_CODES.failed);
    } finally {
      rmSync(folder, { recursive: true });
    }
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
