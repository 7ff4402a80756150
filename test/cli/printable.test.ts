import { describe, expect, test } from '@jest/globals';
import { printable, printableJson, withoutControls } from '../../cli/printable';

describe('a name', () => {
  test.each([
    ['a colour', 'a\u001b[31mb', 'a\\u001b[31mb'],
    ['the same by C1', 'a\u009b31mb', 'a\\u009b31mb'],
    ['a bell and a backspace', '\u0007\u0008', '\\u0007\\u0008'],
    ['DEL', '\u007f', '\\u007f'],
    ['lines and tabs', 'a\nb\rc\td', 'a\\u000ab\\u000dc\\u0009d'],
    ['a separator of lines', 'a\u2028b', 'a\\u2028b'],
    ['another direction', 'a\u202etxt.exe\u2066', 'a\\u202etxt.exe\\u2066'],
    ['a mark of byte order', '\ufeffa', '\\ufeffa'],
    ['half a character', 'a\ud83d', 'a\\ud83d'],
  ])('has no effect: %s', (_what, name, shown) => {
    expect(printable(name)).toBe(shown);
  });

  test.each(['José Ñandú', '山田太郎', 'أحمد', 'a👩‍💻b', 'می‌خواهم', 'o\u0301', 'x\'y"z<b>&|;$(`'])(
    'stays what it is: %s',
    (name) => {
      expect(printable(name)).toBe(name);
    },
  );
});

describe('a line of ours', () => {
  test('keeps its lines, tabs and ends of CSV', () => {
    const text = 'a\tb\nc\r\nd\r';
    expect(withoutControls(text)).toBe(text);
  });

  test.each([
    ['\u001b[2J', '\\u001b[2J'],
    ['\u009b2J', '\\u009b2J'],
    ['good\rbad', 'good\\u000dbad'],
  ])('obeys nobody: %j', (text, shown) => {
    expect(withoutControls(text)).toBe(shown);
  });
});

test('JSON is of the same value', () => {
  const value = { name: 'a\u009b31m\u007f\u001b"' };
  const json = printableJson(JSON.stringify(value));
  expect(json).not.toMatch(/\p{Cc}/u);
  expect(JSON.parse(json)).toEqual(value);
});
