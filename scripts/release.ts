import { readFileSync } from 'node:fs';
import path from 'node:path';
import { notesOf, releaseProblems, versionOf, type Sources } from './release/versions';
import { packageProblems, packInto, type Published } from './release/packed';

const ROOT = path.resolve(__dirname, '..');
const text = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const json = (file: string): unknown => JSON.parse(text(file));

/** What is published, by where it is built. */
const PACKAGES = [
  { name: 'bedrock-spend-guard', folder: 'build/guard', directory: '' },
  { name: 'bedrock-spend-guard-client', folder: 'build/client', directory: 'client' },
];
const USAGE = `npm run release -- check vX.Y.Z       whether all that says a version says that of the tag
npm run release -- notes vX.Y.Z       the changelog of that version
npm run release -- pack OWNER/NAME    build/guard and build/client as that repository publishes them, into build/release
`;

function sources(): Sources {
  return {
    manifest: json('package.json') as Sources['manifest'],
    client: json('client/package.json') as Sources['client'],
    lock: json('package-lock.json') as Sources['lock'],
    changelog: text('CHANGELOG.md'),
  };
}

function pack(repository: string): readonly string[] {
  const { version } = sources().manifest;
  const problems = PACKAGES.flatMap(({ name, folder }) =>
    packageProblems(`${folder}/package.json`, json(`${folder}/package.json`) as Published, { name, version }),
  );
  if (problems.length > 0) return problems;
  for (const { folder, directory } of PACKAGES) {
    const file = packInto(path.join(ROOT, 'build/release'), path.join(ROOT, folder), repository, directory);
    process.stdout.write(`build/release/${file}\n`);
  }
  return [];
}

function main([command, of = '']: readonly string[]): readonly string[] {
  if (command === 'check') return releaseProblems(of, sources());
  const version = versionOf(of);
  if (command === 'notes' && version !== undefined) {
    process.stdout.write(notesOf(version, text('CHANGELOG.md')));
    return [];
  }
  if (command === 'pack' && /^[\w.-]+\/[\w.-]+$/.test(of)) return pack(of);
  return [USAGE.trimEnd()];
}

if (require.main === module) {
  const problems = main(process.argv.slice(2));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
