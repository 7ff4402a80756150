export type LocalErrorCode =
  | 'PYTHON_MISSING'
  | 'PYTHON_TOO_OLD'
  | 'PYTHON_PACKAGES'
  | 'PORT_IN_USE'
  | 'DISK_FULL'
  | 'EMULATOR_FAILED'
  | 'CDK_FAILED'
  | 'CONTROL_REFUSED'
  | 'INTERRUPTED';

/** What keeps the local AWS from running, in one line: what went wrong, what was found, the fix. */
export class LocalError extends Error {
  constructor(
    readonly code: LocalErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
    this.name = 'LocalError';
  }
}
