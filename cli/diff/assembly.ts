import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Settings } from '../../core/settings';
import { FINGERPRINT } from '../../core/estimates';
import { ENVIRONMENT_TAG, FUNCTION_TAG } from '../../core/tags';
import { canonical, rendered } from './canonical';
import type { Asset } from './assets';
import { stackArtifacts, type StackArtifact } from './manifest';
import { checkedBy, parsed, readable } from './parsed';
import { shippedCode } from './shipped';
import { templateShape, type Resource, type Template } from './template';
import { resolved, type Arguments } from './values';

/** A macro of a template may put anything in a resource's place, such as a loop. */
const writtenShape = z.looseObject({ Resources: z.record(z.string(), z.unknown()).optional() });

/** By construct path, `/<stack>` first. */
const metadataShape = z.record(z.string(), z.array(z.looseObject({ type: z.string(), data: z.unknown() })));

/** By logical id of a function. */
interface Functions {
  /** What is shipped beside its code. */
  readonly settings: ReadonlyMap<string, Settings>;
  /** What stands for the code alone: of an asset that is there the hash of its files, else what the template says. */
  readonly code: ReadonlyMap<string, string>;
  /** Features whose bundle, and what is beside it, is not in the folder. */
  readonly unread: readonly string[];
}

/** A stack of a synthesized cloud assembly, of an assembly in it, or nested in another stack. */
export interface AssemblyStack extends Functions {
  /** Of a nested stack `Parent/LogicalId`. */
  readonly name: string;
  /** By the tag on its resources; a stack that is not the guard's has none. */
  readonly environment: string | undefined;
  /** With all in it that is known before a deploy. */
  readonly template: Template;
  /** As it is written, macros' loops among its resources taken out. */
  readonly written: Template;
  /** What it is as a document, and what stands in it for resources and is none. */
  readonly source: { readonly text: string; readonly loops: string };
  /** `aws://ACCOUNT/REGION`. */
  readonly target: string | undefined;
  /** What the manifest says of it. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly parameters: Arguments;
  readonly assets: Readonly<Record<string, Asset>>;
  /** What synth wrote of the stack as a whole, by its type; the last where there are several. */
  readonly metadata: ReadonlyMap<string, unknown>;
}

/**
 * The stacks of a `cdk.out` folder, in the manifest's order, those of its stages and nested ones among them.
 * @param place how the folder was named on the command line, for the error
 * @throws UsageError where it is no cloud assembly, or a file of it cannot be read
 */
export function readAssembly(folder: string, place: string): readonly AssemblyStack[] {
  return readable(() => stacksOf(folder, place), `${place} ${folder}`);
}

function stacksOf(folder: string, place: string): readonly AssemblyStack[] {
  const artifacts = stackArtifacts(folder, place);
  const names = artifacts.map(({ id, artifact }) => artifact.properties?.stackName ?? id);
  return artifacts.flatMap((one, at) => {
    const name = names[at] ?? one.id;
    const isAlone = names.indexOf(name) === names.lastIndexOf(name);
    // Two stages may each deploy a stack of that name, into two accounts.
    return stackOf(one, isAlone ? name : `${name} (${one.id})`, `${place} ${folder}`);
  });
}

function stackOf(
  { folder, id, artifact, assets }: StackArtifact,
  name: string,
  place: string,
): readonly AssemblyStack[] {
  const { properties = {}, environment: target, displayName, additionalMetadataFile } = artifact;
  const { templateFile = '', parameters = {} } = properties;
  const stack = templateOf(folder, templateFile, parameters, place);
  return withNested(
    {
      name,
      ...stack,
      target,
      properties,
      parameters,
      assets,
      metadata: metadataOf(folder, displayName ?? id, additionalMetadataFile, place),
    },
    folder,
    place,
  );
}

type TemplateReading = Functions & Pick<AssemblyStack, 'template' | 'written' | 'source' | 'environment'>;

function templateOf(folder: string, file: string, parameters: Arguments, place: string): TemplateReading {
  const document = parsed(writtenShape, path.join(folder, file), place);
  const entries = Object.entries(document.Resources ?? {});
  const loops = entries.filter(([key]) => key.startsWith('Fn::'));
  const plain = Object.fromEntries(entries.filter(([key]) => !key.startsWith('Fn::')));
  const written = checkedBy(templateShape, { ...document, Resources: plain }, file, place);
  const template = withoutFingerprints(resolved(written, parameters));
  const tagged = Object.values(template.Resources ?? {}).map((resource) => tagOf(resource, ENVIRONMENT_TAG));
  return {
    environment: tagged.find((value) => value !== undefined),
    template,
    written,
    source: { text: canonical(document), loops: canonical(Object.fromEntries(loops)) },
    ...functionsOf(folder, template),
  };
}

/** What follows from all else in a template says nothing of its own about it. */
function withoutFingerprints(template: Template): Template {
  const resources = Object.entries(template.Resources ?? {}).map(([id, resource]) => {
    const { [FINGERPRINT]: fingerprint, ...rest } = resource.Properties ?? {};
    const isOne = typeof fingerprint === 'string' && /^[0-9a-f]{16}$/.test(fingerprint);
    return [id, isOne && resource.Type.startsWith('Custom::SpendGuard') ? { ...resource, Properties: rest } : resource];
  });
  return { ...template, Resources: Object.fromEntries(resources) as Template['Resources'] };
}

/** The stack, and those that are nested in it. A template that is no file here is judged by its place alone. */
function withNested(stack: AssemblyStack, folder: string, place: string, depth = 0): readonly AssemblyStack[] {
  const nested = resourcesOf(stack.template, NESTED).flatMap(([id, resource]) => {
    const file = nestedFile(resource);
    if (file === undefined || depth > DEEPEST || !existsSync(path.join(folder, file))) return [];
    const given = Object.entries((resource.Properties?.['Parameters'] ?? {}) as Readonly<Record<string, unknown>>);
    // A reference of the stack around it names nothing in this one.
    const parameters = Object.fromEntries(
      given.map(([key, value]) => [key, rendered(value).replaceAll('${', `\${${stack.name}:`)]),
    );
    const inner = templateOf(folder, file, parameters, place);
    return withNested(
      {
        ...stack,
        ...inner,
        name: `${stack.name}/${id}`,
        environment: inner.environment ?? stack.environment,
        properties: {},
        parameters,
        assets: {},
        metadata: new Map(),
      },
      folder,
      place,
      depth + 1,
    );
  });
  return [stack, ...nested];
}

const NESTED = 'AWS::CloudFormation::Stack';
/** A template that names itself would never end. */
const DEEPEST = 10;

/** The template of a nested stack, as the CDK notes it beside the resource. */
export function nestedFile({ Type, Metadata }: Resource): string | undefined {
  const file = Metadata?.['aws:asset:path'];
  return Type === NESTED && typeof file === 'string' ? file : undefined;
}

function functionsOf(folder: string, template: Template): Functions {
  const settings = new Map<string, Settings>();
  const code = new Map<string, string>();
  const unread: string[] = [];
  for (const [id, resource] of resourcesOf(template, 'AWS::Lambda::Function')) {
    const shipped = shippedCode(folder, resource.Properties?.['Code']);
    if (shipped !== undefined) settings.set(id, shipped.settings);
    else if (featureOf(resource) !== undefined) unread.push(featureOf(resource) ?? id);
    code.set(id, shipped?.code ?? canonical(resource.Properties?.['Code'] ?? null));
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
