import { dependencyProblems, isAllowed } from '../../scripts/check-dependencies';

const good = { version: '1.2.3', license: 'MIT', integrity: 'sha512-x' };
const lockOf = (entry: object) => ({ packages: { '': {}, 'node_modules/a': { ...good, ...entry } } });

test.each([
  [{}, {}, 0],
  [{ a: '^1.2.3' }, {}, 1],
  [{ a: 'latest' }, {}, 1],
  [{ a: '1.2' }, {}, 1],
  [{}, { license: 'AGPL-3.0' }, 1],
  [{}, { license: undefined }, 1],
  [{}, { integrity: undefined }, 1],
])('dependencies %p and a locked package with %p make %i problems', (dependencies, entry, problems) => {
  expect(dependencyProblems({ dependencies }, lockOf(entry))).toHaveLength(problems);
});

test.each([
  ['(MIT OR GPL-3.0)', true],
  ['MIT AND GPL-3.0', false],
  ['(BSD-2-Clause OR MIT OR Apache-2.0)', true],
  ['GPL-3.0-only', false],
])('%s: %p', (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});
