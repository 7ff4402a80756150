import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const ROOT = path.resolve(__dirname, '..');
const SOURCE = path.join(ROOT, 'client');

/**
 * The SDK plugin as a package of its own: one file of code, its types, and its README. Packages stay outside, so that an
 * application has the SDK once.
 * @returns the names of the packages that the code loads
 */
export async function buildClientPackage(folder: string): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [path.join(SOURCE, 'index.ts')],
    outfile: path.join(folder, 'index.js'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    metafile: true,
    logLevel: 'warning',
  });
  const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['--project', SOURCE, '--outDir', path.join(folder, 'types')], { stdio: 'inherit' });
  for (const file of ['package.json', 'README.md']) copyFileSync(path.join(SOURCE, file), path.join(folder, file));
  const loaded = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  return [...new Set(loaded.map((one) => packageOf(one.path)))].filter((name) => !name.startsWith('node:')).sort();
}

/** `@aws-sdk/lib-dynamodb`, `zod/mini` → `zod` */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

if (require.main === module) {
  const folder = path.join(ROOT, 'build/client');
  void buildClientPackage(folder).then(() => {
    execFileSync('npm', ['pack', '--loglevel=error', '--pack-destination', 'build', './build/client'], {
      cwd: ROOT,
      stdio: 'inherit',
    });
  });
}
