import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { COMMAND, excerpt, terminal } from '../../scripts/picture';
import { allScenarios } from '../../simulator/scenarios';

const picture = readFileSync(path.resolve(__dirname, '../../docs/terminal.svg'), 'utf8');

/** By the row that each stands in: an empty line has no element. */
function linesOf(svg: string): readonly string[] {
  const lines: string[] = [];
  for (const [, y, text = ''] of svg.matchAll(/<text x="\d+" y="(\d+)"[^>]*>([^<]*)<\/text>/g)) {
    lines[(Number(y) - 29) / 18] = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  }
  return Array.from(lines, (line) => line ?? '');
}

test('the picture is as the script draws it, of a scenario that there is', () => {
  const lines = linesOf(picture);
  expect(lines[0]).toBe(`$ npx spend-guard ${COMMAND.join(' ')}`);
  expect(allScenarios.map(({ name }) => name)).toContain(COMMAND[1]);
  expect(terminal(lines)).toBe(picture);
});

test('what comes before the first table is shown, without its middle where it is long', () => {
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);
  const shown = (count: number) => excerpt([...numbered(count), '', '┌──┐', 'a table'].join('\n'));
  expect(shown(36)).toEqual(numbered(36));
  expect(shown(37)).toEqual([...numbered(27), '  …', ...numbered(37).slice(-8)]);
  expect(excerpt('no table\n')).toEqual(['no table']);
  expect(excerpt('x'.repeat(120))).toEqual(['x'.repeat(120)]);
  expect(excerpt('x'.repeat(121))).toEqual([`${'x'.repeat(119)}…`]);
});

test('what is markup in a line is text in the picture', () => {
  expect(terminal(['$ a', '', 'b < c && d >= e'])).toContain('>b &lt; c &amp;&amp; d &gt;= e</text>');
});
