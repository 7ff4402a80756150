import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import shipped from '../../../config/budget-tiers';
import { parseSettings, SETTINGS_FILE } from '../../../core/settings';
import type { SpendGuardStack } from '../../../lib/spend-guard-stack';
import { environmentOf, featuresOf, functionOf, stackOf } from '../stack';
import { differences } from './differences';
import { yaml } from './layout';
import { readable, readableSettings, type CloudFormationTemplate, type ReadableTemplate } from './readable';
import { sections } from './sections';

export const SNAPSHOTS = path.resolve(__dirname, '../../lib/snapshots');
export const UPDATE = 'npm run snapshots';

const [BASE, ...OTHERS] = Object.keys(shipped.environments) as [string, ...string[]];

export function shippedStacks(): Readonly<Record<string, SpendGuardStack>> {
  return Object.fromEntries([BASE, ...OTHERS].map((name) => [name, stackOf(environmentOf(name))]));
}

/** The text of each file of `SNAPSHOTS`: the first environment whole, each other one as it differs from it. */
export function snapshots(stacks: Readonly<Record<string, SpendGuardStack>>): Readonly<Record<string, string>> {
  const base = { environment: BASE, template: templateOf(stacks[BASE]!) };
  const files = OTHERS.map((environment) => {
    const found = differences(base, { environment, template: templateOf(stacks[environment]!) });
    return [
      `${environment}.yaml`,
      `# ${environment}, as it differs from ${BASE}. Written by ${UPDATE}\n${yaml(found)}`,
    ];
  });
  return {
    [`${BASE}.yaml`]: `# All of ${BASE}. Written by ${UPDATE}\n${yaml(sections(base.template))}`,
    ...Object.fromEntries(files),
  };
}

function templateOf(stack: SpendGuardStack): ReadableTemplate {
  const settings = featuresOf(stack).flatMap((feature) => {
    const file = path.join(functionOf(stack, feature).asset, SETTINGS_FILE);
    return existsSync(file) ? [[feature, parseSettings(readFileSync(file, 'utf8'))] as const] : [];
  });
  const { rest, ...told } = readable(Template.fromStack(stack).toJSON() as CloudFormationTemplate);
  return { ...told, rest: { ...rest, 'settings beside the code': readableSettings(Object.fromEntries(settings)) } };
}
