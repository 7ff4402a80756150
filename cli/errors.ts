/** Bad input. The message names the place, the value, what is allowed, and the fix. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Somebody said no, or nobody could be asked. */
export class DeclinedError extends Error {
  readonly code = 'DECLINED';

  constructor(message: string) {
    super(message);
    this.name = 'DeclinedError';
  }
}

/** A command that could not be done, for a reason that a person can act on. */
export class CommandError extends Error {
  constructor(
    readonly code:
      | 'NOT_DEPLOYED'
      | 'NOT_CONFIGURED'
      | 'NOT_PERMITTED'
      | 'FUNCTION_FAILED'
      | 'ANSWER_INVALID'
      | 'SYNTH_FAILED'
      | 'NOT_LISTENING'
      | 'NO_CREDENTIALS',
    message: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}
