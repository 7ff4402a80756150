/** What one server takes of its callers. Times are in milliseconds. */
export interface Limits {
  /**
   * Of a request's body, in bytes: as much as Bedrock takes, and more than it takes for Claude (20 MB).
   * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html (2026-11): "Maximum length of 25000000"
   * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages-request-response.html (2026-11)
   */
  readonly bodyBytes: number;
  /** All headers of a request together, in bytes. */
  readonly headerBytes: number;
  readonly headersMs: number;
  /** From a request's first byte to its last; how long the answer takes is the model's affair. */
  readonly requestMs: number;
  /** A connection on which nothing is asked. */
  readonly idleMs: number;
  readonly connections: number;
  /** At once, on one connection of HTTP/2. */
  readonly streams: number;
  /** What is in flight at `stop` has so long to end. */
  readonly stopMs: number;
}

export const LIMITS: Limits = {
  bodyBytes: 25_000_000,
  headerBytes: 32 * 1024,
  headersMs: 15_000,
  requestMs: 120_000,
  idleMs: 75_000,
  connections: 2_000,
  streams: 200,
  stopMs: 25_000,
};
