import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type * as z from 'zod';
import { UsageError } from '../errors';

export const FIX = 'give the folder that `npx cdk synth --output FOLDER` wrote';

/** @throws UsageError where the file is not there, may not be read, or is not of that shape */
export function parsed<Shape extends z.ZodType>(
  shape: Shape,
  file: string,
  place: string,
  fix: string = FIX,
): z.output<Shape> {
  const text = readable(() => readFileSync(file, 'utf8'), `${place}: ${path.basename(file)}`, fix);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`${place}: ${path.basename(file)} ${notJson(text)}; ${fix}`);
  }
  return checkedBy(shape, json, file, place, fix);
}

/** What a text is that does not parse, without the words of the engine. */
function notJson(text: string): string {
  if (text.trim() === '') return 'is empty';
  const isBegun = /^\s*[[{]/.test(text);
  return isBegun && !/[\]}]\s*$/.test(text) ? 'is not whole: it ends in the middle' : 'is not JSON';
}

/** @throws UsageError where the document is not of that shape */
export function checkedBy<Shape extends z.ZodType>(
  shape: Shape,
  json: unknown,
  file: string,
  place: string,
  fix: string = FIX,
): z.output<Shape> {
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => issue.path.map(String).join('.') || 'the document').join(', ');
  throw new UsageError(`${place}: ${path.basename(file)} is not what the CDK writes, see ${wrong}; ${fix}`);
}

/**
 * Whatever reads files, whose refusals become one line.
 * @param what the file, or where it stands
 * @throws UsageError
 */
export function readable<T>(read: () => T, what: string, fix: string = FIX): T {
  try {
    return read();
  } catch (error) {
    const { code, syscall, path: file } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    const which = file === undefined || what.endsWith(path.basename(file)) ? what : `${what}: ${path.basename(file)}`;
    throw new UsageError(`${which} ${WORDS[code] ?? `cannot be read (${code})`}; ${fix}`);
  }
}

/** Of what the system says, by its code. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is a file, or in one, and no folder',
  EISDIR: 'is a folder, and no file',
  EACCES: 'may not be read by you',
  EPERM: 'may not be read by you',
  ELOOP: 'is a link that leads back to itself',
};

/** @throws UsageError where it is none */
export function mustBeFolder(folder: string, place: string): void {
  if (readable(() => statSync(folder), place).isDirectory()) return;
  throw new UsageError(`${place} is a file, and no folder; ${FIX}`);
}
