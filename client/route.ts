import type { CompleteClientConfig, CompleteClientModel } from '../core/in-path/config';
import { targetOf } from '../core/in-path/models';
import type { Candidate } from '../core/in-path/routing';
import { ZERO, type NanoUsd } from '../core/money';
import { throwIfAborted, unlessAborted } from './abort';
import type { Answer } from './answer';
import type { Budget, Held } from './budget';
import { Reroute, withCall, type Call } from './call';
import { Charge } from './charge';
import { Deadline } from './deadline';
import { dollars, type Reporter, type SpendGuardEvent } from './events';
import type { StreamOptions } from './metered-stream';
import { askLocally } from './ollama/ask';
import { LocalModelFailed } from './ollama/chat';
import { prepare } from './prepare';
import type { Sending } from './sending';
import { charge, settled, type Keeping } from './settle';

export interface RouteDeps {
  readonly config: CompleteClientConfig;
  readonly budget: Budget;
  readonly reporter: Reporter;
  readonly streams: StreamOptions;
  readonly localTimeoutMs: number;
  readonly now: () => number;
}

/** Asks one candidate after the other, until one answers. */
export class Route {
  constructor(private readonly deps: RouteDeps) {}

  /**
   * @param candidates at least one
   * @param keepingOf what becomes of a candidate's answer: one of a stand-in is not given to those who ask later
   * @throws the last candidate's failure, or the first that another candidate would not mend
   */
  async firstAnswer(
    sending: Sending,
    candidates: readonly Candidate[],
    keepingOf: (candidate: Candidate) => Keeping | undefined,
  ): Promise<Answer> {
    let failure: unknown;
    for (const [index, candidate] of candidates.entries()) {
      const last = index === candidates.length - 1;
      const keeping = keepingOf(candidate);
      try {
        if (candidate.tier === 'local') return await this.askLocally(sending, candidate.tag, keeping);
        return await this.ask(sending, candidate.model, !last, keeping);
      } catch (error) {
        failure = error instanceof Reroute ? error.failure : error;
        if (last || !(error instanceof Reroute || error instanceof LocalModelFailed)) throw failure;
        this.deps.reporter.tell('rerouted', named(sending, candidate), { 'error.type': errorName(failure) });
      }
    }
    throw failure;
  }

  private async ask(
    sending: Sending,
    model: CompleteClientModel,
    fallback: boolean,
    keeping: Keeping | undefined,
  ): Promise<Answer> {
    const { config, reporter, streams } = this.deps;
    const { operation, args, next, signal } = sending;
    const { input, shape } = prepare(operation, args.input, model, config.inPath.defaultMaxTokens);
    const request = { operation, model: model.id };
    let announced = false;
    const call: Call = {
      operation,
      model,
      target: targetOf(model),
      charge: new Charge((amount) => {
        throwIfAborted(signal);
        return unlessAborted(this.reserve(sending, amount), signal, (held) => void held.settle(ZERO));
      }),
      signal,
      dispatched: false,
      fallback,
      allowed: (maxTokens) => {
        if (announced) return;
        announced = true;
        reporter.tell('allowed', request, {
          'gen_ai.request.max_tokens': maxTokens,
          'spend_guard.reserved_usd': dollars(call.charge.reserved),
        });
      },
    };
    let answer: Answer;
    try {
      answer = await next(withCall({ ...args, input }, call));
    } catch (error) {
      // What may have been billed is charged by now; what is still held was not.
      await call.charge.giveBack();
      throw error;
    }
    const emit = (attributes: SpendGuardEvent['attributes']) => reporter.tell('settled', request, attributes);
    return settled(answer, {
      ...streams,
      operation,
      promptCache: shape.cacheWrite,
      charge: (usage, how) => charge(call, usage, how, emit),
      keeping,
    });
  }

  private async reserve(sending: Sending, amount: NanoUsd): Promise<Held> {
    const { budget, now } = this.deps;
    const held = await budget.reserve(amount, new Deadline(now), sending.doubtful, sending.signal);
    try {
      throwIfAborted(sending.signal);
      await sending.admit();
      return held;
    } catch (error) {
      await held.settle(ZERO);
      throw error;
    }
  }

  /** Costs nothing, and so reserves nothing. */
  private async askLocally(sending: Sending, tag: string, keeping: Keeping | undefined): Promise<Answer> {
    const { config, reporter, streams, localTimeoutMs } = this.deps;
    const { operation, args, signal } = sending;
    await sending.admit();
    return askLocally({
      operation,
      endpoint: config.localModels.endpoint,
      tag,
      input: args.input,
      defaultMaxTokens: config.inPath.defaultMaxTokens,
      signal,
      timeoutMs: localTimeoutMs,
      streams,
      keeping,
      tell: (name, attributes) => reporter.tell(name, { operation, model: tag, provider: 'ollama' }, attributes),
    });
  }
}

export function candidateName(candidate: Candidate): string {
  return candidate.tier === 'local' ? candidate.tag : candidate.model.id;
}

function named({ operation }: Sending, candidate: Candidate) {
  const provider = candidate.tier === 'local' ? ('ollama' as const) : ('aws.bedrock' as const);
  return { operation, model: candidateName(candidate), provider };
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
