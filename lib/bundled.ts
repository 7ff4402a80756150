import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BuildOptions, Metafile } from 'esbuild';

const ROOT = path.resolve(__dirname, '..');
const SOURCES = path.join(ROOT, 'lambda');

/**
 * `mainFields` takes the ES modules of the AWS SDK, which tree-shake: 340 KB instead of 575. Target node20 although the
 * functions run on a later Node: the local AWS runs them on the developer's.
 */
export const BUNDLE_OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': path.join(SOURCES, 'credentials.ts') },
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions;

export interface Bundled {
  readonly code: Uint8Array;
  /** What it was made from, from the project's folder. */
  readonly metafile: Metafile;
}

/** A feature's function as one file of JavaScript. */
export function bundled(feature: string): Bundled {
  const entry = path.join(SOURCES, feature, 'function.ts');
  if (!existsSync(entry)) throw new Error(`no function '${feature}': ${path.relative(ROOT, entry)} does not exist`);
  // Loaded only when something changed: esbuild's start-up is a good part of a short synth.
  const esbuild = require('esbuild') as typeof import('esbuild');
  const { outputFiles, metafile } = esbuild.buildSync({
    ...BUNDLE_OPTIONS,
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile: path.join(ROOT, 'build', 'lambda', feature, 'index.js'),
    metafile: true,
    write: false,
  });
  const code = outputFiles[0];
  if (!code) throw new Error(`esbuild made nothing of ${entry}`);
  return { code: code.contents, metafile };
}

/** The features that have a function: every folder of `lambda/` with a `function.ts`. */
export function functionFeatures(): readonly string[] {
  return readdirSync(SOURCES)
    .filter((name) => existsSync(path.join(SOURCES, name, 'function.ts')))
    .sort();
}
