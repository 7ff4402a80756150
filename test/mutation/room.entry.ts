import path from 'node:path';

/**
 * All tests of a room as one file of Jest's: it sets up a world of its own for each file, which takes longer than most of
 * these tests, once a mutant.
 */
for (const file of JSON.parse(process.env['MUTATION_TESTS'] ?? '[]') as readonly string[]) {
  describe(file, () => {
    require(path.resolve(__dirname, '../..', file));
  });
}
