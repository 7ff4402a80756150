import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
    const written = existsSync(out) ? readdirSync(out) : [];
    const stacks = written.filter((file) => file.endsWith('.template.json'));
    const metadata = written.filter((file) => file.endsWith('.metadata.json'));
    return {
      ...run,
      written,
      stacks: stacks.map((file) => file.replace('.template.json', '')),
      metadata: metadata.map((file) => readFileSync(path.join(out, file), 'utf8')).join(),
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}
