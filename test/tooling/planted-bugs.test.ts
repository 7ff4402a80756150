import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AREAS } from '../planted-bugs/areas';

const ROOT = path.resolve(__dirname, '../..');
const ALL = AREAS.flatMap(({ bugs }) => bugs);

test.each(ALL)('a planted bug has its one place in the code: $name', ({ file, from, to }) => {
  expect(readFileSync(path.join(ROOT, file), 'utf8').split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
});

test('each goes by a name of its own', () => {
  const names = ALL.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
