import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import shipped from '../../../config/budget-tiers';
import { parseSettings, SETTINGS_FILE } from '../../../core/settings';
import { environmentOf, featuresOf, functionOf, madeFor, type Made } from '../stack';
import { hubStackOf, organizationOf } from '../hub';
import { differences } from './differences';
import { yaml } from './layout';
import { readable, readableSettings, type CloudFormationTemplate, type ReadableTemplate } from './readable';
import { sections } from './sections';

export const SNAPSHOTS = path.resolve(__dirname, '../../lib/snapshots');
export const UPDATE = 'npm run snapshots';

const [BASE, ...OTHERS] = Object.keys(shipped.environments) as [string, ...string[]];

export function shippedStacks(): Readonly<Record<string, Made>> {
  return Object.fromEntries([BASE, ...OTHERS].map((name) => [name, madeFor(environmentOf(name))]));
}

/** The text of each file of `SNAPSHOTS`: the first environment whole, each other one as it differs from it. */
export function snapshots(stacks: Readonly<Record<string, Made>>): Readonly<Record<string, string>> {
  const base = { environment: BASE, template: templateOf(stacks[BASE]!) };
  const files = OTHERS.map((environment) => {
    const found = differences(base, { environment, template: templateOf(stacks[environment]!) });
    return [
      `${environment}.yaml`,
      `# ${environment}, as it differs from ${BASE}. Written by ${UPDATE}\n${yaml(found)}`,
    ];
  });
  return {
    'organization.yaml': `# The hub of the shipped example of an organisation. Written by ${UPDATE}\n${yaml(sections(templateOf(hubMade())))}`,
    [`${BASE}.yaml`]: `# All of ${BASE}. Written by ${UPDATE}\n${yaml(sections(base.template))}`,
    ...Object.fromEntries(files),
  };
}

function hubMade(): Made {
  const stack = hubStackOf(organizationOf());
  const template = Template.fromStack(stack);
  const settings = featuresOf({ template }).map((feature) => {
    const { asset } = functionOf(stack, feature);
    return [feature, readFileSync(path.join(asset, SETTINGS_FILE), 'utf8')] as const;
  });
  return { template, settings: Object.fromEntries(settings) };
}

function templateOf(stack: Made): ReadableTemplate {
  const settings = featuresOf(stack).flatMap((feature) => {
    const beside = stack.settings[feature];
    return beside === undefined ? [] : [[feature, parseSettings(beside)] as const];
  });
  const { rest, ...told } = readable(stack.template.toJSON() as CloudFormationTemplate);
  return { ...told, rest: { ...rest, 'settings beside the code': readableSettings(Object.fromEntries(settings)) } };
}
