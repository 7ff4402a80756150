import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { PUBLIC_DOCS, ROOT, adrs, read } from './public-texts';

const FOLDERS = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(\.|node_modules|build|cdk\.out)/.test(entry.name))
  .map(({ name }) => name);

const isThere = (place: string) => existsSync(path.join(ROOT, place));

/** Of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return withoutCode(text)
    .split('\n')
    .flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? [])
    .map(anchorOf)
    .map((anchor) => {
      const count = seen.get(anchor) ?? 0;
      seen.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    });
}

const withoutCode = (text: string) => text.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/^ {4}.*$/gm, '');

/** Links and pictures of a document that lead nowhere; those to other sites are not followed. */
function broken(file: string, text: string): readonly string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [to = '', anchor] = target.split('#');
    const place = to === '' ? file : path.join(path.dirname(file), to);
    if (!existsSync(path.join(ROOT, place))) return true;
    if (anchor === undefined) return false;
    const there = place === file ? text : statSync(path.join(ROOT, place)).isFile() ? read(place) : '';
    return !anchorsOf(there).includes(anchor);
  });
}

const documents = [...PUBLIC_DOCS, ...adrs(), 'CHANGELOG.md'];

test.each(documents)('%s: each link leads to a file and a heading that are there', (file) => {
  expect(broken(file, read(file))).toEqual([]);
});

/** Files and folders of this repository that a document names as code, without those that stand for many: `lambda/<feature>/`. */
function named(text: string): readonly string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span.split(' :: ')[0] ?? '');
  return spans.filter((span) => new RegExp(`^(${FOLDERS.join('|')})/[\\w./-]*$`).test(span));
}

test.each([...PUBLIC_DOCS])('%s: each file and folder that it names is there', (file) => {
  expect(named(read(file)).filter((place) => ![place, `${place}.ts`].some(isThere))).toEqual([]);
});

test('a folder that is not there is seen', () => {
  expect(named('`core/nowhere/`, `core/meter`, `lambda/<feature>/env.ts`, `client.ts`')).toEqual([
    'core/nowhere/',
    'core/meter',
  ]);
  expect(isThere('core/nowhere/')).toBe(false);
});

test('the README has links', () => {
  expect([...read('README.md').matchAll(/\]\(/g)].length).toBeGreaterThan(15);
});

test.each([
  ['[x](nowhere.md)', ['nowhere.md']],
  ['[x](README.md#no-such-heading)', ['README.md#no-such-heading']],
  ['[x](#here)\n\n## Here', []],
  ['[x](#here-1)\n\n## Here\n\n## Here', []],
  ['[x](#here)\n\n```\n## Here\n```', ['#here']],
  ['[x](#wo-immer-ob-nicht)\n\n## Wo immer, ob `nicht`?', []],
  ['[x](https://example.com/nowhere)', []],
])('%j: broken are %j', (text, expected) => {
  expect(broken('CONTRIBUTING.md', text)).toEqual(expected);
});
