import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import shipped from '../../config/budget-tiers';
import manifest from '../../package.json';

const ROOT = path.resolve(__dirname, '../..');
const SOURCES = ['bin', 'config', 'core', 'lambda', 'lib', 'simulator'];

const files = SOURCES.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file)),
);

test('names are free: no code but the configuration itself names an environment', () => {
  const names = Object.keys(shipped.environments).join('|');
  const naming = files
    .filter((file) => file !== path.join('config', 'budget-tiers.ts'))
    .filter((file) => new RegExp(`['"\`](${names})['"\`]`).test(readFileSync(path.join(ROOT, file), 'utf8')));
  expect(files.length).toBeGreaterThan(100);
  expect(naming).toEqual([]);
});

test('trap 7: the CDK CLI is pinned to a 2.x that reads what the library writes, never to 3.0.0', () => {
  expect(manifest.devDependencies['aws-cdk']).toMatch(/^2\.1148\.\d+$/);
  expect(manifest.devDependencies['aws-cdk-lib']).toBe('2.276.0');
});
