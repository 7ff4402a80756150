import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';
import { bundled, functionFeatures } from '../lib';
import { buildGuardCode } from './guard-code';
import { writeTypes } from './guard-types';
import { type Built, builtOf, licensesOf, type Manifest, manifestOf, pack, type Packed, ROOT } from './packaging';

/** What is imported by name, by its file: the subpath, and the source. */
const ENTRIES = {
  index: { subpath: '.', source: 'lib/public.ts' },
  config: { subpath: './config', source: 'config/public.ts' },
} as const;

/** What Node runs, and what the simulator loads by name. */
const PROGRAMS = {
  cli: 'bin/spend-guard.ts',
  'spend-guard-app': 'bin/spend-guard-app.ts',
  'simulator.scenarios.cache-miss-config': 'simulator/scenarios/cache-miss-config.ts',
  'simulator.scenarios.housekeeping-config': 'simulator/scenarios/housekeeping-config.ts',
};

/**
 * The oldest that a guard was synthesized with, on 2026-11-29: aws-cdk-lib 2.268.0 refuses the ids by which findings of cdk-nag are
 * acknowledged, and constructs 10.5.0 is what 2.269.0 itself asks for.
 */
const PEERS = { 'aws-cdk-lib': '^2.269.0', constructs: '^10.5.0' };

/** In the package as they stand here; those of the licence once they are there. */
const COPIED = [
  'README.md',
  'CHANGELOG.md',
  'bin/on-node.js',
  'bin/spend-guard.js',
  'cli/quick/left.js',
  'cli/quick/left-text.js',
];
const SERVICE_SPEC = 'db.json.gz';
const LEGAL = ['LICENSE', 'NOTICE'];

export interface GuardPackage extends Built {
  /** The packages that its types name. */
  readonly typesNeed: readonly string[];
}

/**
 * The guard as a package for somebody's own CDK app: the constructs, the program, and the functions as they are deployed. What
 * the app does not have is inside, with its licence.
 */
export async function buildGuardPackage(folder: string): Promise<GuardPackage> {
  rmSync(folder, { recursive: true, force: true });
  const manifest = guardManifest(manifestOf(ROOT));
  const dist = path.join(folder, 'dist');
  const entries = Object.entries(ENTRIES).map(([name, { source }]) => [name, source] as const);
  const outside = Object.keys({ ...manifest.peerDependencies, ...manifest.dependencies });
  const metafile = await buildGuardCode(dist, { ...Object.fromEntries(entries), ...PROGRAMS }, outside);
  for (const [name, source] of entries) writeModule(dist, name, source, metafile);
  const functions = featuresOf(dist).map((feature) => {
    const { code, metafile } = bundled(feature);
    mkdirSync(path.join(folder, 'functions', feature), { recursive: true });
    writeFileSync(path.join(folder, 'functions', feature, 'index.js'), code);
    return metafile;
  });
  for (const file of [...COPIED, ...LEGAL.filter((one) => existsSync(path.join(ROOT, one)))]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    copyFileSync(path.join(ROOT, file), path.join(folder, file));
  }
  // The program and the README name pages of these.
  cpSync(path.join(ROOT, 'docs'), path.join(folder, 'docs'), { recursive: true, filter: isPage });
  copyFileSync(path.join(ROOT, 'cli/diff/security-table.json'), path.join(dist, 'security-table.json'));
  copyFileSync(path.join(ROOT, 'cdk.json'), path.join(dist, 'cdk.json'));
  // Where `loadAwsServiceSpecSync` looks for it, from the code that it is in.
  writeFileSync(path.join(folder, SERVICE_SPEC), undocumented());
  writeFileSync(path.join(folder, 'bin/program.js'), "require('../dist/cli.js');\n");
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const typesNeed = writeTypes(
    path.join(folder, 'types'),
    entries.map(([, source]) => source),
  );
  const built = { loads: builtOf(metafile).loads, contains: builtOf(metafile, ...functions).contains };
  writeFileSync(path.join(folder, 'THIRD-PARTY-LICENSES'), licensesOf(built.contains));
  return { ...built, typesNeed };
}

/** Of how the guard is used: not why it became so. */
function isPage(file: string): boolean {
  return statSync(file).isDirectory() ? !['adr', 'serve'].includes(path.basename(file)) : file.endsWith('.md');
}

/**
 * The features whose functions the package's code may ask for: an organization's hub is no part of it. Long lines of the code are broken
 * wherever that may be, within a text too.
 */
function featuresOf(dist: string): readonly string[] {
  const code = readdirSync(dist).map((name) => readFileSync(path.join(dist, name), 'utf8').replaceAll('\\\n', ''));
  const asked = code.flatMap((text) => [...text.matchAll(/\bfeature:\s*"([a-z-]+)"/g)].map(([, name]) => name));
  return functionFeatures().filter((feature) => asked.includes(feature));
}

/** The version is this repository's. */
function guardManifest({ name, version, description, license, engines, dependencies }: Manifest) {
  const { jiti } = dependencies ?? {};
  return {
    name,
    version,
    description,
    license,
    keywords: ['aws', 'cdk', 'bedrock', 'budget', 'cost', 'llm'],
    main: 'dist/index.js',
    types: 'types/lib/public.d.ts',
    exports: {
      ...Object.fromEntries(
        Object.entries(ENTRIES).map(([file, { subpath, source }]) => [subpath, exportsOf(file, source)]),
      ),
      './package.json': './package.json',
    },
    bin: { 'spend-guard': 'bin/spend-guard.js' },
    files: [
      'bin',
      'cli',
      'dist',
      'docs',
      'functions',
      'types',
      SERVICE_SPEC,
      'CHANGELOG.md',
      'NOTICE',
      'THIRD-PARTY-LICENSES',
    ],
    sideEffects: false,
    engines,
    dependencies: { jiti: `^${jiti}` },
    peerDependencies: PEERS,
  };
}

function exportsOf(file: string, source: string) {
  return {
    import: { types: `./dist/${file}.d.mts`, default: `./dist/${file}.mjs` },
    require: { types: `./types/${source.replace(/\.ts$/, '.d.ts')}`, default: `./dist/${file}.js` },
  };
}

/** For `import`: the same objects as `require` gives, by name. */
function writeModule(dist: string, file: string, source: string, { outputs }: Metafile): void {
  const [, output] = Object.entries(outputs).find(([name]) => path.basename(name) === `${file}.js`) ?? [];
  const names = [...(output?.exports ?? [])].sort().join(', ');
  writeFileSync(path.join(dist, `${file}.mjs`), `export { ${names} } from './${file}.js';\n`);
  const types = `../types/${source.replace(/\.ts$/, '.js')}`;
  writeFileSync(path.join(dist, `${file}.d.mts`), `export * from '${types}';\n`);
}

/** What `diff` reads of the types of CloudFormation: all but the texts, which are three quarters of it. */
function undocumented(): Buffer {
  const whole = gunzipSync(readFileSync(require.resolve(`@aws-cdk/aws-service-spec/${SERVICE_SPEC}`))).toString('utf8');
  const database: unknown = JSON.parse(whole, (key, value: unknown) => (key === 'documentation' ? undefined : value));
  return gzipSync(JSON.stringify(database), { level: constants.Z_BEST_COMPRESSION });
}

/** Bytes by the folder that they are in. */
export function largestParts({ files }: Packed): readonly (readonly [string, number])[] {
  const sums = new Map<string, number>();
  for (const { path: file, size } of files) {
    const [part = file] = file.split('/');
    sums.set(part, (sums.get(part) ?? 0) + size);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}

if (require.main === module) {
  const destination = path.resolve(process.argv[2] ?? path.join(ROOT, 'build'));
  const folder = path.join(destination, 'guard');
  void buildGuardPackage(folder).then(() => {
    const packed = pack(folder, destination);
    const kb = (bytes: number) => `${Math.round(bytes / 1_000).toLocaleString('en')} KB`;
    const parts = largestParts(packed).map(([part, bytes]) => `${part} ${kb(bytes)}`);
    process.stdout.write(
      `${path.relative(ROOT, packed.file)}: ${kb(packed.packedBytes)} packed, ${kb(packed.unpackedBytes)} unpacked: ${parts.join(', ')}\n`,
    );
  });
}
