import { usageCost, type TokenUsage } from '../core/prices';
import { closeConnection, streamField, usageInEvent, usageOf, type Answer } from './answer';
import { copyOf, keep, keepStream } from './cache/kept-answer';
import type { Call } from './call';
import { dollars, usageAttributes, type OnEvent } from './events';
import { meteredStream, type StreamEnd, type StreamOptions } from './metered-stream';

export interface Settling extends StreamOptions {
  readonly onEvent: OnEvent;
}

type Emit = (attributes: Readonly<Record<string, string | number | boolean>>) => void;

/** What can be given again of an answer, once it is whole; absent where nobody wants it. */
export type Keeping = (kept: Uint8Array | undefined) => void;

/** Charges the answer by its own usage: at once, or a stream when it has ended. The same answer, its stream watched. */
export async function settled(
  call: Call,
  answer: Answer,
  promptCache: boolean,
  settling: Settling,
  emit: Emit,
  keeping?: Keeping,
): Promise<Answer> {
  const field = streamField(call.operation);
  if (!field) {
    keeping?.(keep(call.operation, answer.output));
    await charge(call, usageOf(call.operation, answer, promptCache), emit);
    return answer;
  }
  const source = (answer.output as Readonly<Record<string, AsyncIterable<unknown> | undefined>>)[field];
  if (!source) {
    await charge(call, undefined, emit);
    return answer;
  }
  let usage: TokenUsage | undefined;
  const events: unknown[] = [];
  const stream = meteredStream(
    source,
    {
      see: (event) => {
        usage = usageInEvent(call.operation, event, promptCache) ?? usage;
        if (keeping) events.push(copyOf(event));
      },
      // An HTTP/2 stream that was reset ends like one that is complete (T4): only its own usage says that it is.
      ended: (how) => {
        if (how === 'read' && usage) keeping?.(keepStream(call.operation, answer.output, events));
        return charge(call, usage, emit, how);
      },
      close: () => closeConnection(answer.response),
    },
    settling,
  );
  return { ...answer, output: { ...answer.output, [field]: stream } };
}

async function charge(call: Call, usage: TokenUsage | undefined, emit: Emit, how: StreamEnd = 'read'): Promise<void> {
  const reserved = call.charge.reserved;
  const earlier = call.charge.chargedInFull;
  if (usage) {
    const cost = usageCost(usage, call.model.price);
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
