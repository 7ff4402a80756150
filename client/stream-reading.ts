import {
  isConverse,
  type MeteredOperation,
  record,
  stopReasons,
  bodyCounts,
  converseCounts,
  isLastCount,
  larger,
  told,
  type Counts,
  type Told,
} from '../core/in-path';
import { bytesOf, parseJson } from './body';

/** Before the first token of an answer there may be these. */
const NO_TOKENS = new Set(['message_start', 'ping', 'response.created', 'response.in_progress']);

/** What the events of one stream have said so far. */
export class StreamReading {
  private counts: Counts = {};
  private counted = false;
  private stopped = false;
  private closed = false;
  private wantsStop = false;
  /** Whether a token of the answer has come. */
  begun = false;
  /** The error with which the provider ended it, where the reader has it as an event of its own. */
  exception: string | undefined;

  constructor(
    private readonly operation: MeteredOperation,
    private readonly promptCache: boolean,
  ) {}

  see(event: unknown): void {
    const { exception } = record(event);
    if (typeof exception === 'string') {
      this.exception = exception;
      return;
    }
    if (isConverse(this.operation)) this.seeConverse(record(event));
    else this.seeChunk(record(event)['chunk']);
  }

  /**
   * Whether it has come to the end that its kind has: an HTTP/2 stream that was reset ends like one that is complete (T4),
   * so only its own last events say that it is.
   */
  get whole(): boolean {
    if (this.exception !== undefined) return true;
    return isConverse(this.operation) ? this.stopped && this.closed : this.closed || (this.stopped && !this.wantsStop);
  }

  get told(): Told {
    return told(this.counts, this.promptCache, this.counted);
  }

  private seeConverse({ messageStart, messageStop, metadata }: Readonly<Record<string, unknown>>): void {
    if (messageStop !== undefined) this.stopped = true;
    if (metadata !== undefined) {
      this.closed = true;
      this.counted = true;
      this.counts = larger(this.counts, converseCounts(record(metadata)['usage']));
    } else if (messageStart === undefined) this.begun = true;
  }

  private seeChunk(chunk: unknown): void {
    if (chunk === undefined) return;
    const json = parseJson(bytesOf(record(chunk)['bytes']));
    const { type } = record(json);
    if (type === 'message_start') this.wantsStop = true;
    if (!NO_TOKENS.has(String(type))) this.begun = true;
    const counts = bodyCounts(json);
    this.counts = larger(this.counts, counts);
    if (stopReasons(json).length > 0) this.stopped = true;
    if (type === 'message_stop' || 'amazon-bedrock-invocationMetrics' in record(json)) this.closed = true;
    // What a model counts before it has stopped may grow.
    if (Object.keys(counts).length > 0 && (this.stopped || isLastCount(json))) this.counted = true;
  }
}
