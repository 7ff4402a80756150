import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import cdkJson from '../../cdk.json';

const ROOT = path.resolve(__dirname, '../..');

/** Runs the app as the CDK CLI does. */
export function runApp(context: Record<string, unknown>) {
  const out = mkdtempSync(path.join(tmpdir(), 'spend-guard-app-'));
  try {
    const run = spawnSync(process.execPath, ['-r', 'tsx/cjs', 'bin/spend-guard-app.ts'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: out,
        CDK_VALIDATION: 'false',
        CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, ...context }),
      },
    });
    const stacks = existsSync(out) ? readdirSync(out).filter((file) => file.endsWith('.template.json')) : [];
    return { ...run, stacks: stacks.map((file) => file.replace('.template.json', '')) };
  } finally {
    rmSync(out, { recursive: true });
  }
}
