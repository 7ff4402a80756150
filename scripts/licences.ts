import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a package ships for others to pass on; `undefined` where it ships none. */
export interface LegalTexts {
  readonly licence: string | undefined;
  readonly notice: string | undefined;
}

/** @param folder where the package is installed */
export function legalTextsOf(folder: string): LegalTexts {
  const files = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const first = (name: RegExp) => {
    const file = files.find((one) => name.test(one));
    return file === undefined ? undefined : readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  };
  return { licence: first(/^licen[cs]e([.-]|$)/i), notice: first(/^notice([.-]|$)/i) };
}

/**
 * The lines of a licence that say whose the work is. Licences speak of such lines too, in the middle of a sentence and so in
 * small letters, and Apache's text has a blank for a name.
 */
export function copyrightsIn(licence: string): readonly string[] {
  const lines = licence.split('\n').map((line) => line.replace(/^[\s*#>-]+/, '').trimEnd());
  return [...new Set(lines.filter((line) => /^Copyright\s(?!\[)/.test(line)))];
}
