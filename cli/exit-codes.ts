/** What a pipeline can tell apart. The numbers are a contract: docs/reference/cli.md lists them. */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  declined: 3,
  findings: 4,
  broadened: 10,
  replaced: 11,
  broadenedAndReplaced: 12,
  weakened: 13,
  broadenedAndWeakened: 14,
  replacedAndWeakened: 15,
  broadenedReplacedAndWeakened: 16,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODE_MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  ok: 'done, and nothing needs attention',
  failed: 'could not be done: AWS refused or did not answer, the config is wrong, or the app did not synthesize',
  usage: 'bad input: a command, option, environment or path that does not exist; nothing was done',
  declined: 'a question was answered with no, or there was no terminal to ask on; nothing was done',
  findings: 'done, and something needs attention: a failed check, a function not restored, an invariant violated',
  broadened: '`diff` only: access gets broader, or it cannot be judged',
  replaced: '`diff` only: a resource is replaced, or may be',
  broadenedAndReplaced: '`diff` only: 10 and 11',
  weakened: '`diff` only: the guard does less than before, or data is lost or kept less well',
  broadenedAndWeakened: '`diff` only: 10 and 13',
  replacedAndWeakened: '`diff` only: 11 and 13',
  broadenedReplacedAndWeakened: '`diff` only: 10, 11 and 13',
};
