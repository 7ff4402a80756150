import type { AssemblyStack } from './assembly';
import type { Asset, Content } from './assets';
import { canonical } from './canonical';
import { valueChanges, valueText } from './leaves';
import type { LimitChange } from './limits';

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

/** `asset CostCheck/Code, of CostCheckFunction (AWS::Lambda::Function)`, without what the CDK itself leaves out of ids. */
function labelOf(id: string, { name }: Asset, { template }: Side): string {
  const users = Object.entries(template.Resources ?? {}).filter(
    ([, { Properties = {} }]) => IS_HASH.test(id) && canonical(Properties).includes(id),
  );
  const of = users.map(([user, { Type }]) => `${user} (${Type})`).join(', ');
  // A hash tells two contents apart, and is no name of what they are for.
  const called = name?.replace(/\bDefault\//g, '') ?? (IS_HASH.test(id) && of !== '' ? undefined : id);
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
