import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT_CODES } from '../../cli/exit-codes';
import { ServiceError } from '../../core/errors';
import { CliWorld, NO_CREDENTIALS } from './world';

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
