const base = require('../../jest.config.js');

/** Against the local AWS: one file at a time, for two emulators and two deploys at once are slower than one after the other. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/e2e'],
  testMatch: ['**/*.e2e.ts'],
  maxWorkers: 1,
};
