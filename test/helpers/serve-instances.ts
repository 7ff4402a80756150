import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { InstanceOptions } from './serve-process';

const ROOT = path.resolve(__dirname, '../..');

export interface Instance {
  readonly url: string;
  readonly child: ChildProcess;
  /** As SIGTERM does it. @returns the exit code */
  stop(): Promise<number | null>;
  /** As a machine that is lost does it. */
  kill(): Promise<void>;
}

/** The server as one file, for Node alone; its functions keep their names without being given them anew. @param outfile relative to the repository */
export function bundledServer(outfile: string): string {
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['test/helpers/serve-process.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  return path.join(ROOT, outfile);
}

/** One in a process of its own, which ends with this one. @param table the endpoint of its DynamoDB */
export async function instance(bundle: string, options: InstanceOptions, table: string): Promise<Instance> {
  const child = fork(bundle, [JSON.stringify(options)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL_DYNAMODB: table,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (told) => resolve(told as string));
    child.once('error', reject);
    void exited.then((code) => reject(new Error(`the server ended with ${code}`)));
  });
  return {
    url,
    child,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
