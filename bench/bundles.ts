import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { functionBundle, functionFeatures } from '../lib';
import { interleaved, ratioOf, ROOT, type Result } from './measure';

const ROUNDS = 9;
const BASELINE = 'esbuild lambda/<feature>/function.ts --bundle --platform=node';

/** Each function's bundle beside the same entry through esbuild with nothing but what it needs to run. */
export function benchBundles(): readonly Result[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-bench-'));
  try {
    return functionFeatures().flatMap((feature) => {
      const ours = path.join(functionBundle(feature), 'index.js');
      const plain = path.join(folder, `${feature}.js`);
      const entryPoints = [path.join(ROOT, 'lambda', feature, 'function.ts')];
      buildSync({ entryPoints, bundle: true, platform: 'node', outfile: plain, logLevel: 'error' });
      const [size, plainSize] = [ours, plain].map((file) => statSync(file).size / 1024) as [number, number];
      return [
        {
          what: `size of ${feature}`,
          unit: 'ratio',
          value: size / plainSize,
          goal: 0.35,
          baseline: BASELINE,
          raw: `${size.toFixed(0)} KB; baseline ${plainSize.toFixed(0)} KB`,
        },
        loadAlone(feature, ours, plain),
      ];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Inside a fresh process each time, so without the start of Node. Loading ends at the check of the environment, after everything. */
function loadAlone(feature: string, ours: string, plain: string): Result {
  const script = (file: string) =>
    `const b = process.hrtime.bigint(); try { require(${JSON.stringify(file)}) } catch (e) { if (e.code !== 'ENVIRONMENT_INVALID') throw e } process.stdout.write(String(Number(process.hrtime.bigint() - b) / 1e6))`;
  const inside = (file: string) => () => Number(nodeOutput(script(file)));
  return ratioOf(`load of ${feature}`, 0.7, BASELINE, interleaved(ROUNDS, inside(ours), inside(plain)));
}

function nodeOutput(script: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
