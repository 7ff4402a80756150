import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { BudgetPath } from '../core/shared-budgets';
import type { CallOptions } from './call-options';
import type { Caller } from './caller';
import { loadConfig, type ConfigSource } from './config';
import { dollars } from './events';
import { Guard } from './guard';
import { guardedFetch } from './http/fetch';
import { guardedHandler, type RequestHandler } from './http/request-handler';
import { putOn } from './install';
import type { BudgetFigures } from './left';
import type { SpendGuardOptions } from './options';
import { RunCap, runLimit, type RunOptions } from './run';
import { stores, type Stores } from './stores';

export interface SpendGuard {
  /**
   * Puts the guard on a client, and returns the client. Once is enough; twice is once. Do it before the first call.
   * @throws TypeError where the client is set up so that calls could pass beside the guard, or counts in a run that is not closed
   */
  applyTo<Client extends BedrockRuntimeClient>(client: Client): Client;
  /**
   * For clients that sign their requests themselves and take a `fetch`. What they sign is not changed: they must set a limit
   * of tokens, and ask for each model by the id or profile of the config. A refusal is a response, 400, 402 or 429.
   */
  readonly fetch: typeof globalThis.fetch;
  /**
   * The same for a `requestHandler` of the AWS SDK, which stays as it is. On a client without `applyTo`, or it counts twice.
   * @throws TypeError on a budget that there is not
   */
  requestHandler<Handler extends RequestHandler>(inner: Handler, options?: HandlerOptions): Handler;
  /**
   * A guard whose calls cannot cost more than a limit of their own together, in this process, and whatever budgets have.
   * @throws TypeError on a limit that is none, and on a budget that there is not
   */
  run(options: RunOptions): SpendGuardRun;
  /**
   * What a budget and those that it is within have, from the environment's own on, as it is stored now: no model is called.
   * @param budget default: what the guard's calls are charged to
   * @throws SpendGuardRefused UNKNOWN_BUDGET; GUARD_UNAVAILABLE where the table does not answer
   */
  remaining(budget?: BudgetPath): Promise<readonly BudgetFigures[]>;
  /** Gives back what this process holds of the budget. Without it that is charged, or held until it expires. */
  close(): Promise<void>;
}

export interface HandlerOptions {
  /**
   * What the requests are charged to.
   * @default that of the guard, or of the run
   */
  readonly budget?: BudgetPath;
  /**
   * The inner handler signs: nobody has signed the requests when the guard has them, so it may give them a limit of tokens, and
   * ask for their model by the id or profile of the config.
   * @default false
   */
  readonly unsigned?: boolean;
  /** Of `unsigned` requests, as a call's own. @default none: the model named, and no other */
  readonly tier?: CallOptions['tier'];
}

/** Cache, shared budgets and request limits are those of the guard that it is of. A run within a run is held to both. */
export interface SpendGuardRun extends Omit<SpendGuard, 'remaining' | 'close'> {
  /** By the run's calls that have ended, and by those of runs within it. In dollars. */
  spent(): number;
  /** What the next call can cost at most, in this run and all that it is within. In dollars. */
  remaining(): number;
  /** No more calls in this run: what is in flight is settled as ever, and its clients may have another guard. The guard stays open. */
  close(): Promise<void>;
}

/**
 * The in-path line of one environment, for any number of clients in this process.
 * @param source what synth wrote for the environment, and the outputs of its stack
 * @throws TypeError on a config that is incomplete or of another release, and on a budget that it does not have
 */
export function spendGuard(source: ConfigSource, options: SpendGuardOptions = {}): SpendGuard {
  const config = loadConfig(source);
  const ports = stores(config, options);
  const guard = new Guard({ config, options, now: options.now ?? Date.now, ...ports });
  return {
    ...entrances({ guard, options, ports }, guard.caller),
    remaining: async (budget) =>
      guard.remaining(budget === undefined ? guard.caller.budget : guard.budgets.ofCall(budget)),
    close: () => guard.close(),
  };
}

interface Parts {
  readonly guard: Guard;
  readonly options: SpendGuardOptions;
  readonly ports: Pick<Stores, 'useCredentials'>;
}

/** The ways in that a guard and its runs have alike. */
function entrances(parts: Parts, caller: Caller): Omit<SpendGuard, 'remaining' | 'close'> {
  const { guard, options, ports } = parts;
  const through = { guard, caller, bounds: options };
  return {
    applyTo(client) {
      putOn(client, guard, caller, options);
      ports.useCredentials(client.config.credentials);
      return client;
    },
    fetch: guardedFetch(through),
    requestHandler: (inner, { budget, unsigned = false, tier } = {}) => {
      const charged =
        budget === undefined ? caller.budget : guard.budgets.ofOption(budget, 'the budget of requestHandler');
      return guardedHandler({ ...through, unsigned, tier, caller: { ...caller, budget: charged } }, inner);
    },
    run: (asked) => runOf(parts, caller, asked),
  };
}

function runOf(parts: Parts, outer: Caller, { limitUsd, budget }: RunOptions): SpendGuardRun {
  const { guard } = parts;
  const run = new RunCap(runLimit(limitUsd), guard.waiting, outer.run);
  const ofRun = budget === undefined ? outer.budget : guard.budgets.ofOption(budget, 'the budget of guard.run');
  return {
    ...entrances(parts, { budget: ofRun, run }),
    spent: () => dollars(run.spent),
    remaining: () => dollars(run.remaining),
    close: async () => run.close(),
  };
}
