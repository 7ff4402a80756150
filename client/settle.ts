import { type MeteredOperation, refusesInStream, answerCost, type Told } from '../core/in-path';
import { priceOfContext } from '../core/prices';
import { closeConnection, readAnswer, streamField, type Answer } from './answer';
import { copyOf } from './cache/copy';
import { keep, keepStream, type Kept } from './cache/kept-answer';
import type { Call } from './call';
import { dollars, usageAttributes, type SpendGuardEvent } from './events';
import { meteredStream, type StreamEnd, type StreamOptions } from './metered-stream';
import { throwIfAborted } from './abort';
import { StreamCutOff } from './stream-cut-off';
import { StreamReading } from './stream-reading';

type Emit = (attributes: SpendGuardEvent['attributes']) => void;

/** What can be given again of an answer, once it is whole; absent where nobody wants it. */
export type Keeping = (kept: Kept | undefined) => void;

/** `free`: the provider refused it before it had made a token. */
export interface Ending {
  readonly how: StreamEnd;
  readonly free: boolean;
}

export interface Settling extends StreamOptions {
  readonly operation: MeteredOperation;
  /** Whether the request used the provider's prompt cache. */
  readonly promptCache: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Exactly once. @param told what the answer itself says */
  readonly charge: (told: Told, ending: Ending) => Promise<void>;
  readonly keeping: Keeping | undefined;
}

/** Charges an answer by its own usage: at once, or a stream when it has ended. The same answer, its stream watched. */
export async function settled(answer: Answer, settling: Settling): Promise<Answer> {
  const { operation, promptCache, charge, keeping, signal } = settling;
  const field = streamField(operation);
  if (!field) {
    const { told, body } = readAnswer(operation, answer, promptCache);
    keeping?.(keep(operation, answer.output, body, told.atLeast));
    await charge(told, { how: 'read', free: false });
    return answer;
  }
  const reading = new StreamReading(operation, promptCache);
  const source = (answer.output as Readonly<Record<string, AsyncIterable<unknown> | undefined>>)[field];
  if (!source) {
    await charge(reading.told, { how: 'failed', free: false });
    return answer;
  }
  const events: unknown[] = [];
  const stream = meteredStream(
    source,
    {
      see: (event) => {
        reading.see(event);
        if (keeping) events.push(copyOf(event));
      },
      complete: () => {
        if (reading.whole) return;
        throwIfAborted(signal);
        throw new StreamCutOff('the stream ended in the middle of the answer: the provider broke it off', 'provider');
      },
      ended: (how, error) => {
        if (how === 'read') keeping?.(keepStream(operation, answer.output, events, reading.told.atLeast));
        return charge(reading.told, {
          how,
          free:
            !reading.begun && refusesInStream(reading.exception ?? (error instanceof Error ? error.name : undefined)),
        });
      },
      close: () => closeConnection(answer.response),
    },
    settling,
  );
  return { ...answer, output: { ...answer.output, [field]: stream } };
}

/**
 * Settles what the call has reserved: by its usage; where that is not known in full, or by what the answer proves if that
 * is more.
 */
export async function charge(call: Call, { usage, atLeast }: Told, { how, free }: Ending, emit?: Emit): Promise<void> {
  const reserved = call.charge.reserved;
  const earlier = call.charge.chargedInFull;
  const context = atLeast.input + atLeast.cacheRead + atLeast.cacheWrite;
  const proved = answerCost(atLeast, priceOfContext(call.model, context));
  const exact = usage ?? (free ? atLeast : undefined);
  if (exact) {
    emit?.({
      ...usageAttributes(exact),
      'spend_guard.cost_usd': dollars(proved) + dollars(earlier),
      'spend_guard.reserved_usd': dollars(reserved),
      'spend_guard.charged_in_full': false,
      // The bound was too low: the tokenizer, or the price of media, is not what it was taken for.
      ...(proved > reserved ? { 'spend_guard.above_reservation': true } : {}),
    });
    await call.charge.settle(proved);
    return;
  }
  const most = proved > reserved ? proved : reserved;
  emit?.({
    'spend_guard.cost_usd': dollars(most) + dollars(earlier),
    'spend_guard.reserved_usd': dollars(reserved),
    'spend_guard.charged_in_full': true,
    'spend_guard.stream_end': how,
    ...(proved > reserved ? { 'spend_guard.above_reservation': true } : {}),
  });
  await call.charge.settleInFull(proved);
}
