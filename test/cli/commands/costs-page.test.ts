import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliWorld } from '../world';

const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-costs-'));
const file = path.join(folder, 'costs.html');
afterAll(() => rmSync(folder, { recursive: true }));

const text = (html: string) => html.replaceAll(/<style>[^]*<\/style>|<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('costs --report writes the running month, and the answer beside it is as ever', async () => {
  const world = new CliWorld();
  const { stdout } = await world.run('costs', '--env', 'dev', '--report', file);
  expect(stdout).toContain('[bill] dev nothing billed yet, limit $50');
  expect(stdout).toContain(`Report: ${file}`);
  const page = text(readFileSync(file, 'utf8'));
  expect(page).toContain('What dev spent is not known');
  expect(page).toContain('nothing is billed yet this month, which is not the same as nothing used');
  expect(page).not.toMatch(/dev (is|stayed) within/);
});

test('an environment that cannot be asked is unknown on the page, beside those that can', async () => {
  const world = new CliWorld();
  const { exitCode } = await world.run('costs', '--env', 'dev,prod', '--report', file);
  expect(exitCode).not.toBe(0);
  const page = text(readFileSync(file, 'utf8'));
  expect(page).toContain('unknown of $200.00');
  expect(page).toContain('unknown of $50.00');
});

test('--report with --by would write nothing, and says so before anything is asked', async () => {
  const world = new CliWorld();
  const { exitCode, stderr } = await world.run('costs', '--by', 'budget', '--report', file);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('--report is a page of the month, and --by budget makes none');
  expect(world.invoked).toEqual([]);
});

test('a path that cannot be written is refused before anything is asked', async () => {
  const world = new CliWorld();
  const { stderr } = await world.run('costs', '--env', 'dev', '--report', '/no/such/folder/costs.html');
  expect(stderr).toContain('there is no folder /no/such/folder');
  expect(world.invoked).toEqual([]);
});
