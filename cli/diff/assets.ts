import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { AssemblyStack } from './assembly';
import { canonical } from './canonical';
import { valueChanges, valueText } from './leaves';
import type { LimitChange } from './limits';
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

interface Content {
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

type Side = Pick<AssemblyStack, 'template' | 'assets'>;

/** Assets that differ, by what they are for: an asset whose content changes is another one by its id. */
export function assetChanges(base: Side, head: Side): readonly LimitChange[] {
  const changes: LimitChange[] = [];
  const left = new Map(Object.entries(base.assets));
  for (const [id, asset] of Object.entries(head.assets)) {
    const what = labelOf(id, asset, head);
    const before = [...left].find(([other, one]) => other === id || labelOf(other, one, base) === what);
    if (before) left.delete(before[0]);
    changes.push(...changesOf(what, before?.[1], asset));
  }
  for (const [id, asset] of left) changes.push(...changesOf(labelOf(id, asset, base), asset, undefined));
  return changes.sort((a, b) => (a.what < b.what ? -1 : 1));
}

/** `asset CostCheck/Code, of CostCheckFunction (AWS::Lambda::Function)`. */
function labelOf(id: string, { name }: Asset, { template }: Side): string {
  const users = Object.entries(template.Resources ?? {}).filter(
    ([, { Properties = {} }]) => IS_HASH.test(id) && canonical(Properties).includes(id),
  );
  const of = users.map(([user, { Type }]) => `${user} (${Type})`).join(', ');
  // A hash tells two contents apart, and is no name of what they are for.
  const called = name ?? (IS_HASH.test(id) && of !== '' ? undefined : id);
  return ['asset', ...(called === undefined ? [] : [called])].join(' ') + (of === '' ? '' : `, of ${of}`);
}

const IS_HASH = /^[0-9a-f]{32,}$/;

function changesOf(what: string, before: Asset | undefined, after: Asset | undefined): readonly LimitChange[] {
  const [was, is] = [before?.content, after?.content];
  const isOther = was?.hash !== is?.hash || before === undefined || after === undefined;
  const content = { what, before: before && contentText(was), after: after && contentText(is, was) };
  const told = before && after ? valueChanges({ told: before.told }, { told: after.told }) : [];
  return [
    ...(isOther ? [content] : []),
    ...told.map(({ path: at, ...values }) => ({
      what: `${what}: ${at.replace(/^told\.?/, '') || 'what the manifest says'}`,
      before: valueText(values.before),
      after: valueText(values.after),
    })),
  ];
}

const LISTED = 5;
const HASH_SHOWN = 12;

/** @param than what it was before */
function contentText(content: Content | undefined, than?: Content): string {
  if (content === undefined) return 'there, without its content in this output';
  const { files, bytes, hash } = content;
  const count = `${files.size} file${files.size === 1 ? '' : 's'}`;
  const differing = than
    ? [...new Set([...than.files.keys(), ...files.keys()])].filter((name) => than.files.get(name) !== files.get(name))
    : [];
  const more = differing.length > LISTED ? ` and ${differing.length - LISTED} more` : '';
  const which = differing.length > 0 ? `; other: ${differing.slice(0, LISTED).join(', ')}${more}` : '';
  return `${count}, ${bytes} bytes, hash ${hash.slice(0, HASH_SHOWN)}${which}`;
}
