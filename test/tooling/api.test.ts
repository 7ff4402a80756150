import { readFileSync } from 'node:fs';
import path from 'node:path';
import { apiText, publicParts } from '../../scripts/api';
import { type Declaration, declarationsIn, type Member } from '../../scripts/api/declarations';

const ROOT = path.resolve(__dirname, '../..');

describe('what the package gives', () => {
  const parts = publicParts();

  test('API.md is what the declarations make: npm run api', () => {
    expect(readFileSync(path.join(ROOT, 'API.md'), 'utf8')).toBe(apiText(parts));
  });

  test('of the constructs each thing says what it is, and each optional prop its default', () => {
    const [{ declarations } = { declarations: [] }] = parts;
    const silent = declarations.flatMap(({ name, words, members }) => [
      ...(words.text === '' ? [name] : []),
      ...members
        .filter(({ isOptional, words: own }) => isOptional && !own.tags.some((tag) => tag.name === 'default'))
        .map((member) => `${name}.${member.name}`),
    ]);
    expect(silent).toEqual([]);
  });

  test('jsii could take the constructs, but for the short name of Usd.of', () => {
    const [{ declarations } = { declarations: [] }] = parts;
    expect(declarations.map(({ name }) => name)).toEqual(expect.arrayContaining(['SpendGuard', 'SpendGuardProps']));
    expect(declarations.flatMap(jsiiProblems)).toEqual(['usd: a function that is in no class']);
  });
});

/**
 * Names are camelCase, a struct has readonly data alone and another interface is called I…, and no type is a union, generic, mapped
 * or of literals: https://aws.github.io/jsii/user-guides/lib-author/typescript-restrictions/ (read 2026-11-29).
 */
function jsiiProblems({ kind, name, declared, members }: Declaration): readonly string[] {
  if (kind === 'function') return [`${name}: a function that is in no class`];
  if (kind === 'type' || kind === 'const') return [`${name}: a ${kind}`];
  const names = members.map((member) => member.name);
  return [
    ...(/^\w+ \w+</.test(declared) ? [`${name}: generic`] : []),
    ...(kind === 'interface' && !/^I[A-Z]/.test(name) && members.some((one) => one.kind === 'method')
      ? [`${name}: an interface with methods whose name does not begin with I`]
      : []),
    ...members.flatMap((member) => memberProblems(kind, member).map((what) => `${name}.${member.name}: ${what}`)),
    ...names.filter((one, at) => names.indexOf(one) < at).map((one) => `${name}.${one}: overloaded`),
  ];
}

function memberProblems(kind: Declaration['kind'], member: Member): readonly string[] {
  const { name, declared } = member;
  if (kind === 'enum') return /^[A-Z][A-Z0-9_]*$/.test(name) ? [] : ['no NAME_IN_CAPITALS'];
  // The names of parameters may be anything, and an initial value is no type.
  const types = declared.replace(/^[^:(]*/, '');
  return [
    ...(/^[a-z][A-Za-z0-9]*$/.test(name) ? [] : ['no camelCase']),
    ...(member.kind === 'property' && !member.isReadonly ? ['not readonly'] : []),
    ...(/ [|&] /.test(types) ? ['a union'] : []),
    ...(/\b(?!Promise\b|Record\b)\w+</.test(types) ? ['a generic'] : []),
    ...(/: (readonly |\[)/.test(types) ? ['a readonly array or a tuple'] : []),
    ...(/: ('|\d|true\b|false\b)/.test(types) ? ['a literal'] : []),
  ];
}

describe('a planted fault of the surface is told', () => {
  test.each([
    ['export type A = string | number;', 'A: a type'],
    ['export declare const A: 1;', 'A: a const'],
    ['export declare function a(): void;', 'a: a function that is in no class'],
    ['export declare class A<T> {\n    a(): T;\n}', 'A: generic'],
    ['export interface A {\n    a(): void;\n}', 'A: an interface with methods whose name does not begin with I'],
    ['export interface A {\n    a: string;\n}', 'A.a: not readonly'],
    ['export interface A {\n    readonly a_b: string;\n}', 'A.a_b: no camelCase'],
    ['export interface A {\n    readonly a?: string | number;\n}', 'A.a: a union'],
    ["export interface A {\n    readonly a: 'b';\n}", 'A.a: a literal'],
    ['export interface A {\n    readonly a: readonly string[];\n}', 'A.a: a readonly array or a tuple'],
    ['export interface A {\n    readonly a: Partial<B>;\n}', 'A.a: a generic'],
    ['export declare class A {\n    a(): void;\n    a(b: string): void;\n}', 'A.a: overloaded'],
    ['export declare class A {\n    a(b: string | number): void;\n}', 'A.a: a union'],
    ['export declare enum A {\n    b = "c"\n}', 'A.b: no NAME_IN_CAPITALS'],
  ])('%s', (text, problem) => {
    expect(declarationsIn(text).flatMap(jsiiProblems)).toEqual([problem]);
  });

  test.each([
    'export interface IA {\n    a(): void;\n}',
    'export interface A {\n    readonly a?: Record<string, B[]>;\n}',
    'export declare enum A {\n    B_2 = "c",\n    D = "e"\n}',
    'export declare class A extends B {\n    readonly a: string;\n    private readonly b;\n    static of(a: string, b?: C): A;\n}',
  ])('what is right is not: %s', (text) => {
    expect(declarationsIn(text)).toHaveLength(1);
    expect(declarationsIn(text).flatMap(jsiiProblems)).toEqual([]);
  });
});

test('declarations are read with their comments, over lines, and without what is private', () => {
  const text = [
    "import type { C } from './c';",
    '/** What it is. */',
    'export declare class A extends B {',
    '    /**',
    '     * Over two',
    '     * lines.',
    '     * @default - none',
    '     */',
    '    readonly first?: C;',
    '    private second;',
    '    /** Does. @throws Error */',
    '    static third({ a, b, }: {',
    '        readonly a: string;',
    '    }): void;',
    '}',
    '/** One of. */',
    'export declare enum E {',
    '    /** The one. */',
    '    ONE = "one",',
    '    TWO = "two"',
    '}',
    'type Hidden = string;',
    'export {};',
  ].join('\n');
  const [a, e, ...others] = declarationsIn(text);
  expect(others).toEqual([]);
  expect(a).toMatchObject({ kind: 'class', name: 'A', declared: 'class A extends B', words: { text: 'What it is.' } });
  expect(a?.members).toMatchObject([
    {
      name: 'first',
      kind: 'property',
      type: 'C',
      isOptional: true,
      words: { text: 'Over two lines.', tags: [{ name: 'default', text: '- none' }] },
    },
    {
      name: 'third',
      kind: 'method',
      isStatic: true,
      words: { text: 'Does.', tags: [{ name: 'throws', text: 'Error' }] },
    },
  ]);
  expect(e?.members.map(({ name, words }) => [name, words.text])).toEqual([
    ['ONE', 'The one.'],
    ['TWO', ''],
  ]);
});
