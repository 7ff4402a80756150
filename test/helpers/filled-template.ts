type Json = unknown;
type Object_ = Readonly<Record<string, Json>>;

interface PlainTemplate {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Conditions: Readonly<Record<string, Object_>>;
  readonly Resources: Readonly<Record<string, FilledResource & { readonly Condition?: string }>>;
  readonly Outputs: Readonly<Record<string, { readonly Condition?: string; readonly Value: Json }>>;
}

export interface FilledStatement {
  readonly Action: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: { readonly ArnEquals?: Readonly<Record<string, string | readonly string[]>> };
}

interface FilledPolicy {
  readonly Statement: readonly FilledStatement[];
}

/** Of a type of resource those that tests read into; all others are unknown. */
export interface FilledProperties {
  readonly [name: string]: unknown;
  readonly AssumeRolePolicyDocument: FilledPolicy;
  readonly Budget: {
    readonly BudgetName?: string;
    readonly BudgetLimit: unknown;
    readonly FilterExpression: {
      readonly And: readonly [{ readonly Dimensions?: { readonly Key: string; readonly Values: readonly string[] } }];
    };
  };
  readonly Code: { readonly S3Bucket: string; readonly S3Key: string };
  readonly Definition: { readonly IamActionDefinition: Readonly<Record<string, readonly string[]>> };
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  readonly PolicyDocument: FilledPolicy;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

export interface FilledResource {
  readonly Type: string;
  readonly Properties: FilledProperties;
}

export interface FilledTemplate {
  readonly resources: Readonly<Record<string, FilledResource>>;
  readonly outputs: Readonly<Record<string, Json>>;
}

/** Stands for a value that is left out with its property. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * A template as CloudFormation fills it in: parameters, conditions, and each reference to a resource as `<LogicalId>` or
 * `<LogicalId.Attribute>`. @throws Error on a reference to what the parameters leave out, where CloudFormation fails too
 */
export function filledTemplate(text: string, parameters: Readonly<Record<string, string>>): FilledTemplate {
  const template = JSON.parse(text) as PlainTemplate;
  const defaults = Object.entries(template.Parameters).flatMap(([name, { Default }]) =>
    Default === undefined ? [] : [[name, Default] as const],
  );
  const given: Readonly<Record<string, string>> = { ...Object.fromEntries(defaults), ...parameters };
  const isSo = (condition: string | undefined): boolean =>
    condition === undefined || decide(template.Conditions[condition]) === true;
  const there = Object.entries(template.Resources).filter(([, { Condition }]) => isSo(Condition));
  const known = new Set(there.map(([id]) => id));

  function decide(expression: Json): Json {
    const [[name, value] = []] = Object.entries(expression as Object_);
    switch (name) {
      case 'Fn::Not':
        return !decide((value as Json[])[0]);
      case 'Fn::Equals': {
        const [one, other] = (value as Json[]).map(fill);
        return one === other;
      }
      default:
        throw new Error(`a condition of ${name}`);
    }
  }

  function refTo(id: string, attribute?: string): Json {
    if (id === 'AWS::NoValue') return NO_VALUE;
    if (id.startsWith('AWS::')) return `<${id}>`;
    if (id in template.Parameters) {
      if (given[id] === undefined) throw new Error(`no value for the parameter ${id}`);
      return given[id];
    }
    if (!known.has(id)) throw new Error(`a reference to ${id}, which is not there`);
    return attribute === undefined ? `<${id}>` : `<${id}.${attribute}>`;
  }

  function fill(value: Json): Json {
    if (Array.isArray(value)) return value.map(fill).filter((one) => one !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (only !== undefined && entries.length === 1) {
      const [name, inner] = only;
      if (name === 'Ref') return refTo(inner as string);
      if (name === 'Fn::GetAtt') return refTo(...(inner as [string, string]));
      if (name === 'Fn::If') {
        const [condition, yes, no] = inner as [string, Json, Json];
        return fill(isSo(condition) ? yes : no);
      }
      if (name === 'Fn::Join') {
        const [delimiter, list] = inner as [string, Json];
        return (fill(list) as string[]).join(delimiter);
      }
      if (name === 'Fn::Split') {
        const [delimiter, source] = inner as [string, Json];
        return (fill(source) as string).split(delimiter);
      }
      if (name.startsWith('Fn::')) throw new Error(`nobody fills in ${name}`);
    }
    const filledIn = entries.map(([key, one]) => [key, fill(one)] as const);
    return Object.fromEntries(filledIn.filter(([, one]) => one !== NO_VALUE));
  }

  return {
    resources: Object.fromEntries(there.map(([id, one]) => [id, fill(one) as FilledResource])),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs)
        .filter(([, { Condition }]) => isSo(Condition))
        .map(([name, { Value }]) => [name, fill(Value)]),
    ),
  };
}
