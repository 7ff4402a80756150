interface Answer {
  readonly exitCode: number;
  readonly line: string;
  readonly data?: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly message: string };
}

/** As `bin/spend-guard.js` loads it: plain JavaScript, before anything that compiles. */
export const quick = require('../../cli/quick/left.js') as {
  readonly EXIT: Readonly<Record<string, number>>;
  parse(args: readonly string[]): object | undefined;
  left(options: object, outside: object): Promise<Answer>;
};
