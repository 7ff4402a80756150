import { type MeteredOperation, isStream, converseShape } from '../../core/in-path';
import { after } from '../after';
import type { Answer } from '../answer';
import { usageAttributes, type SpendGuardEvent } from '../events';
import type { StreamOptions } from '../metered-stream';
import { settled, type Keeping } from '../settle';
import { throwIfAborted } from '../abort';
import { localConverse, localConverseStream, LocalModelFailed, type LocalCall } from './chat';

export interface LocalAsk {
  readonly operation: MeteredOperation;
  readonly endpoint: string;
  readonly tag: string;
  readonly input: object;
  readonly defaultMaxTokens: number;
  readonly signal: AbortSignal | undefined;
  /** Until the answer, or the beginning of its stream. */
  readonly timeoutMs: number;
  readonly streams: StreamOptions;
  readonly keeping: Keeping | undefined;
  readonly tell: (name: 'allowed' | 'settled', attributes: SpendGuardEvent['attributes']) => void;
}

/** One answer of a local model, as the middleware of the SDK gives those of Bedrock. @throws LocalModelFailed; AbortError */
export async function askLocally(ask: LocalAsk): Promise<Answer> {
  const { operation, endpoint, tag, input, streams, keeping, tell } = ask;
  const maxTokens = converseShape(input).maxTokens ?? ask.defaultMaxTokens;
  const request = new Request(ask);
  tell('allowed', { 'gen_ai.request.max_tokens': maxTokens, 'spend_guard.reserved_usd': 0 });
  const answered: (call: LocalCall) => Promise<object> = isStream(operation) ? localConverseStream : localConverse;
  const output = await request.within(answered({ endpoint, tag, input, maxTokens, signal: request.signal }));
  return settled(
    { response: { body: { destroy: () => request.end() } }, output },
    {
      ...streams,
      operation,
      promptCache: false,
      keeping,
      signal: ask.signal,
      charge: async ({ usage }, { how }) => {
        request.forget();
        tell('settled', {
          ...(usage ? usageAttributes(usage) : { 'spend_guard.stream_end': how }),
          'spend_guard.cost_usd': 0,
          'spend_guard.reserved_usd': 0,
          'spend_guard.charged_in_full': false,
        });
      },
    },
  );
}

/** The caller's own signal and a time limit, as one. */
class Request {
  private readonly controller = new AbortController();
  private late = false;
  /** Of any library: the SDK asks only for this much. */
  private readonly aborted = (): void => this.controller.abort(this.ask.signal?.reason);

  constructor(private readonly ask: LocalAsk) {
    if (ask.signal?.aborted === true) this.aborted();
    ask.signal?.addEventListener('abort', this.aborted, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  async within<T>(answer: Promise<T>): Promise<T> {
    const { timeoutMs, tag, endpoint, signal } = this.ask;
    const cancel = after(timeoutMs, () => {
      this.late = true;
      this.controller.abort();
    });
    try {
      return await answer;
    } catch (error) {
      this.forget();
      throwIfAborted(signal);
      if (this.late) throw new LocalModelFailed(`${tag} at ${endpoint} did not answer within ${timeoutMs} ms`);
      throw error;
    } finally {
      cancel();
    }
  }

  end(): void {
    this.controller.abort();
  }

  /** A signal may outlive many calls. */
  forget(): void {
    this.ask.signal?.removeEventListener('abort', this.aborted);
  }
}
