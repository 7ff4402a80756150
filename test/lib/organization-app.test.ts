import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runApp } from '../helpers/run-app';

test('an organisation: the hub and the StackSet, with their notes on standard error, and no environment', () => {
  const { status, stdout, stderr, stacks } = runApp({ organization: 'config/organization-example.ts' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(stacks.toSorted()).toEqual(['SpendGuard-organization', 'SpendGuard-organization-members']);
  expect(stderr).toContain('o-a1b2c3d4e5: 3 accounts with $700.00 a month together');
  expect(stderr).toContain('the hub itself, a month, of 3 accounts');
  expect(stderr).not.toContain('dev:');
});

test('mistakes: each with its place, exit 1, no stack trace, and no stack', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-organization-'));
  const file = path.join(folder, 'mine.ts');
  try {
    const schema = path.resolve(__dirname, '../../config/organization-example');
    writeFileSync(
      file,
      `import example from '${schema}';\nexport default { ...example, organizationId: 'mine', defaultLimitUsd: 0 };\n`,
    );
    const { status, stderr, stacks } = runApp({ organization: file });
    expect({ status, stacks }).toEqual({ status: 1, stacks: [] });
    expect(stderr.trim().split('\n')).toEqual([
      `${file}: 2 problems`,
      expect.stringMatching(/^ {2}organizationId: must be the id of an organisation/),
      expect.stringMatching(/^ {2}defaultLimitUsd: must be at least 1, got 0/),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no such file: one line', () => {
  const { status, stderr } = runApp({ organization: 'nowhere.ts' });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe(
    '--context organization=nowhere.ts: no such file; the shipped one is config/organization-example.ts',
  );
});
