import { expect, test } from '@jest/globals';
import { PUBLIC_DOCS, proseOf, read, spokenTexts, type Line } from './public-texts';

interface Entry {
  readonly word: string;
  readonly not: readonly string[];
}

const [, section = ''] = read('docs/architecture.md').split('\n## Words\n');
const glossary: readonly Entry[] = (section.split('\n## ')[0] ?? '')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^[| -]+$/.test(line))
  .slice(1)
  .map((line) => {
    const [, word = '', , not = ''] = line.split('|').map((cell) => cell.trim());
    return { word, not: not === '' ? [] : not.split(', ') };
  });

/** `lift` also lifts, lifted and lifting. */
const matches = (phrase: string, text: string) =>
  new RegExp(String.raw`(?<![\w-])${phrase.replace(/e$/, 'e?')}(s|es|ed|d|ing)?(?![\w-])`, 'i').test(text);

const misused = ({ not }: Entry, lines: readonly Line[]) =>
  lines.flatMap(({ at, text }) =>
    not.filter((phrase) => matches(phrase, text)).map((phrase) => `${at}: '${phrase}' in: ${text.trim()}`),
  );

/** All but the glossary, which has to name them. */
const own = read('docs/architecture.md').split('\n').indexOf('## Words') + 1;
const docs = PUBLIC_DOCS.flatMap((file) => proseOf(file).slice(0, file === 'docs/architecture.md' ? own : undefined));
const spoken = spokenTexts();

test('the glossary is read, and so is what people read', () => {
  expect(glossary.length).toBeGreaterThan(20);
  expect(docs.filter(({ text }) => text !== '').length).toBeGreaterThan(500);
  expect(spoken.map(({ text }) => text)).toContain('the meter is blind');
  expect(spoken.map(({ text }) => text)).toContain(
    'denies every model to every guarded principal, until it is resumed',
  );
});

test.each(glossary)('$word: has no second name', (entry) => {
  expect(misused(entry, docs)).toEqual([]);
  expect(misused(entry, spoken)).toEqual([]);
});

test.each([
  ['lift', 'Nothing lifts it.', true],
  ['lift', 'Facelifted', false],
  ['re-arm', 'it is re-armed', true],
  ['let go', 'Let go.', true],
  ['cap', 'capacity, cap-and-trade', false],
  ['invoice', 'invoicing', true],
])('%s in %j: %s', (phrase, text, found) => {
  expect(matches(phrase, text)).toBe(found);
});

test('what is quoted as code keeps its name, and the user keeps their words', () => {
  const texts = proseOf('docs/acceptance.md').map(({ text }) => text);
  expect(texts.filter((text) => /\.test\.ts|automatic shut-off/.test(text))).toEqual([]);
});
