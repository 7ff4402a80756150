import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { Answer } from './answer';
import { attempt, dispatch } from './attempt';
import { Guard } from './guard';
import { guardedFetch } from './http/fetch';
import { guardedHandler, type RequestHandler } from './http/request-handler';
import type { SpendGuardOptions } from './options';
import { loadConfig, type ConfigSource } from './config';
import { stores } from './stores';

export interface SpendGuard {
  /**
   * Puts the guard on a client, and returns the client. Once is enough; twice is once. Do it before the first call.
   * @throws TypeError where the client is set up so that calls could pass beside the guard
   */
  applyTo<Client extends BedrockRuntimeClient>(client: Client): Client;
  /**
   * For clients that sign their requests themselves and take a `fetch`. What they sign is not changed: they must set a limit
   * of tokens, and ask for each model by the id or profile of the config. A refusal is a response, 400, 402 or 429.
   */
  readonly fetch: typeof globalThis.fetch;
  /** The same for a `requestHandler` of the AWS SDK, which stays as it is. On a client without `applyTo`, or it counts twice. */
  requestHandler<Handler extends RequestHandler>(inner: Handler): Handler;
  /** Gives back what this process holds of the budget. Without it that is charged, or held until it expires. */
  close(): Promise<void>;
}

/** Named, so that it never runs twice on one client (T11). */
const OUTER = 'spendGuard';
const INNER = 'spendGuardAttempt';
const INNERMOST = 'spendGuardDispatch';

/**
 * The in-path line of one environment, for any number of clients in this process.
 * @param source what synth wrote for the environment, and the outputs of its stack
 * @throws TypeError on a config that is incomplete or of another release
 */
export function spendGuard(source: ConfigSource, options: SpendGuardOptions = {}): SpendGuard {
  const config = loadConfig(source);
  const ports = stores(config, options);
  const guard = new Guard({ config, options, now: options.now ?? Date.now, ...ports });
  return {
    applyTo(client) {
      checkClient(client, (message) => guard.warn(message));
      checkEnvironment(client, config.environment);
      checkRegion(client, guard);
      install(client, guard, options);
      ports.useCredentials(client.config.credentials);
      return client;
    },
    fetch: guardedFetch({ guard, bounds: options }),
    requestHandler: (inner) => guardedHandler({ guard, bounds: options }, inner),
    close: () => guard.close(),
  };
}

interface SmithyContext {
  readonly __smithy_context?: { readonly operation?: unknown; readonly abortSignal?: AbortSignal };
  readonly commandName?: string;
}

type Relative = Parameters<BedrockRuntimeClient['middlewareStack']['addRelativeTo']>[0];

function install(client: BedrockRuntimeClient, guard: Guard, options: SpendGuardOptions): void {
  client.middlewareStack.add(
    (next, context) => async (args) =>
      (await guard.send(
        operationOf(context as SmithyContext),
        args,
        next,
        (context as SmithyContext).__smithy_context?.abortSignal,
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

const environments = new WeakMap<BedrockRuntimeClient, string>();

/** A second guard takes the place of the first, and so must be of the same budget. */
function checkEnvironment(client: BedrockRuntimeClient, environment: string): void {
  const before = environments.get(client) ?? environment;
  if (before !== environment) {
    throw new TypeError(
      `this client has the guard of '${before}' already, and its calls would no longer count there: make another client for '${environment}'`,
    );
  }
  environments.set(client, environment);
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
