import type { Template } from 'aws-cdk-lib/assertions';

/** What a template says, however its policies are divided into statements, and however it writes the partition. */
export interface Meaning {
  /** One action on one resource by one principal under one condition each, by the logical id of the policy's holder. */
  readonly allowed: readonly string[];
  /** All else, without code and settings, whose hash the partition is part of. */
  readonly others: Readonly<Record<string, unknown>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export function meaningOf(template: Template): Meaning {
  const { Resources, Outputs } = template.toJSON() as { Resources: Record<string, Resource>; Outputs: object };
  const allowed: string[] = [];
  const others = Object.fromEntries(
    Object.entries(Resources).map(([id, { Type, Properties = {}, ...rest }]) => {
      // Whether the deploy's functions have work to do follows from all else; so does what a bundle is called.
      const { Code: _code, TemplateFingerprint: _fingerprint, Environment: _variables, ...kept } = Properties;
      const left = Object.fromEntries(
        Object.entries(kept).map(([key, value]) => {
          const statements = statementsIn(value);
          if (statements === undefined) return [key, plain(value)];
          allowed.push(...statements.flatMap((one) => single(one).map((text) => `${id} ${key} ${text}`)));
          return [key, 'a policy'];
        }),
      );
      return [id, { Type, ...rest, Properties: left }];
    }),
  );
  return { allowed: [...new Set(allowed)].sort(), others: { ...others, Outputs: plain(Outputs) } };
}

type Statement = Readonly<Record<string, unknown>>;

function statementsIn(value: unknown): readonly Statement[] | undefined {
  const { Statement: found } = (value ?? {}) as { Statement?: Statement[] };
  return Array.isArray(found) ? found : undefined;
}

function single({ Action, Resource: on = 'itself', Principal = 'itself', ...rest }: Statement): readonly string[] {
  const all = (one: unknown) => [one].flat().map((each) => JSON.stringify(plain(each)));
  const of = JSON.stringify(plain(rest));
  return all(Action).flatMap((action) =>
    all(on).flatMap((resource) => all(Principal).map((principal) => `${action} ${resource} ${principal} ${of}`)),
  );
}

/** Text as a deployment to the partition `aws` gives it, as far as it is known. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
  if (Ref === 'AWS::Partition') return 'aws';
  if (join) return textOf(join[1].map(plain), join[0]);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function textOf(parts: readonly unknown[], separator: string): unknown {
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(separator);
}
