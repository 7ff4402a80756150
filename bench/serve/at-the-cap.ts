import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { nanoUsd } from '../../core/money';
import { CONFIG, cost, PROFILE } from '../../test/helpers/guarded-client';
import { instance } from '../../test/helpers/serve-instances';
import type { Result } from '../measure';
import { ask, bedrockTarget, MAX_TOKENS, openAiTarget, type Target } from './client';
import { KEY, MODEL, startLiteLlm } from './litellm';

const CALLERS = 200;
const AFFORDABLE = 300;
/** For each caller, or a server that knows no end would have none. */
const MOST_CALLS = 10;
/** One after the other: who is refused for those in flight comes back. */
const REFUSALS = 4;
/** $0.06 and $0.24 a million tokens, by which LiteLLM 1.106.12 prices the model: `x-litellm-response-cost` says 5.4e-06 for a call. */
const THEIR_COST_USD = 5.4e-6;

interface Behind {
  readonly endpoint: string;
  readonly table: string;
}

/** How much of a budget for 300 calls 200 callers at once are billed: at a server of its own each, one instance. @param python with LiteLLM, or '' */
export async function atTheCap(bundle: string, behind: Behind, python: string): Promise<Result> {
  const limit = nanoUsd(AFFORDABLE * cost({ input: 10, output: MAX_TOKENS }));
  const config = { ...CONFIG, limit, requestLimits: { perHour: 1_000_000, perDay: 1_000_000 } };
  const server = await instance(bundle, { config, upstream: behind.endpoint, waitMs: 500 }, behind.table);
  const own = await billed(behind, bedrockTarget(server.url, PROFILE));
  await server.stop();
  let their = 'LiteLLM not there';
  if (python !== '') {
    const proxy = await startLiteLlm(python, behind.endpoint, AFFORDABLE * THEIR_COST_USD);
    const calls = await billed(behind, openAiTarget(proxy.url, KEY, MODEL));
    await proxy.stop();
    their = `LiteLLM ${proxy.version} ${calls} calls, ${(calls / AFFORDABLE).toFixed(2)}x (at most ${CALLERS * MOST_CALLS} were asked)`;
  }
  return {
    what: `serve: billed of a budget for ${AFFORDABLE} calls, ${CALLERS} callers at once, exact`,
    unit: 'ratio',
    value: own / AFFORDABLE,
    goal: 1,
    baseline: their,
    raw: `${own} calls`,
  };
}

/** @returns calls that reached the upstream */
async function billed({ endpoint }: Behind, target: Target): Promise<number> {
  const count = async () => ((await (await fetch(`${endpoint}/counts`)).json()) as { readonly calls: number }).calls;
  const before = await count();
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const caller = async (n: number) => {
    for (let calls = 0, refused = 0; calls < MOST_CALLS && refused < REFUSALS;) {
      const { status } = await ask(target, agent, `${n} ${calls}`);
      if (status === 200) {
        calls += 1;
        refused = 0;
        continue;
      }
      refused += 1;
      await sleep(100);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, (_, n) => caller(n)));
  agent.destroy();
  return (await count()) - before;
}
