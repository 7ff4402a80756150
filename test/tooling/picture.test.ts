import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { COMMAND, excerpt, terminal } from '../../scripts/picture';
import { shippedTour } from '../../simulator/scenarios';

const picture = readFileSync(path.resolve(__dirname, '../../docs/terminal.svg'), 'utf8');

/** By the row that each stands in: an empty line has no element. */
function linesOf(svg: string): readonly string[] {
  const lines: string[] = [];
  for (const [, y, text = ''] of svg.matchAll(/<text x="\d+" y="(\d+)"[^>]*>([^<]*)<\/text>/g)) {
    lines[(Number(y) - 29) / 18] = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  }
  return Array.from(lines, (line) => line ?? '');
}

test('the picture is as the script draws it, of what npm start plays', () => {
  const lines = linesOf(picture);
  expect(lines[0]).toBe(`$ ${COMMAND}`);
  for (const { name } of Object.values(shippedTour)) expect(lines.join('\n')).toContain(`(${name})`);
  expect(terminal(lines)).toBe(picture);
});

test('what comes before the advice is shown, without its middle where it is long', () => {
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);
  const shown = (count: number) => excerpt([...numbered(count), '', 'What next', '  try'].join('\n'));
  expect(shown(44)).toEqual(numbered(44));
  expect(shown(45)).toEqual([...numbered(33), '  …', ...numbered(45).slice(-10)]);
  expect(excerpt('no advice\n')).toEqual(['no advice']);
  expect(excerpt('x'.repeat(120))).toEqual(['x'.repeat(120)]);
  expect(excerpt('x'.repeat(121))).toEqual([`${'x'.repeat(119)}…`]);
});

test('what is markup in a line is text in the picture', () => {
  expect(terminal(['$ a', '', 'b < c && d >= e'])).toContain('>b &lt; c &amp;&amp; d &gt;= e</text>');
});
