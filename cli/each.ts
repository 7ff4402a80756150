import type { EnvironmentConfig } from '../config';
import { CommandError } from './errors';
import { EXIT_CODES, type ExitCode } from './exit-codes';
import { explained } from './explain';
import type { Line } from './result';

/** One environment's part of an answer: a failure is data, so that one account's trouble does not hide the others. */
export type Part<T> =
  | { readonly environment: string; readonly kind: 'done'; readonly value: T }
  | { readonly environment: string; readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Asks each environment, one after the other. @throws what is a defect */
export async function each<T>(
  environments: readonly EnvironmentConfig[],
  work: (environment: EnvironmentConfig) => Promise<T>,
): Promise<readonly Part<T>[]> {
  const parts: Part<T>[] = [];
  for (const environment of environments) {
    const { name } = environment;
    try {
      parts.push({ environment: name, kind: 'done', value: await work(environment) });
    } catch (error) {
      const failure = error instanceof CommandError ? error : explained(error);
      if (!failure) throw error;
      parts.push({ environment: name, kind: 'failed', code: failure.code, message: failure.message });
    }
  }
  return parts;
}

/**
 * Blocks of lines, one an environment, with an empty line between; environments that failed alike share one.
 * @param more what is said of an environment, whether it could be asked or not
 */
export function partLines<T>(
  parts: readonly Part<T>[],
  lines: (value: T) => readonly Line[],
  more: (environment: string) => readonly Line[] = () => [],
): readonly Line[] {
  const blocks: { readonly names: string[]; readonly lines: readonly Line[]; readonly key: string | undefined }[] = [];
  for (const part of parts) {
    const own = more(part.environment);
    const key = part.kind === 'done' ? undefined : JSON.stringify([part.message, own]);
    const same = key === undefined ? undefined : blocks.find((one) => one.key === key);
    if (same) {
      same.names.push(part.environment);
      continue;
    }
    const answer = part.kind === 'done' ? lines(part.value) : [{ text: `  ${part.message}`, tone: 'bad' as const }];
    blocks.push({ names: [part.environment], lines: [...answer, ...own], key });
  }
  return blocks.flatMap((block, at) => [...(at > 0 ? [''] : []), `${block.names.join(', ')}:`, ...block.lines]);
}

/** `failed` where an environment could not be asked, `findings` where something needs attention. */
export function partsExitCode<T>(parts: readonly Part<T>[], needsAttention: (value: T) => boolean): ExitCode {
  if (parts.some(({ kind }) => kind === 'failed')) return EXIT_CODES.failed;
  return parts.some((part) => part.kind === 'done' && needsAttention(part.value)) ? EXIT_CODES.findings : EXIT_CODES.ok;
}

/** For JSON: an environment's answer or its error. @param more see {@link partLines} */
export function partData<T>(
  parts: readonly Part<T>[],
  data: (value: T) => Readonly<Record<string, unknown>>,
  more: (environment: string) => Readonly<Record<string, unknown>> = () => ({}),
): readonly Readonly<Record<string, unknown>>[] {
  return parts.map((part) => ({
    environment: part.environment,
    ...(part.kind === 'done' ? data(part.value) : { error: { code: part.code, message: part.message } }),
    ...more(part.environment),
  }));
}
