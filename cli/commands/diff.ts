import { readAssembly, type AssemblyStack } from '../diff/assembly';
import { compareAssemblies, type AssemblyDiff } from '../diff/compare';
import { diffMarkdown } from '../diff/markdown';
import { EXIT_CODES, type ExitCode } from '../exit-codes';
import type { CommandResult } from '../result';

/**
 * What deploying HEAD instead of BASE would change, as Markdown for a reviewer. No account is asked.
 * @param base folder of a synthesized cloud assembly
 * @throws UsageError where a folder holds none
 */
export function diff(base: string, head: string): CommandResult {
  return diffOf(readAssembly(base, 'BASE'), readAssembly(head, 'HEAD'));
}

/** Of what was read. */
export function diffOf(base: readonly AssemblyStack[], head: readonly AssemblyStack[]): CommandResult {
  const found = compareAssemblies(base, head);
  const markdown = diffMarkdown(found);
  return { exitCode: exitCodeOf(found), data: { ...found }, lines: markdown.trimEnd().split('\n') };
}

function exitCodeOf({ broadened, replaced, weakened }: AssemblyDiff): ExitCode {
  if (weakened && broadened && replaced) return EXIT_CODES.broadenedReplacedAndWeakened;
  if (weakened && broadened) return EXIT_CODES.broadenedAndWeakened;
  if (weakened && replaced) return EXIT_CODES.replacedAndWeakened;
  if (weakened) return EXIT_CODES.weakened;
  if (broadened && replaced) return EXIT_CODES.broadenedAndReplaced;
  if (broadened) return EXIT_CODES.broadened;
  return replaced ? EXIT_CODES.replaced : EXIT_CODES.ok;
}
