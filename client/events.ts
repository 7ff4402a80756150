import type { RefusalCode } from '../core/in-path';
import type { NanoUsd } from '../core/money';
import type { TokenUsage } from '../core/prices';

/** What became of a call, for the user's own logger or tracer. No event holds a prompt or an answer. */
export interface SpendGuardEvent {
  readonly name: EventName;
  /** By OpenTelemetry's conventions for generative AI, the guard's own under `spend_guard.`. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/**
 * `allowed`: reserved, and sent. `refused`: not sent. `cached`: answered without a request. `rerouted`: another model was
 * asked. `settled`: charged. `warning`: something that the user should change. `away`: the leases table stopped answering, with its
 * error; `back`: it answers again. `near`: 80, 90 or 95 percent of a budget are gone.
 */
export type EventName =
  'allowed' | 'refused' | 'cached' | 'rerouted' | 'settled' | 'warning' | 'away' | 'back' | 'near';

/** May be async; what it throws or rejects with is nobody's. */
export type OnEvent = (event: SpendGuardEvent) => unknown;

/**
 * Names: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ and .../aws-bedrock/ (2026-11, in development).
 * Dollars are given as numbers for charts; the guard itself never computes with them.
 */
function requestAttributes(request: {
  readonly environment: string;
  readonly operation: string;
  readonly model: string;
  readonly provider?: Provider;
}): SpendGuardEvent['attributes'] {
  return {
    'gen_ai.provider.name': request.provider ?? 'aws.bedrock',
    'gen_ai.operation.name': request.operation.startsWith('Converse') ? 'chat' : 'generate_content',
    'gen_ai.request.model': request.model,
    'rpc.method': request.operation,
    'spend_guard.environment': request.environment,
  };
}

export type Provider = 'aws.bedrock' | 'ollama';

/** Tells the user's logger what became of the calls of one environment. */
export class Reporter {
  constructor(
    private readonly environment: string,
    private readonly onEvent: OnEvent | undefined,
  ) {}

  /** Whether anybody listens: what nobody hears need not be put together. */
  get heard(): boolean {
    return this.onEvent !== undefined;
  }

  tell(
    name: EventName,
    request: { readonly operation: string; readonly model: string; readonly provider?: Provider },
    more: SpendGuardEvent['attributes'] = {},
  ): void {
    if (!this.onEvent) return;
    this.give({
      name,
      attributes: { ...requestAttributes({ environment: this.environment, ...request }), ...more },
    });
  }

  warn(message: string): void {
    this.give({
      name: 'warning',
      attributes: { 'spend_guard.environment': this.environment, 'spend_guard.message': message },
    });
  }

  near(attributes: SpendGuardEvent['attributes']): void {
    this.give({ name: 'near', attributes: { 'spend_guard.environment': this.environment, ...attributes } });
  }

  table(change: { readonly away: unknown } | 'back'): void {
    const environment = { 'spend_guard.environment': this.environment };
    if (change === 'back') return this.give({ name: 'back', attributes: environment });
    const { name, message } = change.away instanceof Object ? (change.away as Partial<Error>) : {};
    this.give({
      name: 'away',
      attributes: {
        ...environment,
        'error.type': name ?? 'unknown',
        'spend_guard.message': message ?? String(change.away),
      },
    });
    this.warn(`the leases table does not answer: ${name ?? 'unknown'}: ${message ?? String(change.away)}`);
  }

  private give(event: SpendGuardEvent): void {
    inNobodysWay(this.onEvent, event);
  }
}

/** A listener of the user's own that throws must not fail a call that has been paid for. */
export function inNobodysWay<T>(listener: ((value: T) => unknown) | undefined, value: T): void {
  try {
    void Promise.resolve(listener?.(value)).catch(() => {});
  } catch {
    // Nor is it said to anybody else.
  }
}

export function usageAttributes(usage: TokenUsage): SpendGuardEvent['attributes'] {
  return {
    // The convention counts what came from the cache as input as well.
    'gen_ai.usage.input_tokens': usage.input + usage.cacheRead + usage.cacheWrite,
    'gen_ai.usage.output_tokens': usage.output,
    'gen_ai.usage.cache_read.input_tokens': usage.cacheRead,
    'gen_ai.usage.cache_creation.input_tokens': usage.cacheWrite,
  };
}

export function refusalAttributes(code: RefusalCode, retryAfterSeconds?: number): SpendGuardEvent['attributes'] {
  return {
    'error.type': code,
    ...(retryAfterSeconds === undefined ? {} : { 'spend_guard.retry_after_seconds': retryAfterSeconds }),
  };
}

/** For charts. */
export function dollars(amount: NanoUsd): number {
  return amount / 1_000_000_000;
}
