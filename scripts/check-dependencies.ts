import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nameAt, type Lock } from './lock';

/** Licences that let anybody use, change and ship this: permissive ones, and public-domain dedications of data. */
const ALLOWED = [
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
];

/** By exact name, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'caniuse-lite': 'CC-BY-4.0: data of a test tool, attributed by its own package',
};

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** `MIT OR Apache-2.0` needs one allowed, `MIT AND ISC` needs both. */
export function isAllowed(expression: string): boolean {
  const plain = expression.replace(/[()]/g, '');
  if (/ AND /i.test(plain)) return plain.split(/ AND /i).every(isAllowed);
  return plain.split(/ OR /i).some((licence) => ALLOWED.includes(licence.trim()));
}

/** Everything wrong with the direct pins and the lock file, a line each. */
export function dependencyProblems(manifest: Manifest, lock: Lock): string[] {
  const direct = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const loose = direct
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `package.json: ${name} must be pinned exactly, got '${version}'`);
  const locked = Object.entries(lock.packages)
    .filter(([place]) => place !== '')
    .flatMap(([place, { license, integrity, link, inBundle }]) => {
      const name = nameAt(place);
      const problems: string[] = [];
      // What a package ships inside its own archive is covered by that archive's hash.
      if (!integrity && !link && !inBundle) problems.push(`package-lock.json: ${place} has no integrity hash`);
      if (EXCEPTIONS[name] === undefined && (license === undefined || !isAllowed(license))) {
        problems.push(
          `package-lock.json: ${place} has the licence ${license ?? 'unknown'}, allowed: ${ALLOWED.join(', ')}`,
        );
      }
      return problems;
    });
  return [...loose, ...locked];
}

function main(): void {
  const root = path.resolve(__dirname, '..');
  const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as unknown;
  const lock = read('package-lock.json') as Lock;
  const problems = dependencyProblems(read('package.json') as Manifest, lock);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  else process.stdout.write(`${Object.keys(lock.packages).length - 1} packages: exact pins, permissive licences\n`);
}

if (require.main === module) main();
