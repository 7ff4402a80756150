import { GuardError } from '../../core/errors';

/** What CloudFormation would know when it deploys a stack. */
export interface StackIdentity {
  readonly stackName: string;
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

/** Stands for AWS::NoValue: the property or the list's entry is left out. */
const NO_VALUE = Symbol('AWS::NoValue');

/** What names a resource of these types in its ARN; `Ref` gives the ARN where `refIsArn`. */
const ARNS: Readonly<
  Record<string, { readonly resource: string; readonly global?: boolean; readonly refIsArn?: boolean }>
> = {
  'AWS::Lambda::Function': { resource: 'lambda:function:' },
  'AWS::IAM::Role': { resource: 'iam:role/', global: true },
  'AWS::IAM::ManagedPolicy': { resource: 'iam:policy/', global: true, refIsArn: true },
  'AWS::SNS::Topic': { resource: 'sns:', refIsArn: true },
  'AWS::SQS::Queue': { resource: 'sqs:' },
  'AWS::DynamoDB::Table': { resource: 'dynamodb:table/' },
  'AWS::DynamoDB::GlobalTable': { resource: 'dynamodb:table/' },
  'AWS::CloudWatch::Alarm': { resource: 'cloudwatch:alarm:' },
  'AWS::Logs::LogGroup': { resource: 'logs:log-group:' },
  'AWS::Bedrock::ApplicationInferenceProfile': { resource: 'bedrock:application-inference-profile/', refIsArn: true },
};

/** Properties that give a resource its physical name; without one it is called after its stack and logical id. */
const NAME_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::IAM::Role': ['RoleName'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName'],
  'AWS::SNS::Topic': ['TopicName'],
  'AWS::SQS::Queue': ['QueueName'],
  'AWS::DynamoDB::Table': ['TableName'],
  'AWS::DynamoDB::GlobalTable': ['TableName'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::Budgets::Budget': ['Budget', 'BudgetName'],
};

/**
 * Gives the values that a deployed stack would hold, with made-up physical names in place of those AWS makes up.
 * Anything it does not know is GuardError TEMPLATE_UNSUPPORTED: a guess would hide a wrong template.
 */
export class Resolver {
  private readonly pseudo: Readonly<Record<string, string | symbol>>;

  constructor(
    readonly template: Template,
    readonly identity: StackIdentity,
  ) {
    const { stackName, region, account } = identity;
    this.pseudo = {
      'AWS::Region': region,
      'AWS::AccountId': account,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stackName,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/simulated`,
      'AWS::NoValue': NO_VALUE,
    };
  }

  /** All resources of a type, with their logical ids, in the template's order. */
  ofType(type: string): readonly (readonly [logicalId: string, resource: Resource])[] {
    return Object.entries(this.template.Resources ?? {}).filter(([, resource]) => resource.Type === type);
  }

  /** @returns undefined where the template says AWS::NoValue */
  resolve(value: unknown): unknown {
    const resolved = this.any(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** @param what names the place in the error */
  text(value: unknown, what: string): string {
    const resolved = this.resolve(value);
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    throw this.unsupported(`${what} must be text, got ${JSON.stringify(resolved)}`);
  }

  /** What AWS would call it: by the property that names it, else by stack and logical id. */
  physicalName(logicalId: string): string {
    const resource = this.resource(logicalId);
    let named: unknown = resource.Properties;
    const path = NAME_PROPERTIES[resource.Type];
    for (const key of path ?? []) named = (named as Record<string, unknown> | undefined)?.[key];
    if (path && named !== undefined) return this.text(named, `the name of ${logicalId}`);
    return `${this.identity.stackName}-${logicalId}`;
  }

  /** @throws GuardError TEMPLATE_UNSUPPORTED for a type whose ARN's form is not known here */
  arn(logicalId: string): string {
    const { region, account } = this.identity;
    const shape = ARNS[this.resource(logicalId).Type];
    if (!shape) throw this.unsupported(`the ARN of ${logicalId}, ${this.resource(logicalId).Type}`);
    const [service = '', ...rest] = shape.resource.split(':');
    const name = `${this.iamPath(logicalId)}${this.physicalName(logicalId)}`;
    return `arn:aws:${service}:${shape.global ? '' : region}:${account}:${rest.join(':')}${name}`;
  }

  /** What IAM writes before a name, without its first slash; empty where a resource has none. */
  private iamPath(logicalId: string): string {
    const { Type, Properties = {} } = this.resource(logicalId);
    const path = Type.startsWith('AWS::IAM::') ? Properties['Path'] : undefined;
    return path === undefined ? '' : this.text(path, `the path of ${logicalId}`).slice(1);
  }

  /** To be thrown by whoever reads the template, with where in it. */
  unsupported(what: string): GuardError {
    const text = `the simulator does not understand this in the template of ${this.identity.stackName}: ${what}`;
    return new GuardError('TEMPLATE_UNSUPPORTED', text);
  }

  private resource(logicalId: string): Resource {
    const resource = this.template.Resources?.[logicalId];
    if (!resource) throw this.unsupported(`a reference to '${logicalId}', which is no resource of it`);
    return resource;
  }

  private any(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.any(one)).filter((one) => one !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (
      entries.length === 1 &&
      first &&
      (first[0] === 'Ref' || first[0] === 'Condition' || first[0].startsWith('Fn::'))
    ) {
      // IAM statements have a property of this name too, whose value is an object.
      if (first[0] !== 'Condition' || typeof first[1] === 'string') return this.intrinsic(first[0], first[1]);
    }
    return Object.fromEntries(entries.map(([key, one]) => [key, this.any(one)]).filter(([, one]) => one !== NO_VALUE));
  }

  private intrinsic(name: string, argument: unknown): unknown {
    const list = (): readonly unknown[] => {
      if (!Array.isArray(argument)) throw this.unsupported(`${name} of ${JSON.stringify(argument)}`);
      return argument;
    };
    switch (name) {
      case 'Ref':
        return this.reference(String(argument));
      case 'Fn::GetAtt':
        return this.attribute(typeof argument === 'string' ? argument.split('.') : list().map(String));
      case 'Fn::Join':
        return (this.any(list()[1]) as unknown[])
          .map((one) => this.text(one, 'a part of Fn::Join'))
          .join(String(list()[0]));
      case 'Fn::Split':
        return this.text(list()[1], 'the text of Fn::Split').split(String(list()[0]));
      case 'Fn::Select': {
        const options = this.any(list()[1]) as unknown[];
        const at = Number(this.any(list()[0]));
        if (options[at] === undefined) throw this.unsupported(`Fn::Select ${at} of ${options.length} values`);
        return options[at];
      }
      case 'Fn::Sub':
        return Array.isArray(argument)
          ? this.substitute(String(argument[0]), argument[1] as Record<string, unknown>)
          : this.substitute(String(argument), {});
      case 'Fn::FindInMap': {
        const [map, key, second] = list().map((one) => String(this.any(one)));
        const found = this.template.Mappings?.[map!]?.[key!]?.[second!];
        if (found === undefined) throw this.unsupported(`Fn::FindInMap ${map}, ${key}, ${second}: no such entry`);
        return found;
      }
      case 'Fn::If':
        return this.any(this.condition(String(list()[0])) ? list()[1] : list()[2]);
      case 'Condition':
        return this.condition(String(argument));
      case 'Fn::Equals':
        return JSON.stringify(this.any(list()[0])) === JSON.stringify(this.any(list()[1]));
      case 'Fn::Not':
        return this.any(list()[0]) !== true;
      case 'Fn::And':
        return list().every((one) => this.any(one) === true);
      case 'Fn::Or':
        return list().some((one) => this.any(one) === true);
      default:
        throw this.unsupported(`the intrinsic function ${name}`);
    }
  }

  private condition(name: string): boolean {
    const condition = this.template.Conditions?.[name];
    if (condition === undefined) throw this.unsupported(`the condition '${name}', which is not defined`);
    return this.any(condition) === true;
  }

  private reference(name: string): unknown {
    if (name in this.pseudo) return this.pseudo[name];
    const parameter = this.template.Parameters?.[name];
    if (parameter) {
      if (parameter.Default === undefined) throw this.unsupported(`the parameter '${name}', which has no default`);
      return parameter.Default;
    }
    return ARNS[this.resource(name).Type]?.refIsArn ? this.arn(name) : this.physicalName(name);
  }

  private attribute([logicalId = '', ...path]: readonly string[]): string {
    const attribute = path.join('.');
    const name = this.physicalName(logicalId);
    const isArn =
      attribute === 'Arn' ||
      attribute === 'TopicArn' ||
      attribute === 'InferenceProfileArn' ||
      attribute === 'PolicyArn';
    if (isArn) return this.arn(logicalId) + (this.resource(logicalId).Type === 'AWS::Logs::LogGroup' ? ':*' : '');
    if (attribute === 'TopicName' || attribute === 'QueueName' || attribute === 'InferenceProfileId') return name;
    // An id that AWS makes up when it creates the resource.
    if (/^[A-Za-z]+Id$/.test(attribute)) return `${name}.${attribute}`;
    throw this.unsupported(`Fn::GetAtt ${logicalId}.${attribute}, of ${this.resource(logicalId).Type}`);
  }

  private substitute(text: string, variables: Readonly<Record<string, unknown>>): string {
    return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in variables) return this.text(variables[name], `\${${name}} of Fn::Sub`);
      return this.text(
        name.includes('.') ? this.attribute(name.split('.')) : this.reference(name),
        `\${${name}} of Fn::Sub`,
      );
    });
  }
}
