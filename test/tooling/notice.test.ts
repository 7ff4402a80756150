import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { copyrightsIn } from '../../scripts/licences';
import { shipped, type Lock } from '../../scripts/lock';
import { notice, noticeHere } from '../../scripts/notice';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

/** Of https://www.apache.org/licenses/LICENSE-2.0.txt, as Debian's /usr/share/common-licenses/Apache-2.0 has it (2026-11-29). */
const APACHE_2_0 = 'cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30';

test("LICENSE is Apache's own text, to the byte", () => {
  expect(createHash('sha256').update(read('LICENSE')).digest('hex')).toBe(APACHE_2_0);
});

test.each(['package.json', 'client/package.json'])('%s says so by its SPDX name', (file) => {
  expect(JSON.parse(read(file))).toMatchObject({ license: 'Apache-2.0' });
});

const SHIPPED = { version: '1.0.0', license: 'MIT' };
const lockOf = (packages: Lock['packages']): Lock => ({ packages: { '': { license: 'Apache-2.0' }, ...packages } });
const NONE = { licence: undefined, notice: undefined };

describe('NOTICE', () => {
  test('is that of the lock file (`npm run notice` writes it anew)', () => {
    expect(read('NOTICE')).toBe(noticeHere());
  });

  test('has every package that ships, and none of the tests', () => {
    const lock = JSON.parse(read('package-lock.json')) as Lock;
    const names = shipped(lock).map(([place]) => place.split('node_modules/').at(-1));
    expect(names.filter((name) => !read('NOTICE').includes(`\n${name} `))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['zod', 'tsx', '@smithy/core']));
    expect(names).not.toContain('jest');
  });

  test('two versions of one package are two, and one version in two places is one', () => {
    const text = notice(
      lockOf({
        'node_modules/a': SHIPPED,
        'node_modules/b/node_modules/a': { ...SHIPPED, version: '2.0.0' },
        'node_modules/c/node_modules/a': SHIPPED,
        'node_modules/only-tests': { ...SHIPPED, dev: true },
      }),
      () => NONE,
    );
    expect(text.split('\n\n').at(-1)).toBe('a 1.0.0, MIT\na 2.0.0, MIT\n');
  });

  test('names the holders, and passes on what Apache asks to pass on', () => {
    const text = notice(lockOf({ 'node_modules/a': SHIPPED }), () => ({
      licence: 'MIT License\n\nCopyright (c) 2020 A\n  Copyright (c) 2021 B\nCopyright (c) 2020 A\n',
      notice: '\nA\nby many\n',
    }));
    expect(text).toContain('\na 1.0.0, MIT\n    Copyright (c) 2020 A\n    Copyright (c) 2021 B\n');
    expect(text.endsWith('\nNOTICE of a 1.0.0, MIT\n\nA\nby many\n')).toBe(true);
  });

  test('is the same on a machine that installs other binaries', () => {
    const lock = lockOf({ 'node_modules/a-linux': { ...SHIPPED, os: ['linux'] } });
    const installed = notice(lock, () => ({ licence: 'Copyright A', notice: 'B' }));
    expect(installed).toBe(notice(lock, () => NONE));
  });

  test('a package without a licence is not passed over', () => {
    expect(notice(lockOf({ 'node_modules/a': {} }), () => NONE)).toContain('\na of no version, licence unknown\n');
  });
});

test.each([
  ['Copyright 2019 JS Foundation', 1],
  ['   Copyright (c) Someone', 1],
  ["## Copyright 2020 A's", 1],
  ['   Copyright [yyyy] [name of copyright owner]', 0],
  ['      copyright license to reproduce, prepare Derivative Works of,', 0],
  ['COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"', 0],
  ['(c) You must retain, in the Source form', 0],
])('%j names %i holder(s)', (line, count) => {
  expect(copyrightsIn(line)).toHaveLength(count);
});
