import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/ports';

const START_TRIES = 600;
const START_PAUSE_MS = 200;
export const KEY = 'sk-bench';
export const MODEL = 'small';

/** Its proxy, and an end to it where the bench was killed and could not stop it. */
const SERVE = `
import os, sys, threading, time
parent = os.getppid()
def watch():
    while os.getppid() == parent:
        time.sleep(0.25)
    os._exit(1)
threading.Thread(target=watch, daemon=True).start()
from litellm import run_server
sys.argv = ['litellm', *sys.argv[1:]]
run_server()
`;

export interface LiteLlm {
  readonly url: string;
  readonly version: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * LiteLLM's proxy without its commercial package, one worker as it is by default, with a budget on its one deployment; its router
 * checks that before each call and adds up what answers say. Budgets of keys need a PostgreSQL, which is not here.
 * @param python of the environment that has it
 * @throws where it does not start
 */
export async function startLiteLlm(python: string, upstream: string, budgetUsd: number): Promise<LiteLlm> {
  const folder = path.resolve(python, '../..');
  const version = execFileSync(python, ['-c', "import importlib.metadata as m; print(m.version('litellm'))"]);
  const port = await freePort();
  const config = path.join(folder, `config-${port}.json`);
  writeFileSync(config, JSON.stringify(configOf(upstream, budgetUsd)));
  const args = ['-c', SERVE, '--config', config, '--host', '127.0.0.1', '--port', String(port)];
  const server = spawn(python, args, {
    stdio: 'ignore',
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
      LITELLM_TELEMETRY: 'False',
      LITELLM_LOG: 'ERROR',
    },
  });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 1; !(await answers(`${url}/health/liveliness`)); tries++) {
    if (tries === START_TRIES || server.exitCode !== null) throw new Error('LiteLLM does not start');
    await sleep(START_PAUSE_MS);
  }
  return {
    url,
    version: version.toString().trim(),
    pid: server.pid ?? 0,
    stop: async () => {
      if (server.exitCode === null && server.kill('SIGKILL')) await exited;
    },
  };
}

function configOf(upstream: string, budgetUsd: number): object {
  return {
    model_list: [
      {
        model_name: MODEL,
        litellm_params: {
          model: 'bedrock/converse/amazon.nova-lite-v1:0',
          aws_access_key_id: 'AKIDEXAMPLE',
          aws_secret_access_key: 'example',
          aws_region_name: 'us-east-1',
          aws_bedrock_runtime_endpoint: upstream,
          max_budget: budgetUsd,
          budget_duration: '30d',
        },
      },
    ],
    router_settings: { num_retries: 0 },
    general_settings: { master_key: KEY },
  };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
