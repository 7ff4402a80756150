import { existsSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { UsageError } from '../errors';
import { readAssets, type Asset } from './assets';
import { FIX, mustBeFolder, parsed } from './parsed';

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

export type Artifact = z.output<typeof artifactShape>;

/** A stack's artifact, and the folder of the assembly that it stands in. */
export interface StackArtifact {
  readonly folder: string;
  readonly id: string;
  readonly artifact: Artifact;
  readonly assets: Readonly<Record<string, Asset>>;
}

/** Stages stand in stages; one that names itself would never end. */
const DEEPEST = 10;

/**
 * The stacks of an assembly and of the assemblies in it, such as those of a CDK Stage.
 * @param place how the folder was named on the command line, for the error
 * @throws UsageError where it is no cloud assembly
 */
export function stackArtifacts(folder: string, place: string, depth = 0): readonly StackArtifact[] {
  mustBeFolder(folder, `${place} ${folder}`);
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
          ? readAssets(folder, one.properties.file, `${place} ${folder}`)
          : {};
      }),
    ) as Readonly<Record<string, Asset>>;
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    const { type, properties } = artifact;
    if (type === 'cdk:cloud-assembly' && properties?.directoryName) {
      if (depth > DEEPEST) throw new UsageError(`${place} ${folder}: manifest.json names itself as a stage; ${FIX}`);
      return stackArtifacts(path.join(folder, properties.directoryName), place, depth + 1);
    }
    return type === 'aws:cloudformation:stack' && properties?.templateFile
      ? [{ folder, id, artifact, assets: assets(artifact.dependencies ?? []) }]
      : [];
  });
}
