import { spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

export interface Step {
  readonly what: string;
  /** Of Node, from the root of the project. */
  readonly args: readonly string[];
}

/** What must run on every Node: the tests, then what people do with the project, then its package for others. */
export function steps(jestArgs: readonly string[], output: string): readonly Step[] {
  const jest = 'node_modules/jest/bin/jest.js';
  const cli = 'bin/spend-guard.js';
  return [
    { what: 'tests', args: [jest, ...jestArgs] },
    {
      what: 'cdk synth',
      args: ['-r', './bin/on-node.js', 'node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--output', output],
    },
    { what: 'spend-guard --help', args: [cli, '--help'] },
    { what: 'spend-guard diff', args: [cli, 'diff', output, output] },
    {
      what: 'npm start',
      args: ['-r', 'tsx/cjs', 'bin/simulate.ts', '--scenario', 'quiet-month', '--env', 'dev'],
    },
    // By a real `npm install` into an empty project, and both `import` and `require`.
    { what: 'the packed client', args: [jest, '--config', 'test/clients/jest.config.js', 'sdk-range'] },
  ];
}

/** The environment in which `node` is the one of that folder, for every child too. */
export function environmentOf(folder: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...env, PATH: `${folder}${path.delimiter}${env['PATH'] ?? ''}`, CDK_DISABLE_VERSION_CHECK: '1' };
}

/** @returns the version of the `node` that a child would find */
export function versionOf(env: NodeJS.ProcessEnv): string {
  return spawnSync('node', ['--version'], { env, encoding: 'utf8' }).stdout.trim();
}

export function passes({ args }: Step, env: NodeJS.ProcessEnv): boolean {
  return spawnSync('node', args, { cwd: ROOT, env, stdio: 'inherit' }).status === 0;
}
