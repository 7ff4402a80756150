import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';

const ROOT = path.resolve(__dirname, '..');
const SOURCE = path.join(ROOT, 'client');
const FORMATS = { cjs: 'index.js', esm: 'index.mjs' } as const;

export interface ClientPackage {
  /** The names of the packages that its code loads, with which an application shares its one copy of each. */
  readonly loads: readonly string[];
  /** The names of the packages whose code is in its own. */
  readonly contains: readonly string[];
}

/**
 * The SDK plugin as a package of its own: one file of code for `import` and one for `require`, its types, and its README. What
 * it depends on stays outside, so that an application has the SDK once; a package that is not declared goes inside, of which
 * only what is used, with its licence.
 */
export async function buildClientPackage(folder: string): Promise<ClientPackage> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  const { cjs, esm } = {
    cjs: await codeOf('cjs', path.join(folder, FORMATS.cjs)),
    esm: await codeOf('esm', path.join(folder, FORMATS.esm)),
  };
  const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['--project', SOURCE, '--outDir', path.join(folder, 'types')], { stdio: 'inherit' });
  // Types of CommonJS alone would tell an ES module that it gets a default export.
  writeFileSync(path.join(folder, 'index.d.mts'), "export * from './types/client/index.js';\n");
  for (const file of ['package.json', 'README.md']) copyFileSync(path.join(SOURCE, file), path.join(folder, file));
  const contains = merged(containedIn(cjs), containedIn(esm));
  const licenses = contains.map((name) => `${name}\n\n${licenseOf(name)}`);
  writeFileSync(path.join(folder, 'THIRD-PARTY-LICENSES'), licenses.join('\n'));
  return { loads: merged(loadedBy(cjs), loadedBy(esm)), contains };
}

async function codeOf(format: keyof typeof FORMATS, outfile: string): Promise<Metafile> {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(path.join(SOURCE, 'package.json'), 'utf8')) as {
    readonly dependencies: object;
    readonly peerDependencies: object;
  };
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [path.join(SOURCE, 'index.ts')],
    outfile,
    bundle: true,
    external: Object.keys({ ...dependencies, ...peerDependencies }),
    // The builds of packages that can be shaken.
    mainFields: ['module', 'main'],
    platform: 'node',
    target: 'node20',
    format,
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}

function loadedBy({ inputs }: Metafile): readonly string[] {
  const imports = Object.values(inputs).flatMap((input) => input.imports.filter(({ external }) => external));
  return imports.map((one) => packageOf(one.path)).filter((name) => !name.startsWith('node:'));
}

function containedIn({ inputs }: Metafile): readonly string[] {
  return Object.keys(inputs)
    .map((file) => file.split('node_modules/').at(1))
    .filter((inside) => inside !== undefined)
    .map(packageOf);
}

/** `@smithy/core/serde` → `@smithy/core` */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function merged(...names: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(names.flat())].sort();
}

function licenseOf(name: string): string {
  return readFileSync(path.join(ROOT, 'node_modules', name, 'LICENSE'), 'utf8');
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
