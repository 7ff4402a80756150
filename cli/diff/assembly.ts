import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Settings } from '../../core/settings';
import { ENVIRONMENT_TAG, FUNCTION_TAG } from '../../core/tags';
import { UsageError } from '../errors';
import { shippedCode } from './shipped';

const resourceShape = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).optional(),
});
const templateShape = z.looseObject({ Resources: z.record(z.string(), resourceShape).optional() });
const manifestShape = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z.looseObject({ templateFile: z.string().optional(), stackName: z.string().optional() }).optional(),
      additionalMetadataFile: z.string().optional(),
    }),
  ),
});

/** By construct path, `/<stack>` first. */
const metadataShape = z.record(z.string(), z.array(z.looseObject({ type: z.string(), data: z.unknown() })));

export type Resource = z.output<typeof resourceShape>;
export type Template = z.output<typeof templateShape>;

/** By logical id of a function. */
interface Functions {
  /** What is shipped beside its code. */
  readonly settings: ReadonlyMap<string, Settings>;
  /** What stands for the code alone: of an asset that is there the hash of its files, else what the template says. */
  readonly code: ReadonlyMap<string, string>;
  /** Features whose bundle, and what is beside it, is not in the folder. */
  readonly unread: readonly string[];
}

/** A stack of a synthesized cloud assembly. */
export interface AssemblyStack extends Functions {
  readonly name: string;
  /** By the tag on its resources; a stack that is not the guard's has none. */
  readonly environment: string | undefined;
  readonly template: Template;
  /** What synth wrote of the stack as a whole, by its type; the last where there are several. */
  readonly metadata: ReadonlyMap<string, unknown>;
}

/**
 * The stacks of a `cdk.out` folder, in the manifest's order.
 * @param place how the folder was named on the command line, for the error
 * @throws UsageError where it is no cloud assembly
 */
export function readAssembly(folder: string, place: string): readonly AssemblyStack[] {
  const file = path.join(folder, 'manifest.json');
  const fix = 'give the folder that `npx cdk synth --output FOLDER` wrote';
  if (!existsSync(file))
    throw new UsageError(`${place} ${folder}: no cloud assembly, as it holds no manifest.json; ${fix}`);
  const { artifacts } = parsed(manifestShape, file, `${place} ${folder}`, fix);
  return Object.entries(artifacts).flatMap(([id, { type, properties, additionalMetadataFile }]) => {
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) return [];
    const template = parsed(templateShape, path.join(folder, properties.templateFile), `${place} ${folder}`, fix);
    const tagged = Object.values(template.Resources ?? {}).map((resource) => tagOf(resource, ENVIRONMENT_TAG));
    return [
      {
        name: properties.stackName ?? id,
        environment: tagged.find((value) => value !== undefined),
        template,
        ...functionsOf(folder, template),
        metadata: metadataOf(folder, id, additionalMetadataFile, `${place} ${folder}`),
      },
    ];
  });
}

function functionsOf(folder: string, template: Template): Functions {
  const settings = new Map<string, Settings>();
  const code = new Map<string, string>();
  const unread: string[] = [];
  for (const [id, resource] of resourcesOf(template, 'AWS::Lambda::Function')) {
    const shipped = shippedCode(folder, resource.Properties?.['Code']);
    if (shipped !== undefined) settings.set(id, shipped.settings);
    else if (featureOf(resource) !== undefined) unread.push(featureOf(resource) ?? id);
    code.set(id, shipped?.code ?? canonical(resource.Properties?.['Code']));
  }
  return { settings, code, unread };
}

function metadataOf(
  folder: string,
  stack: string,
  file: string | undefined,
  place: string,
): ReadonlyMap<string, unknown> {
  if (file === undefined) return new Map();
  const all = parsed(metadataShape, path.join(folder, file), place, 'synthesize it again');
  return new Map((all[`/${stack}`] ?? []).map(({ type, data }) => [type, data]));
}

function parsed<Shape extends z.ZodType>(shape: Shape, file: string, place: string, fix: string): z.output<Shape> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${place}: ${path.basename(file)} cannot be read (${(error as Error).message}); ${fix}`);
  }
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => issue.path.map(String).join('.') || 'the document').join(', ');
  throw new UsageError(`${place}: ${path.basename(file)} is not what the CDK writes, see ${wrong}; ${fix}`);
}

export function resourcesOf(template: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources ?? {}).filter(([, resource]) => resource.Type === type);
}

/** The guard's feature that a function runs. */
export function featureOf(resource: Resource): string | undefined {
  return tagOf(resource, FUNCTION_TAG);
}

function tagOf({ Properties }: Resource, key: string): string | undefined {
  const tags = Properties?.['Tags'];
  if (!Array.isArray(tags)) return undefined;
  const found = (tags as readonly { Key?: unknown; Value?: unknown }[]).find((tag) => tag.Key === key)?.Value;
  return typeof found === 'string' ? found : undefined;
}

/**
 * A template's value as one readable text, in which references stay references: `${InvokerRole.Arn}`. What it does not
 * know is shown as JSON, so that two values are shown alike only where they are alike.
 */
export function rendered(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [entry, ...more] = Object.entries(value);
  if (entry && more.length === 0) {
    const [name, operand] = entry as [string, unknown];
    if (name === 'Ref' && typeof operand === 'string') return `\${${operand}}`;
    if (name === 'Fn::GetAtt' && Array.isArray(operand)) return `\${${operand.map(String).join('.')}}`;
    if (name === 'Fn::Sub' && typeof operand === 'string') return operand;
    if (name === 'Fn::Join' && Array.isArray(operand) && typeof operand[0] === 'string' && Array.isArray(operand[1])) {
      return (operand[1] as readonly unknown[]).map(rendered).join(operand[0]);
    }
  }
  return canonical(value);
}

/** JSON whose keys are in order, so that equal values have equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
