import type { AssemblyStack } from './assembly';
import { limitChanges, settingChanges, type LimitChange } from './limits';
import { readEstimates, type EstimatesReading } from './estimates';
import { permissionChanges, type PermissionChange } from './permissions';
import { dataLosses } from './data-loss';
import { propertyChanges } from './properties';
import { renamedAs } from './renames';
import { factsAsPermissions, isUnprotected, stackFacts, type StackFacts } from './stack-facts';
import { changedCode, resourceChanges, type ResourceChange } from './resources';
import { resourcesWeaker, settingsWeaker } from './weakened';
import type { Weakening } from './weaker';

/** One stack in both outputs, or in one of them. */
export interface StackDiff extends StackFacts {
  readonly stack: string;
  /** By its tag; absent for a stack that is not the guard's. */
  readonly environment: string | undefined;
  readonly change: 'added' | 'removed' | 'changed' | 'same';
  readonly limits: readonly LimitChange[];
  /** What the guard's functions are told. */
  readonly settings: readonly LimitChange[];
  readonly permissions: readonly PermissionChange[];
  readonly resources: readonly ResourceChange[];
  /** What the guard does less than before, and data that is lost or kept less well. */
  readonly weakened: readonly Weakening[];
  /** Undefined where the stack is not there. */
  readonly estimates: {
    readonly before: EstimatesReading | undefined;
    readonly after: EstimatesReading | undefined;
  };
  /** What nobody can read from two templates, worded for people. */
  readonly unknown: readonly string[];
}

export interface AssemblyDiff {
  readonly stacks: readonly StackDiff[];
  /** Somebody may do more than before. */
  readonly broadened: boolean;
  /** A resource is replaced, or may be. */
  readonly replaced: boolean;
  /** A guard does less than before, or data is lost or kept less well. */
  readonly weakened: boolean;
}

/** What two synthesized outputs would deploy differently, stack by stack. */
export function compareAssemblies(base: readonly AssemblyStack[], head: readonly AssemblyStack[]): AssemblyDiff {
  const names = [...new Set([...head, ...base].map(({ name }) => name))];
  const stacks = names.map((name) =>
    compareStacks(
      name,
      base.find((stack) => stack.name === name),
      head.find((stack) => stack.name === name),
      (id) => [base, head].every((side) => isEnteredIn(side, name, id)),
    ),
  );
  const replacing: readonly ResourceChange['impact'][] = ['replaced', 'mayReplace'];
  return {
    stacks,
    broadened: stacks.some(({ permissions }) => permissions.some(({ broadens }) => broadens)),
    weakened: stacks.some(({ weakened }) => weakened.length > 0),
    replaced: stacks.some(({ resources }) => resources.some(({ impact }) => replacing.includes(impact))),
  };
}

/** Whether a nested stack, where it is there, is among the stacks. */
function isEnteredIn(stacks: readonly AssemblyStack[], parent: string, id: string): boolean {
  const holder = stacks.find(({ name }) => name === parent);
  return holder?.template.Resources?.[id] === undefined || stacks.some(({ name }) => name === `${parent}/${id}`);
}

const NOTHING: Omit<AssemblyStack, 'name' | 'environment' | 'metadata'> = {
  template: {},
  written: {},
  source: { text: '', loops: '{}' },
  target: undefined,
  properties: {},
  parameters: {},
  assets: {},
  settings: new Map(),
  code: new Map(),
  unread: [],
};

function compareStacks(
  stack: string,
  base: AssemblyStack | undefined,
  head: AssemblyStack | undefined,
  isEntered: (id: string) => boolean,
): StackDiff {
  const [was, is] = [base ?? NOTHING, head ?? NOTHING];
  const [before, after] = [was.template, is.template];
  const facts = stackFacts(was, is);
  const environment = head?.environment ?? base?.environment;
  const isGuard = environment !== undefined;
  const limits = isGuard ? limitChanges(before, after) : [];
  const settings = isGuard ? settingChanges(was, is) : [];
  const permissions = accessChanges(was, is, facts, isEntered, !base || !head);
  const resources = resourceChanges(before, after);
  const changes = [limits, settings, permissions, resources, ...Object.values(facts)];
  // Whatever it is that differs, it is not nothing.
  const isSame = was.source.text === is.source.text && changes.every(({ length }) => length === 0);
  const weakened = base ? weakenings(base, head, { facts, limits, settings, resources }) : [];
  return {
    stack,
    environment,
    change: !base ? 'added' : !head ? 'removed' : isSame ? 'same' : 'changed',
    ...facts,
    limits,
    settings,
    permissions,
    resources,
    weakened,
    estimates: { before: base && readEstimates(base), after: head && readEstimates(head) },
    unknown: isSame
      ? []
      : unknownOf(environment, limits, changedCode(was, is), [...new Set([...was.unread, ...is.unread])]),
  };
}

/** What protects less than before: of a guard what it did, and of any stack what it keeps. */
function weakenings(
  base: AssemblyStack,
  head: AssemblyStack | undefined,
  {
    facts,
    limits,
    settings,
    resources,
  }: Pick<StackDiff, 'limits' | 'settings' | 'resources'> & { readonly facts: StackFacts },
): readonly Weakening[] {
  const after = head?.template ?? {};
  const data = dataLosses(base.template, after, resources);
  const unprotected = {
    of: 'data',
    before: 'on',
    after: 'off',
    why: 'whoever may delete stacks may delete it',
  } as const;
  const all = head && isUnprotected(facts) ? [...data, { ...unprotected, what: 'protection from termination' }] : data;
  if (base.environment === undefined) return all;
  if (!head) {
    return [
      ...all,
      { of: 'guard', what: `the guard of ${base.environment}`, before: 'there', after: undefined, why: 'gone' },
    ];
  }
  const weaker = resourcesWeaker(renamedAs(base.template, after), after).map((one) => ({
    ...one,
    // In dollars, as the limits are.
    ...limits.find(({ what }) => what === one.what),
  }));
  return [...settingsWeaker(settings), ...weaker, ...all];
}

/** Who may do what, by statements, by other properties, and by what holds for the stack as a whole. */
function accessChanges(
  was: typeof NOTHING,
  is: typeof NOTHING,
  facts: StackFacts,
  isEntered: (id: string) => boolean,
  isWhole: boolean,
): readonly PermissionChange[] {
  const [, home] = /^aws:\/\/(\d{12})\//.exec(was.target === is.target ? (is.target ?? '') : '') ?? [];
  const before = renamedAs(was.template, is.template);
  const changes = [
    ...permissionChanges(before, is.template, home),
    ...propertyChanges(before, is.template, isEntered),
    // Of a stack that comes or goes as a whole there is nothing to compare these with.
    ...(isWhole ? [] : factsAsPermissions(facts, is)),
  ];
  return changes.sort((a, b) => Number(b.broadens) - Number(a.broadens));
}

/** Said rather than left out, so that nobody takes silence for "no". */
function unknownOf(
  environment: string | undefined,
  limits: readonly LimitChange[],
  code: readonly string[],
  unread: readonly string[],
): readonly string[] {
  return [
    ...(unread.length > 0
      ? [`what ${unread.join(', ')} would be told: the folder of their code is not in both outputs`]
      : []),
    ...(code.length > 0
      ? [
          `what the code of ${code.join(', ')} now does: a template holds its hash alone, read the change of the sources`,
        ]
      : []),
    ...(limits.length > 0
      ? [
          `whether this would alert or stop ${environment ?? 'something'} at once: no account was asked what is spent so far, which \`spend-guard plan\` does`,
        ]
      : []),
    'what is in the account: changes by hand, and names that CloudFormation makes up, are in no template',
  ];
}
