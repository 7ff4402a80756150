import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ESTIMATES_METADATA, type Estimates } from '../../core/estimates';
import { GuardError } from '../../core/errors';
import { readGuardStack, type GuardStack } from './guard-stack';
import type { Template } from './resolver';
import { shippedSettings } from './shipped-settings';

/** Stands for the account of whoever deploys, where a stack names none. AWS's documentation uses it as an example. */
const SOME_ACCOUNT = '111122223333';
const SOME_REGION = 'us-east-1';

interface Artifact {
  readonly type: string;
  /** `aws://account/region`. */
  readonly environment?: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
  /** By construct path; or in a file beside the template. */
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
}

type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

/**
 * Reads the guard's stacks from a synthesized cloud assembly, in the manifest's order.
 * @throws GuardError TEMPLATE_UNSUPPORTED where there is none, or on what the simulator cannot play
 */
export function readAssembly(folder: string): readonly GuardStack[] {
  const manifest = readJson(path.join(folder, 'manifest.json')) as { artifacts?: Record<string, Artifact> };
  const stacks = Object.entries(manifest.artifacts ?? {}).flatMap(([id, artifact]) => {
    const file = artifact.properties?.templateFile;
    if (artifact.type !== 'aws:cloudformation:stack' || file === undefined) return [];
    const [account = '', region = ''] = (artifact.environment ?? '').replace(/^aws:\/\//, '').split('/');
    const identity = {
      stackName: artifact.properties?.stackName ?? id,
      account: account.startsWith('unknown') || account === '' ? SOME_ACCOUNT : account,
      region: region.startsWith('unknown') || region === '' ? SOME_REGION : region,
    };
    const stack = readGuardStack(readJson(path.join(folder, file)) as Template, identity, shippedSettings(folder));
    const estimates = estimatesOf(folder, artifact);
    return stack === undefined ? [] : { ...stack, ...(estimates && { estimates }) };
  });
  if (stacks.length === 0)
    throw new GuardError('TEMPLATE_UNSUPPORTED', `the assembly in ${folder} holds no stack of the guard`);
  return stacks;
}

/** What synth wrote beside the template; absent in an assembly of another version. */
function estimatesOf(folder: string, { metadata, additionalMetadataFile }: Artifact): Estimates | undefined {
  const further =
    additionalMetadataFile === undefined ? {} : (readJson(path.join(folder, additionalMetadataFile)) as Metadata);
  const entries = [...Object.values(metadata ?? {}), ...Object.values(further)].flat();
  const data = entries.find(({ type }) => type === ESTIMATES_METADATA)?.data as Estimates | undefined;
  return data?.schemaVersion === 1 ? data : undefined;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8')) as unknown;
}
