import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from '../contracts/suites/contract';

type AnyContract = Pick<Contract<unknown, unknown>, 'port' | 'cases' | 'unproven'>;

const ROOT = path.resolve(__dirname, '../..');
const SUITES = path.join(ROOT, 'test/contracts/suites');
/** Hold more than the port that they are named after. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  attachments: ['attach', 'all-attachments'],
  'cost-explorer': ['cost-allocation-tags'],
  'guard-status-writer': ['status-writer'],
  'meter-state': ['calibration', 'orders'],
  'model-access': ['assume-role', 'identity', 'model-catalog'],
  'organization-state': ['brake-state', 'standings'],
  'policy-versions': ['default-version', 'policy-version-writer'],
  'shared-budget': ['shared-budget-release'],
};

const text = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** By the name that each suite exports it under. */
const contracts = new Map<string, AnyContract>(
  readdirSync(SUITES).flatMap((file) =>
    Object.entries(jest.requireActual<Record<string, AnyContract>>(path.join(SUITES, file))).filter(([name]) =>
      name.endsWith('Contract'),
    ),
  ),
);

const named = (port: string, name: string) => `${port}: ${name}`;
const rest = [...contracts.values()].flatMap(({ port, cases, unproven }) =>
  [...unproven, ...cases.filter(({ differs }) => differs)].map(({ name }) => named(port, name)),
);

/** Cells of a table, by the heading above it. */
function table(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = text('docs/unproven.md').split(`\n## ${heading}\n`);
  const lines = section.split('\n## ')[0]!.split('\n');
  const rows = lines.filter((line) => line.startsWith('| ') && !/^[| -]+$/.test(line)).slice(1);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the table and the contracts name the same cases, each once', () => {
  const rows = table('Cases').map(([port = '', name = '']) => named(port, name));
  expect(rows.toSorted()).toEqual(rest.toSorted());
  expect(rest.length).toBeGreaterThan(5);
});

test.each(table('Cases'))('%s: %s: says what, why, by which source and what if not', (...cells) => {
  const [, , does, why, source, ifWrong] = cells;
  for (const cell of [does, why, ifWrong]) expect(cell).toMatch(/\w{3}/);
  expect(source).toMatch(/^https:\/\/\S+.*\(20\d\d-\d\d\)$/);
});

test('every port has a contract, or a reason for none', () => {
  const files = readdirSync(path.join(ROOT, 'core'), { recursive: true, encoding: 'utf8' });
  const ports = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...text(`core/${file}`).matchAll(/^export (?:interface|type) (\w+)Port\b/gm)])
    .map(([, name = '']) => name.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase())
    .toSorted();
  const held = [...contracts.values()].flatMap(({ port }) => [port, ...(ALSO[port] ?? [])]);
  const without = table('Ports without a contract').map(([port = '']) => port);
  expect(ports.filter((port) => !held.includes(port))).toEqual(without);
});

test.each([...contracts.keys()])('%s is run on a fake and on the emulator', (name) => {
  const tests = readdirSync(path.join(ROOT, 'test/contracts')).filter((file) => file.endsWith('.test.ts'));
  expect(tests.filter((file) => text(`test/contracts/${file}`).includes(`\n${name}(`))).not.toEqual([]);
  expect(text('test/e2e/contracts.e2e.ts')).toContain(`\n${name}(`);
});
