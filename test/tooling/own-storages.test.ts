import * as asyncHooks from 'node:async_hooks';

interface OwnStorages {
  readonly module: typeof asyncHooks;
  readonly end: () => void;
}
const ownStorages = require('../helpers/own-storages') as () => OwnStorages;

test('a storage is the one of Node until its test file ends, and holds nothing from then on', async () => {
  const { module, end } = ownStorages();
  const storage = new module.AsyncLocalStorage<string>();
  await storage.run('held', async () => {
    await Promise.resolve();
    expect(storage.getStore()).toBe('held');
    end();
    expect(storage.getStore()).toBeUndefined();
    await Promise.resolve();
    expect(storage.getStore()).toBeUndefined();
  });
});

test('storages of another test file are left alone', async () => {
  const [one, other] = [ownStorages(), ownStorages()];
  const storage = new other.module.AsyncLocalStorage<string>();
  await storage.run('held', async () => {
    one.end();
    await Promise.resolve();
    expect(storage.getStore()).toBe('held');
  });
  other.end();
});

test('each test file gets its own', () => {
  expect((Object.getPrototypeOf(asyncHooks.AsyncLocalStorage) as { name: string }).name).toBe('AsyncLocalStorage');
});

test('the runtime of a test file ends them when the file is done', () => {
  jest.doMock('jest-runtime', () => ({
    default: class {
      executor = { compile: () => {}, injectedModuleParameters: [] };
      coreModule = { require: (name: string) => name };
      teardown() {}
    },
  }));
  interface Made {
    readonly coreModule: { require(name: string): unknown };
    readonly storages: OwnStorages;
    teardown(): void;
  }
  const Runtime = require('../runtime') as new () => Made;
  const runtime = new Runtime();
  const hooks = runtime.coreModule.require('node:async_hooks') as typeof asyncHooks;
  const storage = new hooks.AsyncLocalStorage<string>();
  storage.run('held', () => {
    expect(storage.getStore()).toBe('held');
    runtime.teardown();
    expect(storage.getStore()).toBeUndefined();
  });
  expect(runtime.coreModule.require('node:fs')).toBe('node:fs');
});
