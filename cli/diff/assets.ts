import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { canonical } from './canonical';
import { parsed } from './parsed';

/** A file, a folder or an image that is deployed beside the template. */
export interface Asset {
  /** What the CDK calls it: the path of the construct that it belongs to. Absent before it did. */
  readonly name: string | undefined;
  /** Undefined where it is not in the output. */
  readonly content: Content | undefined;
  /** What else the manifest says of it, such as where it goes, without what follows from its content. */
  readonly told: unknown;
}

export interface Content {
  /** Hash of each, by its path in the asset. */
  readonly files: ReadonlyMap<string, string>;
  readonly bytes: number;
  readonly hash: string;
}

const assetShape = z.looseObject({
  displayName: z.string().optional(),
  source: z.looseObject({ path: z.string().optional(), directory: z.string().optional() }),
  destinations: z.record(z.string(), z.unknown()).optional(),
});
const assetsShape = z.looseObject({
  files: z.record(z.string(), assetShape).optional(),
  dockerImages: z.record(z.string(), assetShape).optional(),
});

/**
 * By id. Templates are read by themselves.
 * @throws UsageError where the file is not what the CDK writes
 */
export function readAssets(folder: string, file: string, place: string): Readonly<Record<string, Asset>> {
  if (!existsSync(path.join(folder, file))) {
    return { [file]: { name: `manifest ${file}`, content: undefined, told: 'not there' } };
  }
  const { files = {}, dockerImages = {}, ...others } = parsed(assetsShape, path.join(folder, file), place);
  const all = Object.entries({ ...files, ...dockerImages });
  const own = all.filter(([, { source }]) => !source.path?.endsWith('.template.json'));
  return Object.fromEntries([
    ...own.map(([id, { displayName, destinations = {}, ...rest }]) => {
      const source = rest.source.path ?? rest.source.directory;
      // Ids are hashes of the content, and keys of destinations follow from them.
      const told = canonical({ ...rest, destinations: Object.values(destinations) }).replaceAll(id, '*');
      const content = source === undefined ? undefined : contentOf(path.join(folder, source));
      return [id, { name: displayName, content, told: JSON.parse(told) as unknown }] as const;
    }),
    ...Object.entries(others)
      .filter(([key]) => key !== 'version')
      .map(([key, told]) => [key, { name: key, content: undefined, told }] as const),
  ]);
}

function contentOf(place: string): Content | undefined {
  if (!existsSync(place)) return undefined;
  const names = statSync(place).isDirectory()
    ? readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .sort()
    : [place];
  const files = new Map<string, string>();
  let bytes = 0;
  for (const name of names) {
    const text = readFileSync(name);
    bytes += text.length;
    files.set(path.relative(place, name) || path.basename(name), createHash('sha256').update(text).digest('hex'));
  }
  return {
    files,
    bytes,
    hash: createHash('sha256')
      .update(canonical([...files]))
      .digest('hex'),
  };
}
