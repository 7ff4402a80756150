/** An Ollama server, as seen from the caller's own machine. */
export interface LocalModelsPort {
  /** Tags of the models that are there, such as `llama3.1:8b`. @throws LocalError */
  tags(endpoint: string, signal: AbortSignal): Promise<readonly string[]>;
  /** One token, no streaming. @throws LocalError */
  generateOnce(endpoint: string, tag: string, signal: AbortSignal): Promise<void>;
}

export class LocalError extends Error {
  constructor(
    /** `nothingListens`: the connection was refused. `unreachable`: no such host, no route, no answer in time. */
    readonly kind: 'nothingListens' | 'unreachable' | 'httpStatus' | 'notOllama',
    readonly text: string,
    options?: { readonly cause?: unknown },
  ) {
    super(text, options);
    this.name = 'LocalError';
  }
}
