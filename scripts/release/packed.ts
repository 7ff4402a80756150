import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A manifest of what is published. */
export interface Published {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly private?: boolean;
}

/**
 * The manifest as it is published: with the address of the repository, which npm holds against the one that vouches for it.
 * https://docs.npmjs.com/generating-provenance-statements (read 2026-11-29)
 * @param repository `owner/name`
 * @param directory within it
 */
export function published(manifest: Published, repository: string, directory: string): object {
  const { private: _, ...rest } = manifest;
  const url = `git+https://github.com/${repository}.git`;
  return { ...rest, repository: { type: 'git', url, ...(directory === '' ? {} : { directory }) } };
}

/** Everything that speaks against publishing a built package, a line each. */
export function packageProblems(
  file: string,
  manifest: Published,
  asked: { readonly name: string; readonly version: string },
): readonly string[] {
  const must = { ...asked, license: 'Apache-2.0' };
  return Object.entries(must)
    .filter(([key, value]) => manifest[key as keyof typeof must] !== value)
    .map(
      ([key, value]) => `${file}: ${key} must be '${value}', got '${manifest[key as keyof typeof must] ?? 'nothing'}'`,
    );
}

/**
 * Packs a built package for the registry.
 * @param folder where it was built
 * @returns the name of its file in `into`
 */
export function packInto(into: string, folder: string, repository: string, directory: string): string {
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Published;
  writeFileSync(file, `${JSON.stringify(published(manifest, repository, directory), null, 2)}\n`);
  for (const legal of ['LICENSE', 'README.md'])
    if (!existsSync(path.join(folder, legal))) throw new Error(`${folder}: must have a ${legal}`);
  mkdirSync(into, { recursive: true });
  return execFileSync('npm', ['pack', '--loglevel=error', '--pack-destination', into], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();
}
