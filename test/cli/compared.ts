import { diffOf } from '../../cli/commands/diff';
import { readAssembly, type AssemblyStack } from '../../cli/diff/assembly';

const read = new Map<string, readonly AssemblyStack[]>();

/**
 * What the command says of two folders, each read once: most of a comparison is reading the code of a dozen functions. Whoever
 * changes a folder does so before.
 */
export function compared(base: string, head: string) {
  const { exitCode, lines, data } = diffOf(stacksIn(base), stacksIn(head));
  const text = lines.map((line) => (typeof line === 'string' ? line : line.text)).join('\n');
  return { exitCode, text, data: data as { weakened: boolean; broadened: boolean } };
}

function stacksIn(folder: string): readonly AssemblyStack[] {
  const stacks = read.get(folder) ?? readAssembly(folder, 'FOLDER');
  read.set(folder, stacks);
  return stacks;
}
