import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

const read = (file: string) => readFileSync(path.resolve(__dirname, '../..', file), 'utf8');
const readme = read('client/README.md');
const documented = (heading: string) => {
  const [, section = ''] = readme.split(`## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name)).sort();
};
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name).sort();

describe("the client's README names", () => {
  test('every code of a refusal, and no other', () => {
    const codes = all(read('core/in-path/refusal.ts'), /\| '([A-Z_]+)'/g);
    expect(codes.length).toBeGreaterThan(5);
    expect(documented('Refusals')).toEqual(codes);
  });

  test('every option, and no other', () => {
    const of = (file: string, name: string) => {
      const [, body = ''] = read(file).split(`export interface ${name}`);
      return all(body.split('\n}')[0] ?? '', /\n {2}readonly (\w+)\??:/g);
    };
    const options = [
      ...of('client/options.ts', 'SpendGuardOptions'),
      ...of('client/call-options.ts', 'CallOptions'),
      ...of('core/in-path/amount.ts', 'Bounds'),
    ];
    expect(options.length).toBeGreaterThan(10);
    expect(documented('Options')).toEqual(options.sort());
  });
});
