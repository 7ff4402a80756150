import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { packedApp, type PackedApp, type Said } from './packed-app';

const EXAMPLES = path.resolve(__dirname, '../../examples');

/** Those in examples/, by the names of their folders. */
export const examples: readonly string[] = readdirSync(EXAMPLES)
  .filter((name) => statSync(path.join(EXAMPLES, name)).isDirectory())
  .sort();

export interface ExampleManifest {
  readonly name: string;
  readonly private?: boolean;
  readonly type?: 'module' | 'commonjs';
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const CLIENT = 'bedrock-spend-guard-client';
/** What comes packed, and what the packed app has by itself. */
const OWN = ['bedrock-spend-guard', CLIENT, 'aws-cdk-lib', 'constructs', '@types/node'];

/** As they lie in the folder, by name. */
export function filesOf(example: string): Readonly<Record<string, string>> {
  const folder = path.join(EXAMPLES, example);
  // What somebody has installed or synthesized there is no part of it.
  const names = readdirSync(folder).filter((name) => statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

export function manifestOf(example: string): ExampleManifest {
  return JSON.parse(filesOf(example)['package.json'] ?? '{}') as ExampleManifest;
}

export interface ExampleApp extends PackedApp {
  /** What cdk.json says, as the CDK CLI runs it. */
  synthesized(): Said & { readonly assembly: string };
}

/** An example outside of this repository, with the packed packages and what else it declares. */
export function exampleApp(example: string): ExampleApp {
  const { dependencies, devDependencies, type = 'commonjs' } = manifestOf(example);
  const all = Object.keys({ ...dependencies, ...devDependencies });
  const app = packedApp({
    type,
    packages: all.includes(CLIENT) ? ['guard', 'client'] : ['guard'],
    has: all.filter((name) => !OWN.includes(name)),
  });
  const files = filesOf(example);
  app.write(files);
  return {
    ...app,
    synthesized: () => {
      const { app: command } = JSON.parse(files['cdk.json'] ?? '{}') as { readonly app: string };
      const [node, ...args] = command.split(' ');
      if (node !== 'node') throw new Error(`${example}/cdk.json: its app must begin with node, got ${command}`);
      const assembly = path.join(app.folder, 'cdk.out');
      return { ...app.node(args, { CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: '{}' }), assembly };
    },
  };
}
