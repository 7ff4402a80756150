import path from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT } from './measure';

/**
 * A program as a package has it: what runs TypeScript directly gives every function its name anew, which costs more than some of
 * what is measured.
 * @param entry such as `bench/in-path-calls.ts`
 * @returns where the bundle is
 */
export function bundled(entry: string): string {
  const name = entry.replace(/^bench\//, '').replaceAll('/', '-');
  const outfile = path.join(ROOT, 'build/bench', name.replace(/\.ts$/, '.js'));
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}
