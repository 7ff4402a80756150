import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Question } from '../../../client/cache/fingerprint';

const fingerprint = (...asked: ConstructorParameters<typeof Question>) => new Question(...asked).fingerprint;
const key = (input: object) => fingerprint('Converse', 'model', input);
const ask = (...texts: string[]) => ({ messages: [{ role: 'user', content: texts.map((text) => ({ text })) }] });

/** Every value that an input of the SDK may hold. */
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

const reversed = (one: unknown): unknown => {
  if (Array.isArray(one)) return one.map(reversed);
  if (typeof one !== 'object' || one === null || one instanceof Uint8Array) return one;
  return Object.fromEntries(
    Object.entries(one)
      .toReversed()
      .map(([name, inner]) => [name, reversed(inner)]),
  );
};

describe('the fingerprint of a question', () => {
  test('does not depend on the order of its fields', () => {
    fc.assert(fc.property(value, (one) => key({ one }) === key({ one: reversed(one) })));
  });

  test('differs for different questions', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        let same: boolean;
        try {
          expect(a).toStrictEqual(b);
          same = true;
        } catch {
          same = false;
        }
        return (key({ a }) === key({ a: b })) === same;
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, object, object]>([
    ['texts that run together alike', ask('ab', 'c'), ask('a', 'bc')],
    ['a text that looks like the end of another', ask('a'), ask('a', '')],
    ['a number and its text', { temperature: 1 }, { temperature: '1' }],
    ['zero and minus zero', { temperature: 0 }, { temperature: -0 }],
    ['null and nothing', { system: null }, {}],
    ['bytes and the list of them', { data: new Uint8Array([1, 2]) }, { data: [1, 2] }],
    ['a list and an object', { data: ['a'] }, { data: { 0: 'a' } }],
    ['a field of another place', { a: { b: 1 } }, { a: {}, b: 1 }],
    ['texts longer than a piece of the hash', ask('x'.repeat(20_000)), ask(`${'x'.repeat(19_999)}y`)],
  ])('%s', (_, a, b) => {
    expect(key(a)).not.toBe(key(b));
  });

  test.each([
    ['short texts', 'a\uD800', 'a\uD801'],
    ['long texts', `${'a'.repeat(10_000)}\uD800`, `${'a'.repeat(10_000)}\uDFFF`],
    ['a half and the character that stands for what is none', 'a\uDC00', 'a\uFFFD'],
  ])('halves of surrogate pairs are told apart: %s', (_, one, other) => {
    expect(key(ask(one))).not.toBe(key(ask(other)));
    expect(key({ [one]: 1 })).not.toBe(key({ [other]: 1 }));
  });

  test('what is not set, whose request it is and how its model is written change nothing', () => {
    expect(key({ ...ask('a'), system: undefined, requestMetadata: { team: 'x' }, modelId: 'y' })).toBe(key(ask('a')));
  });

  test('the model and the operation are part of it: their answers have other shapes', () => {
    const all = [
      fingerprint('Converse', 'a', ask('x')),
      fingerprint('Converse', 'b', ask('x')),
      fingerprint('ConverseStream', 'a', ask('x')),
    ];
    expect(new Set(all).size).toBe(3);
  });

  test('InvokeModel: the body as JSON says it, however it is written or handed over', () => {
    const invoke = (body: string | Uint8Array) => fingerprint('InvokeModel', 'm', { modelId: 'm', body });
    const same = [
      invoke('{"prompt":"a","max_tokens":5}'),
      invoke('{ "max_tokens": 5,\n "prompt": "\\u0061" }'),
      invoke(new TextEncoder().encode('{"prompt":"a","max_tokens":5}')),
    ];
    expect(new Set(same).size).toBe(1);
    expect(invoke('{"prompt":"b","max_tokens":5}')).not.toBe(same[0]);
    expect(invoke('no json')).not.toBe(invoke('no json!'));
  });

  test('says nothing of the prompt', () => {
    expect(key(ask('secret'))).toMatch(/^[\w-]{43}$/);
  });
});
