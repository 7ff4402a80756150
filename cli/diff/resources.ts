import { fullDiff, ResourceImpact, type ResourceDifference } from '@aws-cdk/cloudformation-diff';
import { inside, valueChanges, valueText } from './leaves';
import type { LimitChange } from './limits';
import { documents } from './statements';
import { featureOf, resourcesOf, type AssemblyStack } from './assembly';
import type { Template } from './template';

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  /** `mayReplace`: whether CloudFormation replaces it depends on values that no template holds. */
  readonly impact: 'added' | 'removed' | 'kept' | 'replaced' | 'mayReplace' | 'updated';
  /** Names of the properties that changed; for a replacement those that cause it. */
  readonly properties: readonly string[];
  /** Of what is changed in place, each value; what is a policy is told as access. */
  readonly values: readonly LimitChange[];
}

/** What CloudFormation would do to each resource, replacements that follow from other replacements included. */
export function resourceChanges(base: Template, head: Template): readonly ResourceChange[] {
  // `fullDiff` changes what it is given.
  const { resources } = fullDiff(structuredClone(base), structuredClone(head));
  const changes: ResourceChange[] = [];
  resources.forEachDifference((logicalId, difference: ResourceDifference) => {
    const impact = impactOf(difference);
    if (!impact) return;
    const type = difference.newResourceType ?? difference.oldResourceType ?? 'unknown type';
    const values = impact === 'updated' ? valuesOf(base, head, logicalId) : [];
    changes.push({ logicalId, type, impact, properties: causesOf(difference, impact), values });
  });
  return changes;
}

function valuesOf(base: Template, head: Template, id: string): readonly LimitChange[] {
  const [was, is] = [base.Resources?.[id], head.Resources?.[id]];
  const { Properties: before = {}, ...wasBeside } = was ?? {};
  const { Properties: after = {}, ...isBeside } = is ?? {};
  return [...valueChanges(before, after), ...valueChanges(wasBeside, isBeside)]
    .filter(({ path, ...values }) => !/\bStatement\b/.test(path) && !documents(Object.values(values)).length)
    .flatMap(inside)
    .map(({ path, ...values }) => ({ what: path, before: valueText(values.before), after: valueText(values.after) }));
}

/** @returns undefined where CloudFormation would do nothing */
function impactOf(difference: ResourceDifference): ResourceChange['impact'] | undefined {
  if (difference.resourceTypeChanged && difference.isUpdate) return 'replaced';
  switch (difference.changeImpact) {
    case ResourceImpact.WILL_CREATE:
    case ResourceImpact.WILL_IMPORT:
      return 'added';
    case ResourceImpact.WILL_DESTROY:
      return 'removed';
    case ResourceImpact.WILL_ORPHAN:
      return 'kept';
    case ResourceImpact.WILL_REPLACE:
      return 'replaced';
    case ResourceImpact.MAY_REPLACE:
      return 'mayReplace';
    case ResourceImpact.WILL_UPDATE:
      return 'updated';
    case ResourceImpact.NO_CHANGE:
      return undefined;
  }
}

/** Of a replacement the properties that cause it: the others would be changed in place. */
function causesOf(difference: ResourceDifference, impact: ResourceChange['impact']): readonly string[] {
  if (impact === 'added' || impact === 'removed' || impact === 'kept') return [];
  const updates = Object.entries(difference.propertyUpdates);
  const wanted = impact === 'replaced' ? ResourceImpact.WILL_REPLACE : ResourceImpact.MAY_REPLACE;
  const causes = impact === 'updated' ? updates : updates.filter(([, { changeImpact }]) => changeImpact === wanted);
  return causes.map(([name]) => name);
}

/** Features of the guard whose code differs: it is known by its hash and no more. */
export function changedCode(base: Functions, head: Functions): readonly string[] {
  return resourcesOf(head.template, 'AWS::Lambda::Function').flatMap(([id, now]) => {
    const was = base.code.get(id);
    return was === undefined || was === head.code.get(id) ? [] : [featureOf(now) ?? id];
  });
}

type Functions = Pick<AssemblyStack, 'template' | 'code'>;
