import {
  type CompleteClientConfig,
  type CompleteClientModel,
  embeddingUsage,
  record,
  type AnswerLimit,
  targetOf,
  type Candidate,
  type Told,
} from '../core/in-path';
import { ZERO, type NanoUsd } from '../core/money';
import { throwIfAborted, unlessAborted } from './abort';
import type { Answer } from './answer';
import { bodyOf, parseJson } from './body';
import type { Budget, Held } from './budget';
import { Reroute, withCall, type Call } from './call';
import { Charge } from './charge';
import { Deadline } from './deadline';
import { dollars, type Reporter, type SpendGuardEvent } from './events';
import type { StreamOptions } from './metered-stream';
import { askLocally } from './ollama/ask';
import { LocalModelFailed } from './ollama/chat';
import { prepare, type Prepared } from './prepare';
import { refusalIn } from './refusal';
import type { Regions } from './regions';
import type { Sending } from './sending';
import { charge, settled, type Keeping } from './settle';

export interface RouteDeps {
  readonly config: CompleteClientConfig;
  readonly budget: Budget;
  readonly reporter: Reporter;
  readonly regions: Regions;
  readonly streams: StreamOptions;
  readonly localTimeoutMs: number;
  /** By a model's id in the config. */
  readonly maxOutputTokens: Readonly<Record<string, number>>;
  readonly now: () => number;
}

/** An answer, and the call that reserved for it. */
interface Sent {
  readonly answer: Answer;
  readonly call: Call;
}

/** Asks one candidate after the other, until one answers. */
export class Route {
  private readonly guessed = new Set<string>();
  /** With the user's own maximum, made once. */
  private readonly models = new Map<CompleteClientModel, CompleteClientModel>();

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
    configured: CompleteClientModel,
    fallback: boolean,
    keeping: Keeping | undefined,
  ): Promise<Answer> {
    const { config, reporter, streams } = this.deps;
    const model = this.withMaximum(configured);
    const { operation, args } = sending;
    const request = { operation, model: model.id };
    const prepared = prepare(operation, args.input, model, config.inPath.defaultMaxTokens);
    this.warnOfGuess(model, prepared.limit);
    let sent: Sent;
    try {
      sent = await this.send(sending, model, fallback, prepared);
    } catch (error) {
      const { limit } = prepared;
      if (limit.kind !== 'set' || limit.otherwise === undefined || !isExhausted(error)) throw error;
      reporter.warn(
        `the budget${sending.run ? ', or its run,' : ''} has no room for an answer of ${limit.maxTokens} tokens, at which ${model.name} itself would stop: this ` +
          `one is cut at ${limit.otherwise}. Set maxTokens on the request to choose.`,
      );
      const smaller = prepare(operation, args.input, model, config.inPath.defaultMaxTokens, true);
      sent = await this.send(sending, model, fallback, smaller);
    }
    const { answer, call } = sent;
    const emit = reporter.heard
      ? (attributes: SpendGuardEvent['attributes']) => reporter.tell('settled', request, attributes)
      : undefined;
    return settled(answer, {
      earlyExit: streams.earlyExit,
      deadlineMs: streams.deadlineMs,
      operation,
      promptCache: prepared.shape.cacheWrite,
      signal: sending.signal,
      charge: (told, ending) => charge(call, toldOf(told, prepared, answer), ending, emit),
      keeping,
    });
  }

  private async send(
    sending: Sending,
    model: CompleteClientModel,
    fallback: boolean,
    { input, limit }: Prepared,
  ): Promise<Sent> {
    const { reporter } = this.deps;
    const { operation, args, next, signal } = sending;
    let announced = false;
    const call: Call = {
      operation,
      model,
      target: targetOf(model),
      charge: new Charge((amount) => {
        throwIfAborted(signal);
        return unlessAborted(this.reserve(sending, amount), signal, (held) => void held.settle(ZERO));
      }),
      withoutLimit: limit.kind === 'none' ? limit.reserve : undefined,
      signal,
      regions: this.deps.regions,
      dispatched: false,
      fallback,
      allowed: (maxTokens) => {
        if (announced || !reporter.heard) return;
        announced = true;
        reporter.tell(
          'allowed',
          { operation, model: model.id },
          {
            'gen_ai.request.max_tokens': maxTokens,
            'spend_guard.reserved_usd': dollars(call.charge.reserved),
          },
        );
      },
    };
    try {
      return { answer: await next(withCall(args, input, call)), call };
    } catch (error) {
      // What may have been billed is charged by now; what is still held was not.
      await call.charge.giveBack();
      throw error;
    }
  }

  private withMaximum(model: CompleteClientModel): CompleteClientModel {
    const { [model.id]: maxOutputTokens = model.maxOutputTokens } = this.deps.maxOutputTokens;
    if (maxOutputTokens === model.maxOutputTokens) return model;
    const known = this.models.get(model) ?? { ...model, maxOutputTokens };
    this.models.set(model, known);
    return known;
  }

  /** Once for each model: its answers may be cut where without the guard they would not be. */
  private warnOfGuess({ id, name }: CompleteClientModel, limit: AnswerLimit): void {
    if (limit.kind !== 'set' || limit.guessed !== true || this.guessed.has(id)) return;
    this.guessed.add(id);
    this.deps.reporter.warn(
      `how long the answers of ${name} are at most is not known here: requests to it without maxTokens are cut at ` +
        `${limit.maxTokens} tokens. Set maxTokens on the request, or \`defaultMaxTokens\` in the config.`,
    );
  }

  private reserve(sending: Sending, amount: NanoUsd): Promise<Held> {
    const { run, signal } = sending;
    if (!run) return this.reserveShared(sending, amount);
    return run.reserve(amount, signal, () => this.reserveShared(sending, amount));
  }

  /** The budget and the request limits are asked together, but where the former is tight: then most are refused. */
  private async reserveShared(sending: Sending, amount: NanoUsd): Promise<Held> {
    const { budget, now } = this.deps;
    const { place, signal, doubtful, budget: path } = sending;
    const deadline = new Deadline(now);
    const together = place.canBeGivenBack && !budget.isTight(path);
    if (together) place.take(deadline).catch(() => {});
    const held = await budget.reserve(amount, path, deadline, doubtful, signal);
    try {
      throwIfAborted(signal);
      await place.take(together ? deadline : new Deadline(now));
      place.use();
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
    await sending.place.take(new Deadline(this.deps.now));
    sending.place.use();
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

/** Headers of an embedding have no count of an answer that there is not. */
function toldOf(told: Told, { shape }: Prepared, { response, output }: Answer): Told {
  if (told.usage !== undefined || shape.noAnswer !== true) return told;
  const usage = embeddingUsage(record(record(response)['headers']), parseJson(bodyOf(record(output)['body'])));
  return usage === undefined ? told : { usage, atLeast: usage };
}

function isExhausted(error: unknown): boolean {
  const code = refusalIn(error)?.code;
  return code === 'BUDGET_EXHAUSTED' || code === 'RUN_EXHAUSTED';
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
