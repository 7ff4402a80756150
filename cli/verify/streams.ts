import { ServiceError } from '../../core/errors';
import {
  LONG_ANSWER_TOKENS,
  MOST_STREAMS,
  type OpenStream,
  type SessionCaller,
  type StreamEnd,
  type StreamReading,
} from '../../core/verify';
import { looking } from './calls';
import type { Verification } from './context';

/** Longer than an answer of so many tokens takes. */
const STREAM_MS = 300_000;

interface One {
  readonly beganAt: number;
  readonly end: Promise<void>;
  over?: { readonly at: number; readonly end: StreamEnd };
}

/** Long answers in parts, one after the other, so that whenever a deny takes effect one of them is in flight. */
export class Streams {
  private readonly all: One[] = [];
  private isStopped = false;

  private constructor(
    private readonly v: Verification,
    private readonly session: SessionCaller,
    private readonly profileArn: string,
  ) {}

  /** @returns once the first one has begun; also where a model has no answers in parts */
  static async begin(v: Verification, session: SessionCaller, profileArn: string): Promise<Streams> {
    const streams = new Streams(v, session, profileArn);
    const first = await streams.next();
    if (first) void streams.goOn(first);
    return streams;
  }

  stop(): void {
    this.isStopped = true;
  }

  /** @returns once it has ended; undefined: none was in flight then */
  async inFlightAt(at: number): Promise<StreamReading | undefined> {
    this.stop();
    const one = this.all.find(({ beganAt, over }) => beganAt <= at && (over === undefined || over.at >= at));
    if (!one) return undefined;
    this.v.progress('deny-latency: waiting for the stream in flight');
    // By the clock, so that the command can be ended meanwhile.
    await looking(this.v, at, STREAM_MS, async () => one.over !== undefined);
    if (!one.over) return { end: 'cut', parts: 0, wentOnMs: STREAM_MS, why: 'it did not end' };
    const { at: endedAt, end } = one.over;
    return {
      end: end.kind,
      parts: end.parts,
      wentOnMs: Math.max(0, endedAt - at),
      ...(end.kind === 'cut' ? { why: end.why } : {}),
    };
  }

  private async goOn(first: One): Promise<void> {
    let one: One | undefined = first;
    while (one && !this.isStopped && this.all.length < MOST_STREAMS) {
      await one.end;
      one = this.isStopped ? undefined : await this.next();
    }
  }

  /** Undefined: refused, as once the deny is in effect. */
  private async next(): Promise<One | undefined> {
    const { v } = this;
    const beganAt = v.now();
    const stream = await this.session
      .stream(this.profileArn, LONG_ANSWER_TOKENS, v.services.pace.timeout(STREAM_MS))
      .catch((error: unknown): OpenStream | undefined => {
        if (error instanceof ServiceError) return undefined;
        throw error;
      });
    if (!stream) return undefined;
    const one: One = {
      beganAt,
      end: stream.ended.then((end) => {
        // A cut one is charged at the most that it can have been.
        v.use(end.kind === 'complete' ? end : { outputTokens: LONG_ANSWER_TOKENS });
        one.over = { at: v.now(), end };
      }),
    };
    this.all.push(one);
    return one;
  }
}
