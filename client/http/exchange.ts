import {
  type Bounds,
  judge,
  httpRoute,
  isConverse,
  isStream,
  kindOf,
  type MeteredOperation,
  record,
  type RefusalCode,
} from '../../core/in-path';
import { streamField, type Answer } from '../answer';
import { parseJson, type Body } from '../body';
import { callOf, Reroute, type Call } from '../call';
import type { Caller } from '../caller';
import { type CallOptions, withGuard } from '../call-options';
import type { Guard } from '../guard';
import type { BudgetLeft } from '../left';
import { SpendGuardRefused } from '../refusal';
import { frames, type Frame } from './frames';
import type { HttpAnswer, HttpAsked, HttpReceived } from './message';
import { parsedBody } from './parsed';
import { price } from './price';
import { asSent } from './unsigned';
import { written } from './written';

export interface Exchange {
  readonly guard: Pick<Guard, 'send' | 'watch'>;
  readonly caller: Caller;
  readonly bounds: Bounds;
  /** Nobody has signed what is asked: it may be given a limit of tokens, and another id. */
  readonly unsigned?: boolean;
  /** Of what nobody has signed: who is asked first. */
  readonly tier?: CallOptions['tier'];
}

/** @param as how it is sent, where that is not as it was asked */
type Send = (as: HttpAsked | undefined) => Promise<HttpReceived>;

/**
 * One HTTP request through the guard; neither its bytes nor the answer's are changed where they are signed or signed for. A refusal is an answer too. @throws what `send` throws
 */
export async function exchange(
  { guard, caller, bounds, unsigned = false, tier }: Exchange,
  asked: HttpAsked,
  send: Send,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const route = httpRoute(asked.method, asked.path);
  const operation = route?.operation ?? `${asked.method} ${asked.path}`;
  const args = withGuard(
    { input: inputOf(operation, route?.modelId, asked.body) },
    // What was signed cannot go to another model, and HTTP is not answered from parsed answers.
    unsigned ? { cache: false, tier } : { cache: false, allowSmaller: false, tier: undefined },
  );
  try {
    const { output } = await guard.send(
      operation,
      args,
      (sending) => {
        const call = callOf(sending);
        if (!call) return free(send);
        const as = unsigned ? asSent(call, asked, sending.input) : undefined;
        return metered(call, as ? call.target : (route?.modelId ?? ''), as ?? asked, () => send(as), bounds);
      },
      signal,
      caller,
    );
    if (kindOf(operation) !== 'metered') return held(output);
    if (!('answer' in output)) return withLeft(written(output), guard.watch.left(caller.budget));
    return withLeft(answerOf(operation as MeteredOperation, output), guard.watch.left(caller.budget));
  } catch (error) {
    if (error instanceof NoSuccess) return error.answer;
    if (error instanceof SpendGuardRefused) return refusalAnswer(error);
    throw error;
  }
}

function inputOf(operation: string, modelId: string | undefined, body: Body): object {
  if (kindOf(operation) !== 'metered' || modelId === undefined) return {};
  return isConverse(operation as MeteredOperation) ? { ...record(parsedBody(body)), modelId } : { modelId, body };
}

async function free(send: Send): Promise<Answer> {
  return { response: undefined, output: { answer: await send(undefined) } };
}

async function metered(
  call: Call,
  modelId: string,
  asked: HttpAsked,
  send: () => Promise<HttpReceived>,
  bounds: Bounds,
): Promise<Answer> {
  const { amount, maxTokens } = price(call, modelId, asked, bounds);
  call.regions.arrives(asked.host);
  await call.charge.hold(amount);
  call.allowed(maxTokens);
  try {
    const received = await send();
    if (received.status < 200 || received.status >= 300) throw new NoSuccess(received);
    return await outputOf(call.operation, received);
  } catch (error) {
    const { free, otherModel } = judge(error);
    if (!free) await call.charge.settleInFull();
    throw call.fallback && otherModel ? new Reroute(error) : error;
  }
}

/** Carries what Bedrock answers past the guard, which judges it by its status. */
class NoSuccess extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(readonly answer: HttpAnswer) {
    super(`status ${answer.status}`);
    this.name = answer.headers['x-amzn-errortype'] ?? 'NoSuccess';
    this.$metadata = { httpStatusCode: answer.status };
  }
}

/** As the guard reads the SDK's outputs, with the answer's own bytes beside it. */
async function outputOf(operation: MeteredOperation, received: HttpReceived): Promise<Answer> {
  const { status, headers, close } = received;
  const response = { headers, body: { destroy: close } };
  const field = streamField(operation);
  if (field) return { response, output: { answer: { status, headers }, [field]: frames(received.body) } };
  const bytes: Uint8Array[] = [];
  for await (const piece of received.body) bytes.push(piece);
  const body = Buffer.concat(bytes);
  const answer: HttpAnswer = { status, headers, body };
  const read = isConverse(operation) ? { usage: record(parseJson(body))['usage'] } : { body };
  return { response, output: { answer, ...read } };
}

function held(output: object): HttpAnswer {
  return (output as { readonly answer: HttpAnswer }).answer;
}

function answerOf(operation: MeteredOperation, output: object): HttpAnswer {
  const answer = held(output);
  const field = streamField(operation);
  if (!isStream(operation) || !field) return answer;
  return { ...answer, body: rawOf(record(output)[field] as AsyncIterable<Frame>) };
}

/** What `$metadata.spendGuard` says of the tightest budget, for clients that see no metadata. */
function withLeft(answer: HttpAnswer, left: BudgetLeft | undefined): HttpAnswer {
  if (!left) return answer;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'x-spend-guard-budget': left.budget,
      'x-spend-guard-remaining-usd': String(left.remainingUsd),
      'x-spend-guard-limit-usd': String(left.limitUsd),
      'x-spend-guard-percent': String(left.percent),
      'x-spend-guard-resets-at': left.resetsAt,
    },
  };
}

/** Begun by the first read only: a stream that nobody reads is told from one that is left. */
function rawOf(stream: AsyncIterable<Frame>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      let inner: AsyncIterator<Frame> | undefined;
      const begun = () => (inner ??= stream[Symbol.asyncIterator]());
      return {
        async next() {
          const step = await begun().next();
          return step.done === true ? { done: true, value: undefined } : { done: false, value: step.value.raw };
        },
        async return() {
          await begun().return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** No client repeats a 400 or a 402 by itself; 429 says when to come back. */
const STATUS: Readonly<Partial<Record<RefusalCode, number>>> = {
  BUDGET_EXHAUSTED: 402,
  RUN_EXHAUSTED: 402,
  DEGRADED: 402,
  STOPPED: 402,
  RATE_LIMITED: 429,
};

/** In the shape of Bedrock's own errors: AWS's SDKs name the error by the header, others show the message. */
export function refusalAnswer({ name, code, message, retryAfterSeconds }: SpendGuardRefused): HttpAnswer {
  const again = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const body = Buffer.from(JSON.stringify({ message, code, ...again }));
  return {
    status: STATUS[code] ?? 400,
    headers: {
      'content-type': 'application/json',
      'content-length': String(body.length),
      'x-amzn-errortype': name,
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body,
  };
}
