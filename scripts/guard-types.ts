import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PLAIN_DECLARATIONS } from './guard-input';
import { emitTypes, ROOT } from './packaging';

const PROJECT = path.join(ROOT, 'scripts/guard-types.json');
/** Of `from './a'` and `import('./a')`. */
const SPECIFIER = /(?:from |import\()['"]([^'"]+)['"]/g;

/**
 * The declarations that the package's own lead to, and no other.
 * @param entries sources of what is imported by name
 * @returns the names of the packages that they need
 */
export function writeTypes(folder: string, entries: readonly string[]): readonly string[] {
  emitTypes(PROJECT, folder);
  for (const [file, text] of Object.entries(PLAIN_DECLARATIONS)) writeFileSync(path.join(folder, file), text());
  const reached = new Set<string>();
  const packages = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(SPECIFIER)) {
      if (specifier.startsWith('.')) reach(declarationsAt(path.resolve(path.dirname(file), specifier)));
      else packages.add(specifier);
    }
  };
  for (const entry of entries) reach(path.join(folder, entry.replace(/\.ts$/, '.d.ts')));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(folder, name);
    if (file.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
  }
  removeEmpty(folder);
  return [...packages].sort();
}

function declarationsAt(place: string): string {
  const [found] = [`${place}.d.ts`, path.join(place, 'index.d.ts')].filter((file) => existsSync(file));
  if (found === undefined) throw new Error(`no declarations for ${place}`);
  return found;
}

function removeEmpty(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const inner = path.join(folder, entry.name);
    removeEmpty(inner);
    if (readdirSync(inner).length === 0) rmSync(inner, { recursive: true });
  }
}
