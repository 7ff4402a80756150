import { fullDiff, ResourceImpact, type ResourceDifference } from '@aws-cdk/cloudformation-diff';
import { canonical, featureOf, type AssemblyStack, type Resource, type Template } from './assembly';

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  /** `mayReplace`: whether CloudFormation replaces it depends on values that no template holds. */
  readonly impact: 'added' | 'removed' | 'kept' | 'replaced' | 'mayReplace' | 'updated';
  /** Names of the properties that changed; for a replacement those that cause it. */
  readonly properties: readonly string[];
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
    changes.push({ logicalId, type, impact, properties: causesOf(difference, impact) });
  });
  return changes;
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

/** Features whose code differs, by what their assets hold where both outputs have them, and else by the hash in the template. */
export function changedCode(base: AssemblyStack, head: AssemblyStack): readonly string[] {
  return Object.entries(head.template.Resources ?? {}).flatMap(([id, now]) => {
    const was = base.template.Resources?.[id];
    if (now.Type !== 'AWS::Lambda::Function' || !was) return [];
    const [before, after] = [base.shipped.get(id), head.shipped.get(id)];
    const isSame = before && after ? before.code === after.code : codeOf(was) === codeOf(now);
    return isSame ? [] : [featureOf(now) ?? id];
  });
}

function codeOf({ Properties }: Resource): string {
  return canonical(Properties?.['Code']);
}
