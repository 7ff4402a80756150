import * as fc from 'fast-check';
import { fieldTwice } from '../../../core/in-path/twice';

test.each([
  ['{"max_tokens":5,"max_tokens":50000}', 'max_tokens'],
  ['{"max_tokens":5,"messages":[],"max\\u005ftokens":50000}', 'max_tokens'],
  ['{"a":{"b":1,"c":{},"b":2}}', 'b'],
  ['[{"a":1},{"a":1,"a":2}]', 'a'],
  ['{"a\\"":1,"a\\"":2}', 'a"'],
  ['{ "a" : [1, 2, {"x": "y"}] , "a" : 2 }', 'a'],
  ['{"":1,"":2}', ''],
])('%s has one twice', (text, field) => {
  expect(fieldTwice(text)).toBe(field);
});

test.each([
  '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
  '{"a":"a","b":"a","c":["a","a"]}',
  '{"text":"{\\"a\\":1,\\"a\\":2}"}',
  '{"text":"ends in a backslash \\\\","a":1}',
  '{"__proto__":1,"constructor":2}',
  '[]',
  '"a"',
  '',
  '{"a":1',
  '{"a',
  ']}',
])('%s has none', (text) => {
  expect(fieldTwice(text)).toBeUndefined();
});

test('nothing that is written by JSON.stringify has one, and with a field written again it has', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, which) => {
      const text = JSON.stringify(value);
      expect(fieldTwice(text)).toBeUndefined();
      const keys = Object.keys(value);
      const key = keys[which % keys.length]!;
      expect(fieldTwice(`${text.slice(0, -1)},${JSON.stringify(key)}:1}`)).toBe(key);
    }),
  );
});
