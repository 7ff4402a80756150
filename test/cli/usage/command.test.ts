import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliWorld } from '../world';

const PRO = 'amazon.nova-pro-v1:0';
const scratch = mkdtempSync(path.join(tmpdir(), 'usage-command-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const file = path.join(scratch, 'usage.csv');
writeFileSync(
  file,
  [
    'time,model,inputTokens,outputTokens',
    `2026-10-31T10:00:00Z,${PRO},10000000,0`,
    `2026-11-02T10:00:00Z,${PRO},1000000,0`,
  ].join('\n'),
);
const run = (...args: string[]) => new CliWorld().run('simulate', '--env', 'dev', ...args);

test.each([
  [['--month', '2026-03'], '--month would do nothing'],
  [['--seed', '7'], '--seed would do nothing'],
  [['billing-error'], 'the scenario billing-error would do nothing'],
  [
    ['billing-error', '--seed', '7', '--month', '2026-03'],
    'the scenario billing-error, --month, --seed would do nothing',
  ],
])('%j beside --usage is refused', async (args, expected) => {
  const { exitCode, stderr, stdout } = await run('--usage', file, '--json', ...args);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(expected)]);
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 2, error: { code: 'USAGE' } });
});

test.each([
  [['--period', '1h'], '--period'],
  [['--time-zone', 'UTC'], '--time-zone'],
  [['--model', PRO], '--model'],
  [['--profiles', 'account'], '--profiles'],
  [['--only-guarded'], '--only-guarded'],
  [['--config', 'config/budget-tiers.ts'], '--config'],
])('%j without --usage is refused', async (args, expected) => {
  const { exitCode, stderr } = await run('billing-error', ...args);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${expected} is of --usage`)]);
});

describe('a report that cannot be written', () => {
  test.each([
    ['in a folder that is not there', path.join(scratch, 'none', 'report.html')],
    ['a folder', scratch],
    ['a device that takes no file', '/proc/report.html'],
  ])('%s is found before anything is read, with exit code 2', async (_, report) => {
    for (const args of [
      ['simulate', '--usage', path.join(scratch, 'none.csv'), '--report', report],
      ['backtest', 'HEAD', 'HEAD', '--env', 'dev', '--usage', path.join(scratch, 'none.csv'), '--report', report],
    ]) {
      const { exitCode, stderr } = await new CliWorld().run(...args);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--report')]);
      expect(stderr).not.toContain('no such file');
    }
  });

  test('one that can be is written, and its trial leaves nothing behind', async () => {
    const report = path.join(scratch, 'report.html');
    await run('--usage', path.join(scratch, 'none.csv'), '--report', report);
    expect(existsSync(report)).toBe(false);
    await run('--usage', file, '--report', report);
    expect(readFileSync(report, 'utf8')).toContain('Your usage, replayed');
  });
});

test('times in JSON are ISO everywhere, and spend is there by model and month', async () => {
  const { json } = await run('--usage', file, '--json');
  const [dev] = json().environments;
  expect(dev.changes).not.toEqual([]);
  for (const { at } of [...dev.changes, ...dev.alerts]) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(JSON.stringify(json())).not.toMatch(/:1[67]\d{11}[,}]/);
  expect(dev.usedByModelAndMonth).toEqual([
    { month: '2026-10', modelId: PRO, cost: 8_000_000_000, spent: 8_000_000_000, guarded: true },
    { month: '2026-11', modelId: PRO, cost: 800_000_000, spent: 800_000_000, guarded: true },
  ]);
});

test('the program itself: a pipe is read, and a full disk is one line', () => {
  const cli = path.resolve(__dirname, '../../../bin/spend-guard.js');
  const script = `cat ${file} | node ${cli} simulate --env dev --usage /dev/stdin --json`;
  expect(JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8', stdio: 'pipe' }))).toMatchObject({
    rows: 2,
  });
  const full = spawnSync('sh', ['-c', `node ${cli} simulate --env dev --usage ${file} --json > /dev/full`], {
    encoding: 'utf8',
  });
  expect(full.status).toBe(1);
  expect(
    full.stderr
      .trim()
      .split('\n')
      .filter((line) => !line.endsWith(' ...')),
  ).toEqual(['The answer could not be written (ENOSPC); is there room?']);
});
