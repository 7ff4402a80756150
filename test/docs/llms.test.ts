import { describe, expect, test } from '@jest/globals';
import { PUBLIC_DOCS, read } from './public-texts';

/** Pages that a reader needs no line for, each with the reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {};

const PAGES = [...PUBLIC_DOCS, 'CHANGELOG.md'].filter((file) => file.endsWith('.md'));
const LINK = /^- \[([^\]]+)\]\(([^)\s]+)\)(: .+)?$/;

/** Everything that keeps a text from being what https://llmstxt.org asks for (read 2026-11-29), a line each. */
function problemsOf(text: string): readonly string[] {
  const [title = '', ...rest] = text.trimEnd().split('\n');
  const sections = rest.join('\n').split(/^## .+$/m);
  const [before = '', ...lists] = sections;
  return [
    ...(/^# \S/.test(title) ? [] : [`the first line must be '# ' and the name, got '${title}'`]),
    ...(/^\n> \S/.test(before) ? [] : ["below the name there must be a summary, '> …'"]),
    ...(/^#/m.test(before) ? ['there must be no other heading before the lists'] : []),
    ...lists
      .flatMap((list) => list.split('\n'))
      .filter((line) => line !== '' && !LINK.test(line))
      .map((line) => `in a list there must be links alone, '- [name](url): notes', got '${line}'`),
  ];
}

const linked = (text: string) => text.split('\n').flatMap((line) => LINK.exec(line)?.[2] ?? []);

describe('llms.txt', () => {
  const text = read('llms.txt');

  test('has the form that its readers expect', () => {
    expect(problemsOf(text)).toEqual([]);
    expect(text.length).toBeLessThan(8_000);
  });

  test('has every page once: a new one gets a line there, or a reason in LEFT_OUT', () => {
    const links = linked(text);
    expect(PAGES.filter((page) => !links.includes(page) && !(page in LEFT_OUT))).toEqual([]);
    expect(links.filter((link, at) => links.indexOf(link) !== at)).toEqual([]);
    expect(Object.keys(LEFT_OUT).filter((page) => !PAGES.includes(page) || links.includes(page))).toEqual([]);
  });

  test('names each page by its place', () => {
    const links = text.split('\n').flatMap((line) => LINK.exec(line)?.slice(1, 3).join(' ') ?? []);
    expect(links.length).toBeGreaterThan(20);
    expect(links).toEqual(linked(text).map((url) => `${url} ${url}`));
  });
});

test.each([
  ['# a\n\n> b\n\nc\n\n## D\n\n- [e](f)\n- [g](h): i\n', 0],
  ['a\n\n> b\n', 1],
  ['# a\n\nb\n', 1],
  ['# a\n\n> b\n\n### c\n', 1],
  ['# a\n\n> b\n\n## C\n\nd\n', 1],
  ['# a\n\n> b\n\n## C\n\n- d\n', 1],
])('%j has %i problem(s)', (text, count) => {
  expect(problemsOf(text)).toHaveLength(count);
});
