import type { MeteredOperation } from '../core/in-path/operations';
import { priceOfContext, usageCost, type TokenUsage } from '../core/prices';
import { closeConnection, streamField, usageInEvent, usageOf, type Answer } from './answer';
import { copyOf, keep, keepStream } from './cache/kept-answer';
import type { Call } from './call';
import { dollars, usageAttributes, type SpendGuardEvent } from './events';
import { meteredStream, type StreamEnd, type StreamOptions } from './metered-stream';

type Emit = (attributes: SpendGuardEvent['attributes']) => void;

/** What can be given again of an answer, once it is whole; absent where nobody wants it. */
export type Keeping = (kept: Uint8Array | undefined) => void;

export interface Settling extends StreamOptions {
  readonly operation: MeteredOperation;
  /** Whether the request used the provider's prompt cache. */
  readonly promptCache: boolean;
  /** Exactly once. @param usage as the answer itself says it; undefined where it does not */
  readonly charge: (usage: TokenUsage | undefined, how: StreamEnd) => Promise<void>;
  readonly keeping: Keeping | undefined;
}

/** Charges an answer by its own usage: at once, or a stream when it has ended. The same answer, its stream watched. */
export async function settled(answer: Answer, settling: Settling): Promise<Answer> {
  const { operation, promptCache, charge, keeping } = settling;
  const field = streamField(operation);
  if (!field) {
    keeping?.(keep(operation, answer.output));
    await charge(usageOf(operation, answer, promptCache), 'read');
    return answer;
  }
  const source = (answer.output as Readonly<Record<string, AsyncIterable<unknown> | undefined>>)[field];
  if (!source) {
    await charge(undefined, 'failed');
    return answer;
  }
  let usage: TokenUsage | undefined;
  const events: unknown[] = [];
  const stream = meteredStream(
    source,
    {
      see: (event) => {
        usage = usageInEvent(operation, event, promptCache) ?? usage;
        if (keeping) events.push(copyOf(event));
      },
      // An HTTP/2 stream that was reset ends like one that is complete (T4): only its own usage says that it is.
      ended: (how) => {
        if (how === 'read' && usage) keeping?.(keepStream(operation, answer.output, events));
        return charge(usage, how);
      },
      close: () => closeConnection(answer.response),
    },
    settling,
  );
  return { ...answer, output: { ...answer.output, [field]: stream } };
}

/** Settles what the call has reserved: by its usage, or in full where that is not known. */
export async function charge(call: Call, usage: TokenUsage | undefined, how: StreamEnd, emit: Emit): Promise<void> {
  const reserved = call.charge.reserved;
  const earlier = call.charge.chargedInFull;
  if (usage) {
    const context = usage.input + usage.cacheRead + usage.cacheWrite;
    const cost = usageCost(usage, priceOfContext(call.model, context));
    emit({
      ...usageAttributes(usage),
      'spend_guard.cost_usd': dollars(cost) + dollars(earlier),
      'spend_guard.reserved_usd': dollars(reserved),
      'spend_guard.charged_in_full': false,
      // The bound was too low: the tokenizer, or the price of media, is not what it was taken for.
      ...(cost > reserved ? { 'spend_guard.above_reservation': true } : {}),
    });
    await call.charge.settle(cost);
    return;
  }
  emit({
    'spend_guard.cost_usd': dollars(reserved) + dollars(earlier),
    'spend_guard.reserved_usd': dollars(reserved),
    'spend_guard.charged_in_full': true,
    'spend_guard.stream_end': how,
  });
  await call.charge.settleInFull();
}
