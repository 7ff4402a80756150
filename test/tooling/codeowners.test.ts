import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { read, ROOT } from '../docs/public-texts';

const rules = read('.github/CODEOWNERS')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' '));

test('everything has an owner, and what is named is there', () => {
  expect(rules[0]).toEqual(['*', '@bedrock-spend-guard/maintainers']);
  const places = rules.slice(1).map(([place = '']) => place);
  expect(places.length).toBeGreaterThan(15);
  expect(places.filter((place) => !place.startsWith('/') || !existsSync(path.join(ROOT, place)))).toEqual([]);
});

test('owners are written as GitHub reads them', () => {
  expect(rules.flatMap(([, ...owners]) => owners).filter((owner) => !/^@[\w-]+\/[\w-]+$/.test(owner))).toEqual([]);
  expect(rules.filter((rule) => rule.length < 2)).toEqual([]);
});

/** Whoever may change these without the guard's own owners may change whether it guards. */
test.each([
  'core/decision/decide.ts',
  'core/enforcement/ports.ts',
  'lambda/spend-meter/handler.ts',
  'lib/switch.ts',
  '.ci/run',
])('%s is the guard’s', (file) => {
  const [, owner] = rules.findLast(([place = '']) => place === '*' || `/${file}`.startsWith(place)) ?? [];
  expect(existsSync(path.join(ROOT, file))).toBe(true);
  expect(owner).toBe('@bedrock-spend-guard/guard');
});
