import {
  type CompleteClientConfig,
  modelNames,
  type ModelNames,
  isConverse,
  isStream,
  kindOf,
  type MeteredOperation,
  record,
  text,
  type Candidate,
  asksForVariety,
} from '../core/in-path';
import type { GuardStatus, LedgerPort, RateLimitPort } from '../core/ledger';
import type { BudgetPath, PeriodKey } from '../core/shared-budgets';
import { unlessAborted } from './abort';
import type { Answer } from './answer';
import { bodyOf, parseJson } from './body';
import { Budget } from './budget';
import { Budgets, lost } from './budgets';
import { answerCache, type AnswerCache } from './cache/answer-cache';
import { Question } from './cache/fingerprint';
import type { Kept } from './cache/kept-answer';
import { ownOptions } from './call-options';
import type { Caller } from './caller';
import { candidatesFor } from './candidates';
import { Availability, Deadline } from './deadline';
import { dollars, inNobodysWay, refusalAttributes, Reporter } from './events';
import { type BudgetFigures, tellOf } from './left';
import { notLocal } from './ollama/request';
import type { SpendGuardOptions } from './options';
import { Place } from './place';
import { SpendGuardRefused } from './refusal';
import { remainingNow } from './remaining';
import { Regions } from './regions';
import { candidateName, Route } from './route';
import type { Waiting } from './run';
import type { Sending } from './sending';
import type { Keeping } from './settle';
import { StatusReader } from './status';
import { type OnWarning, Watch, warningAttributes } from './watch';

export interface GuardDeps {
  readonly config: CompleteClientConfig;
  readonly options: SpendGuardOptions;
  /** @param lost told of each item of a budget that was there and is gone */
  readonly ledger: (status: StatusReader['known'], lost: (budget: BudgetPath, period: PeriodKey) => void) => LedgerPort;
  readonly rateLimit: RateLimitPort;
  readonly status: ConstructorParameters<typeof StatusReader>[0];
  readonly now: () => number;
}

/** What the outer middleware does with one call, in the order of its methods. */
export class Guard {
  private readonly names: ModelNames;
  private readonly availability: Availability;
  private readonly status: StatusReader;
  readonly budgets: Budgets;
  /** Whom its calls are for, outside of runs. */
  readonly caller: Caller;
  readonly waiting: Waiting;
  private saidUnknown = false;
  private readonly budget: Budget;
  readonly watch: Watch;
  private readonly reporter: Reporter;
  readonly regions: Regions;
  private readonly route: Route;
  private readonly ledger: LedgerPort;
  private readonly cache: AnswerCache | undefined;

  constructor(private readonly deps: GuardDeps) {
    const { config, options, now } = deps;
    this.names = modelNames(config);
    this.budgets = new Budgets(config);
    this.waiting = { now, waitMs: options.waitMs ?? 3_000 };
    this.caller = { budget: this.budgets.ofGuard(options.budget), run: undefined };
    this.reporter = new Reporter(config.environment, options.onEvent);
    this.regions = new Regions(config.region, (message) => this.reporter.warn(message));
    this.availability = new Availability(now, (change) => this.reporter.table(change));
    this.status = new StatusReader(deps.status, this.availability, now, (status) => this.warnOfUnknown(status));
    this.ledger = deps.ledger(this.status.known, (budget, period) => this.reporter.warn(lost(budget, period)));
    this.watch = new Watch(this.ledger, this.onWarning());
    this.budget = new Budget({
      ledger: this.ledger,
      budgets: this.budgets,
      changed: (budget) => this.watch.look(budget),
      failMode: config.inPath.whenAway,
      availability: this.availability,
      ...this.waiting,
      notTaken: ({ amount }) =>
        this.reporter.warn(
          `the leases table did not take a settlement: ${String(dollars(amount))} dollars stay charged for that call`,
        ),
    });
    this.cache = answerCache(config.cacheMinutes, options, now);
    this.route = new Route({
      config,
      budget: this.budget,
      reporter: this.reporter,
      regions: this.regions,
      streams: {
        earlyExit: options.earlyExit ?? 'cancel',
        deadlineMs: options.streamDeadlineMs ?? 840_000,
      },
      localTimeoutMs: options.localTimeoutMs ?? 60_000,
      maxOutputTokens: options.maxOutputTokens ?? {},
      now,
    });
  }

  get environment(): string {
    return this.deps.config.environment;
  }

  warn(message: string): void {
    this.reporter.warn(message);
  }

  /** @throws SpendGuardRefused and whatever the SDK throws */
  async send<Args extends { readonly input: object }>(
    operationName: string,
    args: Args,
    next: (args: Args) => Promise<Answer>,
    signal: AbortSignal | undefined,
    caller: Caller,
  ): Promise<Answer> {
    const kind = kindOf(operationName);
    if (kind === 'free') return next(args);
    const { rateLimit } = this.deps;
    const place = new Place((deadline) => this.admit(deadline), rateLimit.giveBack?.bind(rateLimit));
    try {
      if (kind === 'unmetered') throw unmetered(operationName);
      const own = ownOptions(args.input);
      const budget = own?.budget === undefined ? caller.budget : this.budgets.ofCall(own.budget);
      const answer = await this.sendMetered({
        operation: operationName as MeteredOperation,
        args,
        next: next as Sending['next'],
        options: own ? { ...this.deps.options, ...own } : this.deps.options,
        budget,
        run: caller.run,
        deadline: new Deadline(this.deps.now),
        doubtful: false,
        signal,
        place,
      });
      const left = this.watch.left(budget);
      if (left) tellOf(answer.output, left);
      return answer;
    } catch (error) {
      const back = place.giveBack();
      // An abort is heard at once. Else it is waited for: a process may be frozen once it has its answer.
      if (signal?.aborted !== true) await back;
      // Here, outside of the SDK's retries, which would take a cause for worth another attempt.
      if (
        error instanceof SpendGuardRefused &&
        error.code === 'GUARD_UNAVAILABLE' &&
        this.availability.why !== undefined
      )
        error.cause = this.availability.why;
      if (error instanceof SpendGuardRefused) this.refused(operationName, args.input, error);
      throw error;
    }
  }

  /** @throws SpendGuardRefused GUARD_UNAVAILABLE */
  remaining(budget: BudgetPath | undefined): Promise<readonly BudgetFigures[]> {
    return remainingNow(this.ledger, budget, new Deadline(this.deps.now));
  }

  /** Gives back what this process holds of the budget. */
  async close(): Promise<void> {
    await this.budget.close();
    await this.ledger.close();
  }

  /** Undefined where nobody listens. */
  private onWarning(): OnWarning | undefined {
    const { onWarning } = this.deps.options;
    if (!onWarning && !this.reporter.heard) return undefined;
    return (warning) => {
      inNobodysWay(onWarning, warning);
      this.reporter.near(warningAttributes(warning));
    };
  }

  private warnOfUnknown({ budgets }: GuardStatus): void {
    const message = this.saidUnknown ? undefined : this.budgets.unknownTo(budgets);
    if (message === undefined) return;
    this.saidUnknown = true;
    this.reporter.warn(message);
  }

  private async sendMetered(sending: Sending): Promise<Answer> {
    const { operation, options, signal } = sending;
    const { input } = sending.args;
    if (!this.cache || options.cache === false || this.wantsVariety(sending)) return this.sendFresh(sending);
    const asked = this.askedFor(sending);
    const found = await this.cache.findOrLead(operation, new Question(operation, asked, input), signal);
    if ('answer' in found) {
      this.reporter.tell('cached', { operation, model: asked });
      return found.answer;
    }
    let kept: Kept | undefined;
    try {
      // A stream's answer is whole long after it has begun.
      const keeping = isStream(operation) ? found.done : (answer: Kept | undefined) => (kept = answer);
      return await this.sendFresh(sending, keeping);
    } finally {
      if (!isStream(operation)) found.done(kept);
    }
  }

  /** Without the caller's own word nobody gets an answer that was sampled for another. */
  private wantsVariety({ operation, args: { input }, options }: Sending): boolean {
    if (options.cacheSampled === true || ownOptions(input)?.cache === true) return false;
    return asksForVariety(isConverse(operation) ? input : parseJson(bodyOf(record(input)['body'])));
  }

  private async sendFresh(sending: Sending, keeping?: Keeping): Promise<Answer> {
    const state = await this.state(sending);
    const open = this.candidates(sending, 'open');
    const candidates = state === 'open' ? open : this.candidates(sending, state);
    const preferred = open[0];
    return this.route.firstAnswer(sending, candidates, (candidate) =>
      preferred && candidateName(candidate) === candidateName(preferred) ? keeping : undefined,
    );
  }

  private async state(sending: Sending): Promise<'open' | 'degraded'> {
    const status = await unlessAborted(this.status.current(sending.deadline), sending.signal);
    if (!status) {
      sending.doubtful = true;
      this.budget.admitAway();
      return 'open';
    }
    if (status.desired !== 'stopped') return status.desired;
    throw new SpendGuardRefused({
      code: 'STOPPED',
      message:
        `the guard has stopped ${this.deps.config.environment}: its models are denied until the month ends or somebody ` +
        'resumes it (`spend-guard status` says why, `spend-guard resume` ends it).',
      retryAfterSeconds: 300,
    });
  }

  private async admit(deadline: Deadline): Promise<void> {
    const outcome = await this.availability.ask(() => deadline.within(this.deps.rateLimit.admit()));
    if (!outcome) return this.budget.admitAway();
    if (outcome.kind === 'admitted') return;
    const { perHour, perDay } = this.deps.config.requestLimits;
    throw new SpendGuardRefused({
      code: 'RATE_LIMITED',
      message: `all ${outcome.window === 'hour' ? `${perHour} requests of the hour` : `${perDay} requests of the day`} that ${this.deps.config.environment} may make are used.`,
      retryAfterSeconds: outcome.retryAfterSeconds,
    });
  }

  private candidates({ operation, args, options }: Sending, state: 'open' | 'degraded'): readonly Candidate[] {
    const { config } = this.deps;
    return candidatesFor(
      operation,
      args.input,
      state,
      config,
      this.names,
      options,
      (request) => notLocal(request, config.inPath.defaultMaxTokens) === undefined,
    );
  }

  /** What the answer is of: the model by its one name, or the tiers that may give it. */
  private askedFor({ operation, args, options: { tier, upTo = 'large' } }: Sending): string {
    if (tier !== undefined && isConverse(operation)) return `${tier}..${upTo}`;
    const { modelId } = args.input as { readonly modelId?: string };
    const found = this.names.find(modelId ?? '');
    return typeof found === 'string' ? text(modelId) : found.id;
  }

  private refused(operation: string, input: object, { code, retryAfterSeconds }: SpendGuardRefused): void {
    const { modelId } = input as { modelId?: unknown };
    const request = { operation, model: modelId === undefined ? 'none' : text(modelId) };
    this.reporter.tell('refused', request, refusalAttributes(code, retryAfterSeconds));
  }
}

function unmetered(operation: string): SpendGuardRefused {
  return new SpendGuardRefused({
    code: 'UNMETERED_OPERATION',
    message:
      `${operation} may cost and cannot be bounded or metered before it is made, so it does not pass this client. Use ` +
      'Converse or InvokeModel, or a client without the guard, whose spend the meter and the bill still see.',
  });
}
