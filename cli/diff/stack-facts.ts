import type { AssemblyStack } from './assembly';
import { assetChanges } from './asset-changes';
import { canonical, rendered } from './canonical';
import type { LimitChange } from './limits';
import { NOT_JUDGED, type PermissionChange } from './permissions';
import { isSecret } from './values';

/** What of a stack differs besides its resources. */
export interface StackFacts {
  /** Where and how it is deployed, by the manifest. */
  readonly deployment: readonly LimitChange[];
  readonly parameters: readonly LimitChange[];
  readonly outputs: readonly LimitChange[];
  /** Parts of the template that are none of these, and assets. */
  readonly rest: readonly LimitChange[];
}

/** Of the artifact's properties those that are parts of the stack, or that the CDK makes of the template itself. */
const NOT_SHOWN = ['templateFile', 'stackName', 'parameters', 'stackTemplateAssetObjectUrl'];
const SECTIONS = ['Resources', 'Parameters', 'Outputs', 'Mappings', 'Conditions'];

type Side = Pick<AssemblyStack, 'written' | 'template' | 'source' | 'target' | 'properties' | 'parameters' | 'assets'>;

export function stackFacts(base: Side, head: Side): StackFacts {
  const isSameTemplate = base.source.text === head.source.text;
  return {
    deployment: compared(deploymentOf(base, isSameTemplate), deploymentOf(head, isSameTemplate)),
    parameters: compared(parametersOf(base), parametersOf(head)).map((one) => hidden(one, base, head)),
    outputs: compared(outputsOf(base), outputsOf(head)),
    rest: [...compared(restOf(base), restOf(head)), ...assetChanges(base, head)],
  };
}

function compared(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly LimitChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((what) => ({ what, before: before[what], after: after[what] }))
    .filter((change) => change.before !== change.after)
    .sort((a, b) => (a.what < b.what ? -1 : 1));
}

const ACCOUNT = 'account';
const REGION = 'Region';
const PROTECTION = 'protection from termination';

function deploymentOf({ target, properties }: Side, isSameTemplate: boolean): Readonly<Record<string, string>> {
  const [, account, region] = /^aws:\/\/([^/]*)\/(.*)$/.exec(target ?? '') ?? [];
  const { terminationProtection, ...others } = properties;
  // Roles of the bootstrap are named after account and Region, which are shown by themselves.
  const neutral = (value: unknown) =>
    [account, region].reduce<string>((text, one) => (one ? text.replaceAll(one, '*') : text), rendered(value));
  const shown = Object.entries(others).filter(([name]) => !NOT_SHOWN.includes(name));
  const url = properties['stackTemplateAssetObjectUrl'];
  return {
    ...(account === undefined ? {} : { [ACCOUNT]: account }),
    ...(region === undefined ? {} : { [REGION]: region }),
    [PROTECTION]: terminationProtection === true ? 'on' : 'off',
    ...Object.fromEntries(shown.map(([name, value]) => [name, neutral(value)])),
    ...(isSameTemplate && url !== undefined ? { [TEMPLATE_PLACE]: neutral(url) } : {}),
  };
}

const TEMPLATE_PLACE = 'place of the template';

function parametersOf({ written, parameters }: Side): Readonly<Record<string, string>> {
  const all = Object.entries(written.Parameters ?? {}).flatMap(([name, parameter]) => {
    const value = parameters[name] ?? parameter['Default'];
    const { Default: _, ...declared } = parameter;
    const text = value === undefined ? 'given at the deploy' : rendered(value);
    return [
      [name, text],
      [`${name} (as declared)`, canonical(declared)],
    ] as const;
  });
  const others = Object.entries(parameters).filter(([name]) => written.Parameters?.[name] === undefined);
  return Object.fromEntries([...all, ...others.map(([name, value]) => [name, rendered(value)] as const)]);
}

/** That a secret's value differs is told, and no more. */
function hidden(change: LimitChange, ...sides: readonly Side[]): LimitChange {
  if (!sides.some(({ written }) => isSecret(written.Parameters?.[change.what] ?? {}))) return change;
  const [before, after] = [change.before && 'a hidden value', change.after && 'another hidden value'];
  return { ...change, before, after };
}

function outputsOf({ template }: Side): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(template.Outputs ?? {}).flatMap(([name, output]) => {
      const { Value, Export, ...more } = output as { Value?: unknown; Export?: { Name?: unknown } };
      return [
        [name, rendered(Value)],
        ...(Export === undefined ? [] : [[`${name} (exported as)`, rendered(Export.Name)]]),
        ...(Object.keys(more).length === 0 ? [] : [[`${name} (more)`, canonical(more)]]),
      ];
    }),
  ) as Readonly<Record<string, string>>;
}

function restOf({ written, source }: Side): Readonly<Record<string, string>> {
  const sections = Object.entries(written).filter(([name]) => !SECTIONS.includes(name));
  return Object.fromEntries([
    ...sections.map(([name, value]) => [name, canonical(value)] as const),
    ...(source.loops === '{}' ? [] : [[LOOPS, source.loops] as const]),
    ...['Mappings', 'Conditions'].flatMap((name) => (written[name] ? [[name, canonical(written[name])] as const] : [])),
  ]);
}

const LOOPS = 'loops among the resources';
/** Of the rest what may put anything anywhere. */
const MACROS = ['Transform', LOOPS];
/** Of the manifest's what decides in whose hands it is deployed. */
const HANDS = new RegExp(`^(${ACCOUNT}|${REGION}|${TEMPLATE_PLACE}|.*Role.*)$`);

/** What of these opens something, or cannot be judged. */
export function factsAsPermissions(
  { deployment, parameters, rest }: StackFacts,
  head: Side,
): readonly PermissionChange[] {
  const isHidden = ({ what }: LimitChange) => isSecret(head.written.Parameters?.[what] ?? {});
  return [
    ...deployment.filter(({ what }) => HANDS.test(what)).map((one) => asPermission(one, true)),
    ...deployment
      .filter(({ what, before, after }) => what === PROTECTION && !(before === undefined && after === 'off'))
      .map((one) => ({ ...asPermission(one, one.after === 'off'), opened: one.after === 'off' ? [DELETABLE] : [] })),
    ...parameters.filter(isHidden).map((one) => asPermission(one, true)),
    ...rest.filter(({ what }) => MACROS.includes(what)).map((one) => asPermission(one, true)),
  ];
}

const DELETABLE = 'the deletion of this stack to whoever may delete stacks';

export function isUnprotected({ deployment }: StackFacts): boolean {
  return deployment.some(({ what, before, after }) => what === PROTECTION && before === 'on' && after === 'off');
}

function asPermission({ what, before, after }: LimitChange, broadens: boolean): PermissionChange {
  return {
    owner: 'the stack itself',
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    broadens,
    title: what,
    details: [...(after === undefined ? [] : [`+ ${after}`]), ...(before === undefined ? [] : [`- ${before}`])],
    opened: broadens ? [NOT_JUDGED] : [],
  };
}
