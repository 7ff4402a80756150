import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { ROOT, type Result } from './measure';

/**
 * What the plugin adds to a call, measured on code as its package has it: what runs TypeScript directly gives every function
 * its name anew, which costs more than some of what is measured.
 */
export function benchInPath(): readonly Result[] {
  const outfile = path.join(ROOT, 'build/bench/in-path-calls.js');
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['bench/in-path-calls.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const options = { cwd: ROOT, encoding: 'utf8', env, maxBuffer: 1e7 } as const;
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', outfile], options)) as readonly Result[];
}
