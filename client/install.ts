import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { Answer } from './answer';
import { attempt, dispatch } from './attempt';
import type { Caller } from './caller';
import type { Guard } from './guard';
import type { SpendGuardOptions } from './options';
import type { RunCap } from './run';

/** Named, so that it never runs twice on one client (T11). */
const OUTER = 'spendGuard';
const INNER = 'spendGuardAttempt';
const INNERMOST = 'spendGuardDispatch';

/**
 * Puts the guard on a client; twice is once.
 * @throws TypeError where calls could pass beside the guard, or no longer count where they are meant to
 */
export function putOn(client: BedrockRuntimeClient, guard: Guard, caller: Caller, options: SpendGuardOptions): void {
  checkClient(client, (message) => guard.warn(message));
  checkBefore(client, { environment: guard.environment, run: caller.run });
  checkRegion(client, guard);
  install(client, guard, caller, options);
}

interface SmithyContext {
  readonly __smithy_context?: { readonly operation?: unknown; readonly abortSignal?: AbortSignal };
  readonly commandName?: string;
}

type Relative = Parameters<BedrockRuntimeClient['middlewareStack']['addRelativeTo']>[0];

function install(client: BedrockRuntimeClient, guard: Guard, caller: Caller, options: SpendGuardOptions): void {
  client.middlewareStack.add(
    (next, context) => async (args) =>
      (await guard.send(
        operationOf(context as SmithyContext),
        args,
        next,
        (context as SmithyContext).__smithy_context?.abortSignal,
        caller,
      )) as never,
    { name: OUTER, step: 'initialize', priority: 'high', override: true },
  );
  client.middlewareStack.addRelativeTo(
    ((next: (args: { readonly input: object }) => Promise<Answer>) => attempt(next, options)) as unknown as Relative,
    { name: INNER, relation: 'after', toMiddleware: 'retryMiddleware', override: true },
  );
  client.middlewareStack.add((next) => dispatch(next), {
    name: INNERMOST,
    step: 'deserialize',
    priority: 'low',
    override: true,
  });
}

/** Survives subclasses of commands, whose own names say nothing. */
function operationOf(context: SmithyContext): string {
  const operation = context.__smithy_context?.operation;
  return typeof operation === 'string' ? operation : (context.commandName ?? 'unknown').replace(/Command$/, '');
}

interface Counting {
  readonly environment: string;
  readonly run: RunCap | undefined;
}

const countings = new WeakMap<BedrockRuntimeClient, Counting>();

/** A second guard takes the place of the first, and so must be of the same budget, and count in the same run. */
function checkBefore(client: BedrockRuntimeClient, counting: Counting): void {
  const { environment, run } = counting;
  const before = countings.get(client) ?? counting;
  if (before.environment !== environment) {
    throw new TypeError(
      `this client has the guard of '${before.environment}' already, and its calls would no longer count there: make another client for '${environment}'`,
    );
  }
  if (before.run && !before.run.isClosed && run?.isWithin(before.run) !== true) {
    throw new TypeError(
      "this client's calls count in a run already, and would no longer: make another client, or close() that run first",
    );
  }
  countings.set(client, counting);
}

/** It may come from a file, so it is known a moment later. */
function checkRegion(client: BedrockRuntimeClient, { regions }: Guard): void {
  client.config.region().then(
    (region) => regions.called(region),
    // The client's own calls say what is wrong with it.
    () => {},
  );
}

function checkClient(client: BedrockRuntimeClient, warn: (message: string) => void): void {
  const config = client.config as { cacheMiddleware?: boolean; retryMode?: string | (() => Promise<string>) };
  if (config.cacheMiddleware === true) {
    throw new TypeError(
      'this client has cacheMiddleware: true, with which calls after the first pass beside a guard that is added later, and ' +
        'share what they carry (T5): make it without that option',
    );
  }
  // One limiter for all models: after throttling by one, a call to another waits as well (T9).
  if (config.retryMode === 'adaptive' || process.env['AWS_RETRY_MODE'] === 'adaptive')
    warn("retryMode 'adaptive' delays the fallback to another model: use 'standard'");
  if (process.env['AWS_BEARER_TOKEN_BEDROCK'] !== undefined) {
    warn('AWS_BEARER_TOKEN_BEDROCK is set: that key also works without the guard, from anywhere (T7)');
  }
}
