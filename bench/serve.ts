import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pythonOf } from '../test/helpers/python';
import { bundledServer } from '../test/helpers/serve-instances';
import { bundled } from './bundled';
import { ROOT, type Result } from './measure';

/** What the server adds to a call, and what it takes. It, its client and its upstream are bundles, each in a process of its own. */
export function benchServe(): readonly Result[] {
  const server = bundledServer('build/bench/serve.js');
  const [calls, upstream] = ['calls', 'upstream'].map((name) => bundled(`bench/serve/${name}.ts`)) as [string, string];
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  const stdio: ('ignore' | 'pipe' | 'inherit')[] = ['ignore', 'pipe', 'inherit'];
  const options = { cwd: ROOT, encoding: 'utf8', env, stdio, maxBuffer: 1e7 } as const;
  const args = [calls, server, upstream, withLiteLlm()];
  return JSON.parse(execFileSync(process.execPath, args, options)) as readonly Result[];
}

/** @returns '' where its packages cannot be had, which is said */
function withLiteLlm(): string {
  try {
    return pythonOf(path.join(ROOT, 'bench/serve/litellm-requirements.txt'));
  } catch (error) {
    process.stderr.write(
      `LiteLLM's proxy is not measured, for it cannot be installed: ${String(error).slice(0, 300)}\n`,
    );
    return '';
  }
}
