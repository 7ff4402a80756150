import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { fieldTwice, httpRoute, kindOf } from '../core/in-path';
import type { BudgetPath } from '../core/shared-budgets';
import type { CallOptions, SpendGuard } from '../client/index';
import { refusal, type Refusal } from './answers';
import type { CallerOf } from './callers';
import { answered, forwarded } from './forwarded';
import type { KeptAnswers } from './kept-answers';
import type { Observed, Outcome } from './observed';
import type { Unsigned, Upstream } from './upstream';

export interface Asked {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly caller: CallerOf | undefined;
  readonly signal: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | Buffer;
}

interface Handler {
  handle(
    request: Unsigned & { readonly hostname: string },
    options: { readonly abortSignal: AbortSignal },
  ): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Readable } }>;
}

export interface BedrockParts {
  readonly guard: Pick<SpendGuard, 'requestHandler'>;
  readonly upstream: Upstream;
  readonly kept: KeptAnswers;
  readonly observed: Observed;
}

type Route = NonNullable<ReturnType<typeof httpRoute>>;

type AskedTier = CallOptions['tier'];

const TIERS = ['local', 'small', 'large', 'auto'] as const;

const ROUTES =
  'It serves Converse, ConverseStream, InvokeModel, InvokeModelWithResponseStream, CountTokens and the reading of async ' +
  'invocations of bedrock-runtime, at the root of its address';
const LEFT = /^x-spend-guard-(budget|remaining-usd|limit-usd|percent|resets-at)$/;

/** Bedrock's routes with the guard before them. */
export class GuardedBedrock {
  private readonly handlers = new Map<string, Handler>();
  /** What the last answer said is left, by the budget that was charged. */
  private readonly left = new Map<BudgetPath | undefined, Readonly<Record<string, string>>>();

  constructor(private readonly parts: BedrockParts) {}

  /** @throws what the connection to Bedrock throws */
  async ask(asked: Asked): Promise<Answered | Refusal> {
    const { method, url, headers } = asked;
    const [path, search] = split(url);
    const route = httpRoute(method, path);
    if (!route || route.base !== '') {
      const what = `${method} ${path.slice(0, 200)} is no operation that this server knows`;
      const code = 'UNKNOWN_OPERATION';
      return this.refuse(
        'none',
        refusal(404, 'UnknownOperationException', code, `${what}, and unknown is never free. ${ROUTES}.`),
      );
    }
    const { operation } = route;
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
      const message = 'a body that is encoded cannot be priced: send it without Content-Encoding.';
      return this.refuse(operation, refusal(400, 'ValidationException', 'ENCODED_BODY', message));
    }
    const twice = kindOf(operation) === 'metered' ? fieldTwice(asked.body.toString('utf8')) : undefined;
    if (twice !== undefined) {
      const message = `the body has the field '${twice.slice(0, 60)}' twice in one object, and of two values nobody knows which counts: send one.`;
      return this.refuse(operation, refusal(400, 'ValidationException', 'FIELD_TWICE', message));
    }
    const tier = tierOf(headers['x-spend-guard-tier']);
    if (tier === 'none') {
      const message = `x-spend-guard-tier: must be one of ${TIERS.join(', ')}.`;
      return this.refuse(operation, refusal(400, 'ValidationException', 'UNKNOWN_TIER', message));
    }
    try {
      const { answer, outcome } = await this.answer(route, path, search, asked, tier);
      this.parts.observed.request(operation, outcome);
      return this.withLeft(answer, asked.caller?.budget, outcome === 'cached');
    } catch (error) {
      this.parts.observed.request(operation, 'failed');
      throw error;
    }
  }

  private async answer(
    { operation, modelId }: Route,
    path: string,
    search: string,
    { method, headers, body, caller, signal }: Asked,
    tier: AskedTier,
  ): Promise<{ readonly answer: Answered; readonly outcome: Outcome }> {
    const { upstream, kept } = this.parts;
    const passed = forwarded(headers);
    const name = kept.nameOf({
      operation,
      modelId: tier === undefined ? modelId : `tier ${tier}`,
      headers: passed,
      body,
    });
    const found = name === undefined ? undefined : kept.find(name);
    if (found) return { answer: { status: 200, ...found }, outcome: 'cached' };
    // Before anything is held for a request that could not be signed.
    if (kindOf(operation) !== 'unmetered') await upstream.credentials();
    const request = {
      method,
      hostname: upstream.hostname,
      // As the SDK writes it, of whatever way to write the same.
      path: modelId === undefined ? path : modelPath(modelId, path),
      query: queryOf(search),
      headers: passed,
      body,
    };
    const { response } = await this.handlerFor(caller?.budget, tier).handle(request, { abortSignal: signal });
    const answer = { status: response.statusCode, headers: answered(response.headers), body: response.body };
    if (answer.headers['x-amzn-errortype'] === 'SpendGuardRefused') return { answer, outcome: 'refused' };
    if (answer.status !== 200 || name === undefined) return { answer, outcome: 'answered' };
    const whole = Buffer.concat(await answer.body.toArray());
    kept.put(name, operation, answer.headers, whole);
    return { answer: { ...answer, body: whole }, outcome: 'answered' };
  }

  private refuse(operation: string, said: Refusal): Refusal {
    this.parts.observed.request(operation, 'refused');
    this.parts.observed.refusal(said.code);
    return said;
  }

  /** Each answer says what is left: of those that the guard has no word on, as the last one did. */
  private withLeft(answer: Answered, budget: BudgetPath | undefined, cached: boolean): Answered {
    const said = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => LEFT.test(name)));
    if (Object.keys(said).length > 0) this.left.set(budget, said);
    const headers = { ...this.left.get(budget), ...answer.headers, 'x-spend-guard-cached': String(cached) };
    return { ...answer, headers };
  }

  /** @throws TypeError on a budget that the config does not have */
  private handlerFor(budget: BudgetPath | undefined, tier: AskedTier): Handler {
    const name = JSON.stringify([budget, tier]);
    const there = this.handlers.get(name);
    if (there) return there;
    const { guard, upstream } = this.parts;
    const options = { unsigned: true, tier, ...(budget === undefined ? {} : { budget }) };
    const made = guard.requestHandler(upstream as never, options) as unknown as Handler;
    this.handlers.set(name, made);
    return made;
  }
}

function tierOf(header: string | string[] | undefined): AskedTier | 'none' {
  return header === undefined ? undefined : (TIERS.find((tier) => tier === header) ?? 'none');
}

function split(url: string): readonly [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function modelPath(modelId: string, path: string): string {
  return `/model/${encodeURIComponent(modelId)}/${path.slice(path.lastIndexOf('/') + 1)}`;
}

function queryOf(search: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = query[name];
    query[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return query;
}
