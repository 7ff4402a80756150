import { execFileSync } from 'node:child_process';
import { bundled } from './bundled';
import { ROOT, type Result } from './measure';

/** What the plugin adds to a call, measured on code as its package has it. */
export function benchInPath(): readonly Result[] {
  const outfile = bundled('bench/in-path-calls.ts');
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const options = { cwd: ROOT, encoding: 'utf8', env, maxBuffer: 1e7 } as const;
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', outfile], options)) as readonly Result[];
}
