import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

interface Row {
  readonly asked: string;
  readonly shownBy: string;
}

function rowsOf(markdown: string): readonly Row[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^[| -]+$/.test(line))
    .slice(1)
    .map((line) => {
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return { asked: cells[1] ?? '', shownBy: cells[3] ?? '' };
    });
}

/** Why a test id shows nothing, or `undefined` where the test exists and runs. */
function problemOf(id: string): string | undefined {
  if (/^next \(issue \d+\)$/.test(id)) return undefined;
  const [, file, title] = /^`(\S+) :: (.+)`$/.exec(id) ?? [];
  if (!file || !title) return `neither \`file :: title\` nor next (issue N): ${id}`;
  if (!existsSync(path.join(ROOT, file))) return `no file ${file}`;
  const source = readFileSync(path.join(ROOT, file), 'utf8');
  const quoted = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``].find((text) =>
    source.includes(text),
  );
  if (quoted === undefined) return `no test '${title}' in ${file}`;
  const before = source.slice(0, source.indexOf(quoted));
  const call = before.slice(Math.max(...['test', 'it', 'xit', 'xtest'].map((name) => before.search(lastCall(name)))));
  return /^(xit|xtest)|\.(skip|todo)\b/.test(call) || source.includes('describe.skip')
    ? `'${title}' is skipped`
    : undefined;
}

/** The last place where a function is called, to the end of the text. */
function lastCall(name: string): RegExp {
  return new RegExp(`\\b${name}(\\.\\w+)?\\s*[(<\\[](?![\\s\\S]*\\b${name}(\\.\\w+)?\\s*[(<\\[])`);
}

const rows = rowsOf(readFileSync(path.join(ROOT, 'docs/acceptance.md'), 'utf8'));

test('the table is read as it is written', () => {
  expect(rows.length).toBeGreaterThan(15);
  expect(rows[0]!.asked).toContain('deployer-ddf-llm-models');
});

test.each(rows)('$asked', ({ shownBy }) => {
  expect(problemOf(shownBy)).toBeUndefined();
});

test.each([
  ['`test/nowhere.test.ts :: x`', /no file/],
  ['`test/docs/acceptance.test.ts :: a title that is not there at all`'.replace('not there', 'nowhere'), /no test/],
  ['later', /neither/],
])('%s shows nothing', (id, why) => {
  expect(problemOf(id)).toMatch(why);
});
