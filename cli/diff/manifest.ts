import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { messageInOneLine } from '../../core/errors';
import { UsageError } from '../errors';
import { canonical } from './canonical';

const artifactShape = z.looseObject({
  type: z.string(),
  environment: z.string().optional(),
  displayName: z.string().optional(),
  dependencies: z.array(z.string()).optional(),
  properties: z
    .looseObject({
      templateFile: z.string().optional(),
      stackName: z.string().optional(),
      parameters: z.record(z.string(), z.unknown()).optional(),
      terminationProtection: z.boolean().optional(),
      directoryName: z.string().optional(),
      file: z.string().optional(),
    })
    .optional(),
  additionalMetadataFile: z.string().optional(),
});
const manifestShape = z.looseObject({ artifacts: z.record(z.string(), artifactShape).optional() });
const assetsShape = z.looseObject({
  files: z.record(z.string(), z.looseObject({ source: z.looseObject({ path: z.string().optional() }) })).optional(),
});

export type Artifact = z.output<typeof artifactShape>;

/** A stack's artifact, and the folder of the assembly that it stands in. */
export interface StackArtifact {
  readonly folder: string;
  readonly id: string;
  readonly artifact: Artifact;
  /** By asset, what it holds and where it goes. */
  readonly assets: Readonly<Record<string, string>>;
}

const FIX = 'give the folder that `npx cdk synth --output FOLDER` wrote';

/**
 * The stacks of an assembly and of the assemblies in it, such as those of a CDK Stage.
 * @param place how the folder was named on the command line, for the error
 * @throws UsageError where it is no cloud assembly
 */
export function stackArtifacts(folder: string, place: string): readonly StackArtifact[] {
  const file = path.join(folder, 'manifest.json');
  if (!existsSync(file)) {
    throw new UsageError(`${place} ${folder}: no cloud assembly, as it holds no manifest.json; ${FIX}`);
  }
  const { artifacts } = parsed(manifestShape, file, `${place} ${folder}`);
  // An empty app has none, and a document of something else neither.
  if (artifacts === undefined) {
    throw new UsageError(`${place} ${folder}: manifest.json is not what the CDK writes, see artifacts; ${FIX}`);
  }
  const assets = (ids: readonly string[]) =>
    Object.assign(
      {},
      ...ids.map((id) => {
        const one = artifacts[id];
        return one?.type === 'cdk:asset-manifest' && one.properties?.file
          ? assetsOf(folder, one.properties.file, place)
          : {};
      }),
    ) as Readonly<Record<string, string>>;
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    const { type, properties } = artifact;
    if (type === 'cdk:cloud-assembly' && properties?.directoryName) {
      return stackArtifacts(path.join(folder, properties.directoryName), place);
    }
    return type === 'aws:cloudformation:stack' && properties?.templateFile
      ? [{ folder, id, artifact, assets: assets(artifact.dependencies ?? []) }]
      : [];
  });
}

/** By id: what the manifest says of it, and a hash of its files where they are there. Templates are read by themselves. */
function assetsOf(folder: string, file: string, place: string): Readonly<Record<string, string>> {
  if (!existsSync(path.join(folder, file))) return { [file]: 'not there' };
  const all = parsed(assetsShape, path.join(folder, file), `${place} ${folder}`);
  const files = Object.entries(all.files ?? {}).filter(([, { source }]) => !source.path?.endsWith('.template.json'));
  const others = Object.entries(all).filter(([key]) => key !== 'files' && key !== 'version');
  return Object.fromEntries([
    ...files.map(([id, asset]) => [id, `${canonical(asset)} ${hashOf(folder, asset.source.path)}`] as const),
    ...others.map(([key, value]) => [key, canonical(value)] as const),
  ]);
}

function hashOf(folder: string, name: string | undefined): string {
  const place = name === undefined ? folder : path.join(folder, name);
  if (name === undefined || !existsSync(place)) return 'not there';
  const hash = createHash('sha256');
  const files = statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .sort()
    : [place];
  for (const one of files) hash.update(`${path.relative(place, one)}\0`).update(readFileSync(one));
  return hash.digest('hex');
}

/** @throws UsageError where the file is not of that shape */
export function parsed<Shape extends z.ZodType>(
  shape: Shape,
  file: string,
  place: string,
  fix: string = FIX,
): z.output<Shape> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${place}: ${path.basename(file)} cannot be read (${messageInOneLine(error)}); ${fix}`);
  }
  return checkedBy(shape, json, file, place, fix);
}

/** @throws UsageError where the document is not of that shape */
export function checkedBy<Shape extends z.ZodType>(
  shape: Shape,
  json: unknown,
  file: string,
  place: string,
  fix: string = FIX,
): z.output<Shape> {
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => issue.path.map(String).join('.') || 'the document').join(', ');
  throw new UsageError(`${place}: ${path.basename(file)} is not what the CDK writes, see ${wrong}; ${fix}`);
}
