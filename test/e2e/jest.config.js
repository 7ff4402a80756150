const base = require('../../jest.config.js');

/**
 * Against the local AWS: two files at once, each with emulators of its own, for half of the time either waits for its emulator. What
 * takes the whole machine runs by itself: `test:e2e:alone`.
 */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e'],
  testMatch: ['**/*.e2e.ts'],
  maxWorkers: 2,
  // An emulator beside another on a slow machine takes several times as long: a hang is told by it, and nothing else.
  testTimeout: 900_000,
  testSequencer: '<rootDir>/test/e2e/longest-first.js',
  globalSetup: '<rootDir>/test/e2e/global-setup.ts',
};
