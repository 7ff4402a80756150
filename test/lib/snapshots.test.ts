import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { shippedStacks, SNAPSHOTS, snapshots, UPDATE } from '../helpers/template-yaml/files';
import { readable, type CloudFormationTemplate } from '../helpers/template-yaml/readable';

const stacks = shippedStacks();
const texts = snapshots(stacks);

test.each(Object.keys(texts))(`%s is what the stacks say: "${UPDATE}" writes it, for a reviewer to read`, (name) => {
  const file = path.join(SNAPSHOTS, name);
  expect(texts[name]).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `no file ${file}`);
});

test('no file is left of an environment that is gone', () => {
  const files = readdirSync(SNAPSHOTS).filter((name) => name.endsWith('.yaml'));
  expect(files.sort()).toEqual(Object.keys(texts).sort());
});

test.each(Object.keys(texts))('%s is YAML', (name) => {
  expect(Object.keys(load(texts[name]!) as object).length).toBeGreaterThan(0);
});

type Leaf = readonly (string | number)[];

const leavesOf = (told: unknown, at: Leaf = []): readonly Leaf[] =>
  typeof told === 'object' && told !== null
    ? Object.entries(told).flatMap(([key, one]) => leavesOf(one, [...at, key]))
    : [at];

/** With one value changed as little as can be. */
function changed(told: unknown, [key, ...deeper]: Leaf): unknown {
  if (key === undefined)
    return typeof told === 'number' ? told + 1 : typeof told === 'boolean' ? !told : `${String(told)}x`;
  const copy = Array.isArray(told) ? [...(told as readonly unknown[])] : { ...(told as object) };
  return Object.assign(copy, { [key]: changed((told as Record<string, unknown>)[key], deeper) });
}

const dev = stacks['dev']!.template.toJSON() as CloudFormationTemplate;

test.each(Object.entries(dev.Resources))('a change of any value of %s shows', (id, resource) => {
  const show = (one: unknown) =>
    JSON.stringify(readable({ Resources: { [id]: one } } as unknown as CloudFormationTemplate));
  const before = show(resource);
  const leaves = leavesOf(resource);
  expect(leaves.length).toBeGreaterThan(1);
  expect(leaves.filter((leaf) => show(changed(resource, leaf)) === before)).toEqual([]);
});

test('a change of any other value of the template shows, but for what CDK adds to every stack', () => {
  const { Resources, ...others } = dev;
  const show = (one: object) => JSON.stringify(readable({ Resources, ...one }));
  const hidden = leavesOf(others).filter((leaf) => show(changed(others, leaf) as object) === show(others));
  expect([...new Set(hidden.map(([section, name]) => `${section}.${name}`))].sort()).toEqual([
    'Parameters.BootstrapVersion',
    'Rules.CheckBootstrapVersion',
  ]);
});
