import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import { type Built, builtOf, emitTypes, licensesOf, manifestOf, pack, ROOT } from './packaging';

const SOURCE = path.join(ROOT, 'client');
const FORMATS = { cjs: 'index.js', esm: 'index.mjs' } as const;

/**
 * The SDK plugin as a package of its own: one file of code for `import` and one for `require`, its types, and its README. What
 * it depends on stays outside, so that an application has the SDK once; a package that is not declared goes inside, of which
 * only what is used, with its licence.
 */
export async function buildClientPackage(folder: string): Promise<Built> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(path.join(ROOT, 'LICENSE'), path.join(folder, 'LICENSE'));
  const { cjs, esm } = {
    cjs: await codeOf('cjs', path.join(folder, FORMATS.cjs)),
    esm: await codeOf('esm', path.join(folder, FORMATS.esm)),
  };
  emitTypes(SOURCE, path.join(folder, 'types'));
  writeFileSync(path.join(folder, 'index.d.mts'), "export * from './types/client/index.js';\n");
  for (const file of ['package.json', 'README.md']) copyFileSync(path.join(SOURCE, file), path.join(folder, file));
  const built = builtOf(cjs, esm);
  writeFileSync(path.join(folder, 'THIRD-PARTY-LICENSES'), licensesOf(built.contains));
  return built;
}

async function codeOf(format: keyof typeof FORMATS, outfile: string): Promise<Metafile> {
  const { dependencies, peerDependencies } = manifestOf(SOURCE);
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

if (require.main === module) {
  const destination = path.resolve(process.argv[2] ?? path.join(ROOT, 'build'));
  const folder = path.join(destination, 'client');
  void buildClientPackage(folder).then(() => {
    const { file } = pack(folder, destination);
    process.stdout.write(`${path.relative(ROOT, file)}\n`);
  });
}
