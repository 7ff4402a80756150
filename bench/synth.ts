import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import cdkJson from '../cdk.json';
import { interleaved, nodeRun, ratioOf, type Result } from './measure';

const ROUNDS = 7;

/** The app as the CDK CLI runs it, beside an app of one bucket. */
export function benchSynth(): readonly Result[] {
  const synth = (app: string, validation: string) => () => {
    const out = mkdtempSync(path.join(tmpdir(), 'spend-guard-bench-'));
    try {
      return nodeRun(['-r', 'tsx/cjs', app], {
        CDK_OUTDIR: out,
        CDK_VALIDATION: validation,
        CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, env: 'dev' }),
      });
    } finally {
      rmSync(out, { recursive: true });
    }
  };
  return (['false', 'true'] as const).map((validation) =>
    ratioOf(
      `synth of one environment, CDK_VALIDATION=${validation}`,
      1.5,
      `CDK_VALIDATION=${validation} node -r tsx/cjs bench/bare-app.ts`,
      interleaved(ROUNDS, synth('bin/spend-guard-app.ts', validation), synth('bench/bare-app.ts', validation)),
    ),
  );
}
