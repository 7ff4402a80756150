import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT_CODES } from '../../../cli/exit-codes';
import shipped from '../../../config/budget-tiers';
import { MINUTE_MS } from '../../../core/calendar';
import { parseDecimal } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { target } from '../../helpers/concurrency-world';
import { ENV, keyAged, NOW, SMALL } from '../../helpers/health-world';
import { CliWorld } from '../world';

/** Commands that work on a deployed guard, whose functions are the real handlers. */

const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The shipped `dev` with changes, as a file for `--config`. */
function config(changes: Readonly<Record<string, unknown>>): string {
  const file = path.join(mkdtempSync(path.join(folder, 'config-')), 'guard.js');
  const environments = { dev: { ...shipped.environments['dev'], ...changes } };
  writeFileSync(file, `module.exports = { default: ${JSON.stringify({ environments })} };`);
  return file;
}

describe('health', () => {
  test('calls every model through the deployed check, and prints status, latency and detail', async () => {
    const { exitCode, stdout } = await new CliWorld().run('health', '--env', 'dev', '--aws-auth');
    expect(stdout).toMatch(/^dev:\n/);
    expect(stdout).toContain(`  ok | 0 ms | model-call ${SMALL}: `);
    expect(stdout).toMatch(/\d+ more in order \(--verbose shows them\)/);
    expect(exitCode).toBe(EXIT_CODES.ok);
  });

  test('--verbose shows what is in order too', async () => {
    const { stdout } = await new CliWorld().run('health', '--env', 'dev', '--aws-auth', '--verbose');
    expect(stdout).toContain('ok | - | subscription ti@dadosfera.ai');
    expect(stdout).not.toContain('more in order');
  });

  test('a model that is refused fails the command, with its fix', async () => {
    const world = new CliWorld();
    world.health.model(SMALL).refusal = new ServiceError('accessDenied', 'AccessDeniedException', 'no access', 403);
    const { exitCode, stdout } = await world.run('health', '--env', 'dev', '--aws-auth');
    expect(stdout).toMatch(new RegExp(`failed \\| 0 ms \\| model-call ${SMALL}: .* -> `));
    expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('what could not be checked is not in order either', async () => {
    const world = new CliWorld();
    jest.spyOn(world.health.aws.quotas, 'applied').mockRejectedValue(new ServiceError('timedOut', 'Timeout', 'none'));
    const { exitCode, stdout } = await world.run('health', '--env', 'dev', '--aws-auth');
    expect(stdout).toContain('unknown | ');
    expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('--local asks this machine alone', async () => {
    const world = new CliWorld();
    world.served.set('http://localhost:11434', ['llama3.1:8b', 'mistral:7b']);
    const { stdout } = await world.run('health', '--env', 'dev', '--local');
    expect(stdout).toContain('ok | 0 ms | local-endpoint llama-3.1-8b: answered as llama3.1:8b');
    expect(world.invoked).toEqual([]);
  });

  test('both without a flag: what this machine sees replaces that the function cannot see it', async () => {
    const { json } = await new CliWorld().run('health', '--env', 'dev', '--json');
    const local = json().environments[0].findings.filter(({ check }: { check: string }) => check === 'local-endpoint');
    expect(local).toEqual([
      expect.objectContaining({ status: 'warning', detail: expect.stringContaining('nothing listens') }),
    ]);
  });

  test('--hold says that the environment is in use, and wakes what sleeps', async () => {
    const world = new CliWorld();
    const { json } = await world.run('health', '--env', 'dev', '--aws-auth', '--hold', '30m', '--json');
    const untilMs = NOW + 30 * MINUTE_MS;
    expect([...world.lambda.sessions.sessions.values()]).toEqual([{ id: 'health-ana', by: 'ana', untilMs }]);
    expect(world.invoked[0]).toEqual({ name: 'SpendGuard-dev-Stop', event: { command: 'converge' } });
    expect(json().environments[0].heldUntil).toBe(new Date(untilMs).toISOString());
  });
});

describe('costs', () => {
  test('the daily report, made now, without a mail', async () => {
    const world = new CliWorld();
    const { stdout } = await world.run('costs', '--env', 'dev');
    expect(stdout).toContain('[bill] dev nothing billed yet, limit $50');
    expect(world.costs.mail.sent).toEqual([]);
  });

  test('--mail sends it too', async () => {
    const world = new CliWorld();
    const { json } = await world.run('costs', '--env', 'dev', '--mail', '--json');
    expect(json().environments[0]).toMatchObject({ mailed: true });
    expect(world.costs.mail.sent).toHaveLength(1);
  });
});

describe('concurrency restore', () => {
  const asleep = async () => {
    const world = new CliWorld();
    world.lambda.desire('stopped');
    await world.run('concurrency', 'restore', '--env', 'dev');
    world.lambda.sessions.sessions.clear();
    expect(world.lambda.concurrency.value(target())).toBe(0);
    return world;
  };
  const managedFile = () => config({ provisionedConcurrency: [{ functionName: 'models' }] });

  test('trap 27: without --for-deploy a stop outranks it: nothing is given back, and the command says so', async () => {
    const world = await asleep();
    const { exitCode, stdout } = await world.run('concurrency', 'restore', '--env', 'dev');
    expect(stdout).toContain('models:live: sleeping');
    expect(world.lambda.concurrency.value(target())).toBe(0);
    expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('what slept for being idle is given back, and stays awake for the time of the hold', async () => {
    const world = await asleep();
    world.lambda.desire('open');
    const { exitCode, json } = await world.run('concurrency', 'restore', '--env', 'dev', '--hold', '1h', '--json');
    expect(world.lambda.concurrency.value(target())).toBe(5);
    expect(json()).toMatchObject({ allRestored: true, heldUntil: new Date(NOW + 60 * MINUTE_MS).toISOString() });
    expect(exitCode).toBe(EXIT_CODES.ok);
  });

  test('--for-deploy gives back while stopped too, and waits until Lambda has it ready', async () => {
    const world = await asleep();
    world.lambda.concurrency.allocationsEnd = 'IN_PROGRESS';
    world.whileSleeping = () => world.slept >= 45_000 && world.lambda.concurrency.finishAllocations();
    const { exitCode, stdout } = await world.run('concurrency', 'restore', '--for-deploy', '--config', managedFile());
    expect(world.slept).toBe(45_000);
    expect(world.lambda.concurrency.value(target())).toBe(5);
    expect(stdout).toContain('models:live: restored');
    expect(exitCode).toBe(EXIT_CODES.ok);
  });

  test('it gives up after ten minutes, and says what is still missing: exit code of a finding', async () => {
    const world = await asleep();
    world.lambda.concurrency.allocationsEnd = 'IN_PROGRESS';
    const { exitCode, stdout } = await world.run('concurrency', 'restore', '--for-deploy', '--config', managedFile());
    expect(world.slept).toBe(10 * MINUTE_MS);
    expect(stdout).toContain('models:live: warming');
    expect(exitCode).toBe(EXIT_CODES.findings);
  });
});

describe('keys', () => {
  const guarded = () => config({ principals: { roles: [], users: ['deployer'], groups: [] } });

  test('a young key is in order', async () => {
    const { exitCode, stdout } = await new CliWorld().run('keys', '--config', guarded());
    expect(stdout).toContain('ok | - | access-key deployer ...MPLE: key ...MPLE is 3 days old');
    expect(exitCode).toBe(EXIT_CODES.ok);
  });

  test('an old one fails the command, with the steps of its rotation', async () => {
    const world = new CliWorld();
    world.health.aws.users.set('deployer', [keyAged(31)]);
    const { exitCode, stdout } = await world.run('keys', '--config', guarded());
    expect(stdout).toContain('-> 1. aws iam create-access-key --user-name deployer; 2. ');
    expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('without guarded users there is nothing to rotate', async () => {
    expect((await new CliWorld().run('keys', '--env', 'dev')).stdout).toContain('roles have no keys');
  });
});

describe('budget', () => {
  const spent = (dollars: string, currency = 'USD') => {
    const world = new CliWorld();
    world.spend = { kind: 'known', actual: parseDecimal(dollars), currency };
    return world;
  };

  test.each([
    ['24.99', ['50%', '$25.00', 'notify'], false, EXIT_CODES.ok],
    ['25.00', ['50%', '$25.00', 'notify'], true, EXIT_CODES.ok],
    ['47.49', ['95%', '$47.50', 'stop'], false, EXIT_CODES.ok],
    ['47.50', ['95%', '$47.50', 'stop'], true, EXIT_CODES.findings],
  ])('$%s of $50: the line %p is reached: %p', async (dollars, [percent, amount, effect], isReached, code) => {
    const { exitCode, stdout } = await spent(dollars).run('budget', '--env', 'dev');
    expect(stdout).toMatch(new RegExp(` ${percent} +\\${amount}  ${effect}${isReached ? ', REACHED' : ''}\\n`));
    expect(exitCode).toBe(code);
  });

  test('no percentage is said that is not reached', async () => {
    expect((await spent('47.49').run('budget', '--env', 'dev')).stdout).toContain('$47.49 (94.9%)');
  });

  test.each([
    ['30', 'Configured is $50.00; with $30.00 it would stop now.', EXIT_CODES.findings],
    ['100', 'Configured is $50.00; with $100.00 it would not stop now.', EXIT_CODES.ok],
  ])('--limit %s: what it would do now, and where to set it', async (limit, verdict, code) => {
    const { exitCode, stdout } = await spent('40').run('budget', '--env', 'dev', '--limit', limit);
    expect(stdout).toContain(verdict);
    expect(stdout).toContain('environments.dev.monthlyLimitUsd in config/budget-tiers.ts');
    expect(exitCode).toBe(code);
  });

  test('trap 25: nothing counted is not said to be nothing spent', async () => {
    expect((await spent('0').run('budget', '--env', 'dev')).stdout).toContain('or the budget cannot see it');
    expect((await spent('0.01').run('budget', '--env', 'dev')).stdout).not.toContain('cannot see it');
  });

  test.each([
    [{ kind: 'missing' } as const, /unknown: the budget was deleted/],
    [{ kind: 'unavailable', why: 'AWS Budgets answers X' } as const, /unknown: AWS Budgets answers X/],
    [{ kind: 'known', actual: parseDecimal('1'), currency: 'BRL' } as const, /unknown: AWS Budgets counts in BRL/],
  ])('unknown is never zero: %p', async (spend, words) => {
    const world = new CliWorld();
    world.spend = spend;
    const { stdout } = await world.run('budget', '--env', 'dev', '--limit', '1');
    expect(stdout).toMatch(words);
    expect(stdout).toContain('notify, unknown whether reached');
    expect(stdout).toContain('whether it would stop now is unknown');
    expect(stdout).not.toContain('$0.00');
  });
});

describe('alerts test', () => {
  test('sends one message, and says who gets it', async () => {
    const world = new CliWorld();
    const { exitCode, stdout } = await world.run('alerts', 'test', '--env', 'dev');
    expect(world.mail.sent).toEqual([
      expect.objectContaining({ subject: expect.stringMatching(/^\[test\] dev: [\x20-\x7e]+$/) }),
    ]);
    expect(stdout).toContain(`Sent to ${ENV.ALERT_TOPIC_ARN}.`);
    expect(stdout).toContain('ok | - | subscription ti@dadosfera.ai');
    expect(exitCode).toBe(EXIT_CODES.ok);
  });

  test('an address that is not confirmed gets nothing: exit code of a finding', async () => {
    const world = new CliWorld();
    world.health.aws.subscriptions = [{ address: 'ti@dadosfera.ai', state: 'pending' }];
    const { exitCode, stdout } = await world.run('alerts', 'test', '--env', 'dev');
    expect(stdout).toMatch(/not confirmed: no alert arrives.* -> follow the link/);
    expect(exitCode).toBe(EXIT_CODES.findings);
  });
});
