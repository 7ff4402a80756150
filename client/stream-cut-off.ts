/**
 * A stream that did not come to its end: the guard's deadline passed without an event, or the provider broke it off. Over
 * HTTP/2 the SDK's own loop would end as if the answer were complete (T4).
 */
export class StreamCutOff extends Error {
  override readonly name = 'StreamCutOff';

  constructor(
    message: string,
    readonly by: 'guard' | 'provider',
  ) {
    super(message);
  }
}
