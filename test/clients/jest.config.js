const base = require('../../jest.config.js');

/** With other software, installed from npm and PyPI into temporary folders: minutes, and the network. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/clients'],
  testMatch: ['**/*.clients.ts'],
  testTimeout: 180_000,
  maxWorkers: 1,
};
