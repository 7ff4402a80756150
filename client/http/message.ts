import type { Body } from '../body';

/** A request as it is sent, signed already. */
export interface HttpAsked {
  readonly method: string;
  readonly host: string;
  /** Without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** What a transport gives: the answer's bytes as they come, and a way to end its connection. */
export interface HttpReceived extends HttpAnswer {
  readonly body: AsyncIterable<Uint8Array>;
  readonly close: () => void;
}
