import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { changelogProblems } from '../../scripts/release/changelog';
import { packageProblems, packInto } from '../../scripts/release/packed';
import { notesOf, releaseProblems, versionOf, type Sources } from '../../scripts/release/versions';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

const CHANGELOG = `# Changelog

## Unreleased

## 1.10.0 - 2026-12-02

### Added

- new

### Fixed

- old

## 1.9.0 - 2026-12-01

### Removed

- more
`;

test("this project's changelog is one", () => {
  expect(changelogProblems(read('CHANGELOG.md'))).toEqual([]);
});

describe('a changelog', () => {
  test('in the form of Keep a Changelog has no problems', () => {
    expect(changelogProblems(CHANGELOG)).toEqual([]);
  });

  test.each([
    ['## Unreleased\n\n', '', "CHANGELOG.md: the first heading must be '## Unreleased'"],
    ['## 1.10.0 - 2026-12-02', '## 1.10', "CHANGELOG.md:5: must be '## X.Y.Z - YYYY-MM-DD', got '## 1.10'"],
    ['1.10.0 - 2026-12-02', '1.10.0', "CHANGELOG.md:5: must be '## X.Y.Z - YYYY-MM-DD', got '## 1.10.0'"],
    [
      '## 1.9.0',
      '## 1.11.0',
      "CHANGELOG.md:15: '## 1.11.0 - 2026-12-01' must be below the version before it, newest first",
    ],
    [
      '## 1.9.0',
      '## 1.10.0',
      "CHANGELOG.md:15: '## 1.10.0 - 2026-12-01' must be below the version before it, newest first",
    ],
    [
      '### Fixed',
      '### Mended',
      "CHANGELOG.md:5: '### Mended' must be one of Added, Changed, Deprecated, Removed, Fixed, Security",
    ],
    ['### Fixed', '### Added', "CHANGELOG.md:5: '### Added' stands twice"],
    [
      '### Removed\n\n',
      '',
      'CHANGELOG.md:15: each change must stand under one of Added, Changed, Deprecated, Removed, Fixed, Security',
    ],
  ])('with %j as %j is told what is wrong', (from, to, problem) => {
    expect(changelogProblems(CHANGELOG.replace(from, to))).toEqual([problem]);
  });

  test('gives the notes of one version, from its heading to the next', () => {
    expect(notesOf('1.10.0', CHANGELOG)).toBe('### Added\n\n- new\n\n### Fixed\n\n- old\n');
    expect(notesOf('1.9.0', CHANGELOG)).toBe('### Removed\n\n- more\n');
    expect(() => notesOf('1.1.0', CHANGELOG)).toThrow("CHANGELOG.md: has no heading '## 1.1.0 - YYYY-MM-DD'");
  });
});

test.each([
  ['v1.2.3', '1.2.3'],
  ['v0.10.0', '0.10.0'],
  ['1.2.3', undefined],
  ['v1.2', undefined],
  ['v01.2.3', undefined],
  ['v1.2.3-rc.1', undefined],
  ['v1.2.3\n', undefined],
  ['', undefined],
])('the tag %j is of version %j', (tag, version) => {
  expect(versionOf(tag)).toBe(version);
});

describe('a release', () => {
  const version = '1.10.0';
  const sources: Sources = {
    manifest: { version },
    client: { version },
    lock: { version, packages: { '': { version } } },
    changelog: CHANGELOG,
  };

  test('of one version everywhere may go', () => {
    expect(releaseProblems('v1.10.0', sources)).toEqual([]);
  });

  const MUST = 'version must be 1.10.0, as the tag has it, got';
  test.each<[string, string, Partial<Sources>, string]>([
    ['another tag', 'v1.10', {}, "the tag must be vX.Y.Z, such as v1.2.3, got 'v1.10'"],
    ['package.json', 'v1.10.0', { manifest: { version: '1.9.0' } }, `package.json: ${MUST} '1.9.0'`],
    ['the client', 'v1.10.0', { client: { version: '1.9.0' } }, `client/package.json: ${MUST} '1.9.0'`],
    [
      'the lock',
      'v1.10.0',
      { lock: { version: '1', packages: { '': { version } } } },
      `package-lock.json: ${MUST} '1'`,
    ],
    [
      "the lock's root",
      'v1.10.0',
      { lock: { version, packages: { '': { version: '2' } } } },
      `package-lock.json: ${MUST} '2'`,
    ],
    ['no heading', 'v1.10.0', { changelog: '## Unreleased\n' }, "the newest version must be 1.10.0, got 'none'"],
    ['an older heading', 'v1.10.0', { changelog: CHANGELOG.replace('1.10.0', '1.9.9') }, "got '1.9.9 - 2026-12-02'"],
    [
      'lines left over',
      'v1.10.0',
      { changelog: CHANGELOG.replace('## Unreleased\n', '## Unreleased\n\n### Fixed\n\n- x\n') },
      'CHANGELOG.md: Unreleased must be empty; put its lines under 1.10.0',
    ],
  ])('is refused: %s', (_, tag, changed, problem) => {
    expect(releaseProblems(tag, { ...sources, ...changed })).toEqual([expect.stringContaining(problem)]);
  });
});

test('the version of this project is one everywhere, between releases too', () => {
  const version = (file: string) => (JSON.parse(read(file)) as { version: string }).version;
  expect([version('package-lock.json'), version('client/package.json')]).toEqual(
    Array(2).fill(version('package.json')),
  );
});

describe('what is published', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'release-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const good = { name: 'a', version: '1.0.0', license: 'Apache-2.0' };

  test.each([
    [{}, []],
    [{ name: 'b' }, ["x/package.json: name must be 'a', got 'b'"]],
    [{ version: '0.9.0' }, ["x/package.json: version must be '1.0.0', got '0.9.0'"]],
    [{ license: undefined }, ["x/package.json: license must be 'Apache-2.0', got 'nothing'"]],
  ])('a manifest with %j: %j', (changed, problems) => {
    expect(packageProblems('x/package.json', { ...good, ...changed }, { name: 'a', version: '1.0.0' })).toEqual(
      problems,
    );
  });

  test('says which repository vouches for it, and is not private', () => {
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ ...good, private: true, main: 'index.js' }));
    for (const file of ['LICENSE', 'README.md', 'index.js']) writeFileSync(path.join(folder, file), '');
    const file = packInto(path.join(folder, 'out'), folder, 'o/r', 'client');
    expect(file).toBe('a-1.0.0.tgz');
    const tarball = path.join(folder, 'out', file);
    const inside = execFileSync('tar', ['-xOf', tarball, 'package/package.json'], { encoding: 'utf8' });
    expect(JSON.parse(inside)).toEqual({
      ...good,
      main: 'index.js',
      repository: { type: 'git', url: 'git+https://github.com/o/r.git', directory: 'client' },
    });
    expect(execFileSync('tar', ['-tf', tarball], { encoding: 'utf8' })).toContain('package/LICENSE\n');
  });

  test('not without its licence', () => {
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(good));
    expect(() => packInto(path.join(folder, 'out'), folder, 'o/r', '')).toThrow(`${folder}: must have a LICENSE`);
  });
});
