import { csvRecord, exactUsd } from '../../cli/csv';
import { MOST, nanoUsd, usd } from '../../core/money';

test.each([
  [usd(0), '0.00'],
  [usd(1), '1.00'],
  [usd('12.5'), '12.50'],
  [usd('0.1'), '0.10'],
  [usd('0.123'), '0.123'],
  [usd(1_000), '1000.00'],
  [nanoUsd(1), '0.000000001'],
  [nanoUsd(-1), '-0.000000001'],
  [usd('-3.10'), '-3.10'],
  [MOST, '9007199.254740991'],
])('%i nano-dollars to the last digit: %s', (amount, text) => {
  expect(exactUsd(amount)).toBe(text);
  expect(usd(exactUsd(amount))).toBe(amount);
});

test.each([
  ['plain', 'search/nightly', 'search/nightly'],
  ['a comma', 'a,b', '"a,b"'],
  ['quotes', 'a "b"', '"a ""b"""'],
  ['lines', 'a\nb\r\nc', '"a\nb\r\nc"'],
  ['nothing', '', ''],
])('RFC 4180: %s', (_what, text, cell) => {
  expect(csvRecord([text, 'x'])).toBe(`${cell},x`);
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\0x'])('a spreadsheet takes no text for a formula: %j', (text) => {
  expect(csvRecord([text])).toBe(`'${text}`);
});

test('nor one that has to be quoted', () => {
  expect(csvRecord(['=HYPERLINK("http://x","y")'])).toBe(`"'=HYPERLINK(""http://x"",""y"")"`);
  expect(csvRecord(['\rx'])).toBe(`"'\rx"`);
});

test('a figure below zero stays a figure', () => {
  expect(csvRecord([{ figure: exactUsd(usd(-1)) }, 'x'])).toBe('-1.00,x');
});
